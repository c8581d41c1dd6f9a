package dev.attribution.repair;

import dev.attribution.internal.Counts;
import dev.attribution.repair.RepairStep.Result;
import java.util.Map;

/**
 * The number of steps of a repair by their result.
 *
 * <p>Immutable and thread-safe.
 *
 * @param dryRun whether nothing was written
 * @param results how many steps had each result; a result without steps is absent
 */
public record RepairSummary(boolean dryRun, Map<Result, Long> results) {
    /** Creates a summary. */
    public RepairSummary {
        results = Counts.copyOf(Result.class, results);
    }

    /**
     * Returns how many steps had a result.
     *
     * @param result the result
     * @return zero or more
     */
    public long count(Result result) {
        return results.getOrDefault(result, 0L);
    }
}
