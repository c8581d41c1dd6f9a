package dev.attribution.console.view;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Who went quiet.
 *
 * @param quiet those who did, the largest loss first
 * @param compared how many callers and offers were compared
 * @param lastFrom the first of the last 7 complete days
 * @param lastTo the last of them
 * @param since the first day with a record, if it is in the weeks that are compared, so that fewer than 5 are known
 */
public record QuietReport(
        List<Quiet> quiet, int compared, LocalDate lastFrom, LocalDate lastTo, Optional<LocalDate> since) {
    private static final int SHOWN = 50;

    /** {@return the largest losses} */
    public Excerpt<Quiet> largest() {
        return Excerpt.of(quiet, SHOWN);
    }
}
