package dev.attribution.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A report whose times are all off by the same amount, because it was read in another zone than it was written in. It is
 * said once here, and the rows are paired by the times set right. Where the clocks of one of the two zones change in
 * between, it is said once for either side of that change.
 *
 * <p>Immutable and thread-safe.
 *
 * @param source the name of the source
 * @param shift what must be added to their times: a multiple of 15 minutes
 * @param pairs how many unambiguous pairs were looked at
 * @param shifted how many of them are off by this much
 * @param from from which of their times on it holds; empty for the first
 * @param until before which of their times it ends; empty for the last
 */
public record ZoneShift(
        String source, Duration shift, int pairs, int shifted, Optional<Instant> from, Optional<Instant> until) {
    boolean holds(Instant time) {
        return from.map(begin -> !time.isBefore(begin)).orElse(true)
                && until.map(time::isBefore).orElse(true);
    }

    /**
     * Returns the shift as a sentence.
     *
     * @return a sentence for an operator, with the mend
     */
    public String describe() {
        Duration by = shift.abs();
        return "The times of " + source + " are " + by.toHours() + " h"
                + (by.toMinutesPart() == 0 ? "" : " " + by.toMinutesPart() + " min")
                + (shift.isNegative() ? " ahead of" : " behind") + " ours"
                + from.map(time -> " from " + time + " on").orElse("")
                + until.map(time -> " until " + time).orElse("") + " in " + shifted + " of " + pairs
                + " clear pairs: it was read in another zone than it was exported in. They were set right for this run;"
                + " give the zone of the export.";
    }
}
