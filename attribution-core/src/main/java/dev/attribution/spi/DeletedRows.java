package dev.attribution.spi;

import dev.attribution.report.Cursor;
import java.util.Objects;
import java.util.Optional;

/**
 * What one batch of a deletion has done.
 *
 * @param clicks the number of deleted clicks
 * @param conversions the number of deleted conversions and reservations
 * @param entries the number of deleted history entries
 * @param pendingClicks the number of clicks that were left because of a conversion that is pending or young
 * @param next the last row that the batch looked at, after which the next batch begins; empty if there are no more rows
 */
public record DeletedRows(int clicks, int conversions, int entries, int pendingClicks, Optional<Cursor> next) {
    /** Creates the result of a batch. */
    public DeletedRows {
        Objects.requireNonNull(next, "next");
    }
}
