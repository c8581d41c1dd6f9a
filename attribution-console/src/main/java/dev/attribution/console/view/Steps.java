package dev.attribution.console.view;

import dev.attribution.repair.RepairStep;
import dev.attribution.repair.RepairStep.Result;
import dev.attribution.repair.RepairSummary;
import java.util.List;

/**
 * The steps of a repair.
 *
 * @param isDryRun whether nothing was written
 * @param summary how many steps had which result
 * @param shown the first steps, those that do something before the others
 */
public record Steps(boolean isDryRun, RepairSummary summary, List<RepairStep> shown) {
    /** {@return how many steps move a conversion} */
    public long effects() {
        return summary.count(Result.CREDITED) + summary.count(Result.HELD) + summary.count(Result.ADJUSTED);
    }

    /** {@return how many steps there were} */
    public long all() {
        return summary.results().values().stream().mapToLong(Long::longValue).sum();
    }
}
