package dev.attribution.report;

import java.util.List;
import java.util.Optional;

/**
 * A page of a report, newest first.
 *
 * <p>Immutable and thread-safe.
 *
 * @param rows the rows
 * @param next where the next page begins; empty on the last one
 * @param <T> what the report lists
 */
public record Page<T>(List<T> rows, Optional<Cursor> next) {
    /** Creates a page. */
    public Page {
        rows = List.copyOf(rows);
    }
}
