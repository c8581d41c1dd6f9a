package dev.attribution.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A report whose times are all off by the same amount, because it was read in another zone than it was written in. It is
 * reported once here, and the rows are paired by their corrected times. If the clocks of one of the two zones change in
 * the period, each side of the change has a shift of its own.
 *
 * <p>Immutable and thread-safe.
 *
 * @param source the name of the source
 * @param shift the amount to add to their times: a multiple of 15 minutes
 * @param pairs how many unambiguous pairs were examined
 * @param shifted how many of them are off by the shift
 * @param from the tracker time from which the shift applies; empty for the first
 * @param until the exclusive tracker time at which it ends; empty for the last
 */
public record ZoneShift(
        String source, Duration shift, int pairs, int shifted, Optional<Instant> from, Optional<Instant> until) {
    static final Duration FURTHEST = Duration.ofHours(26); // from UTC-12 to UTC+14

    boolean appliesTo(Instant time) {
        return from.map(begin -> !time.isBefore(begin)).orElse(true)
                && until.map(time::isBefore).orElse(true);
    }

    /**
     * Returns the shift as a sentence.
     *
     * @return a sentence for an operator, with the remedy
     */
    public String describe() {
        Duration by = shift.abs();
        return "The times of " + source + " are " + by.toHours() + " h"
                + (by.toMinutesPart() == 0 ? "" : " " + by.toMinutesPart() + " min")
                + (shift.isNegative() ? " later" : " earlier") + " than ours"
                + from.map(time -> " from " + time + " on").orElse("")
                + until.map(time -> " until " + time).orElse("") + " in " + shifted + " of " + pairs
                + " clear pairs: it was read in another zone than it was exported in. They were set right for this run;"
                + " give the zone of the export.";
    }
}
