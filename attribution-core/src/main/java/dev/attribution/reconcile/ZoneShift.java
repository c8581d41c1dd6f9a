package dev.attribution.reconcile;

import java.time.Duration;

/**
 * A report whose times are all off by the same amount, because it was read in another zone than it was written in. It is
 * said once here, and the rows are paired by the times set right.
 *
 * <p>Immutable and thread-safe.
 *
 * @param source the name of the source
 * @param shift what must be added to their times: a multiple of 15 minutes
 * @param pairs how many unambiguous pairs were looked at
 * @param shifted how many of them are off by this much
 */
public record ZoneShift(String source, Duration shift, int pairs, int shifted) {
    /**
     * Returns the shift as a sentence.
     *
     * @return a sentence for an operator, with the mend
     */
    public String describe() {
        Duration by = shift.abs();
        return "The times of " + source + " are " + by.toHours() + " h"
                + (by.toMinutesPart() == 0 ? "" : " " + by.toMinutesPart() + " min")
                + (shift.isNegative() ? " ahead of" : " behind") + " ours in " + shifted + " of " + pairs
                + " clear pairs: it was read in another zone than it was exported in. They were set right for this run;"
                + " give the zone of the export.";
    }
}
