package dev.attribution.console.view;

import dev.attribution.reconcile.Cause;
import dev.attribution.reconcile.Finding;
import dev.attribution.reconcile.Reconciliation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of a comparison with a tracker's file.
 *
 * @param result the totals and causes, or empty for an import
 * @param shown the first findings that are not matches
 * @param steps the steps of an import, or empty for a comparison
 */
public record Comparison(Optional<Reconciliation> result, List<Finding> shown, Optional<Steps> steps) {
    /** {@return the causes with their numbers, the most frequent first} */
    public static List<Map.Entry<Cause, Long>> causes(Reconciliation result) {
        return result.totals().causes().entrySet().stream()
                .sorted(Map.Entry.<Cause, Long>comparingByValue().reversed())
                .toList();
    }
}
