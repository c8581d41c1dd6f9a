package dev.attribution.report;

import java.util.List;
import java.util.Optional;

/**
 * A page of a report, newest first. It may have fewer rows than its limit if they are long: {@code next} alone says whether
 * there are more.
 *
 * <p>Immutable and thread-safe.
 *
 * @param rows the rows
 * @param next the cursor of the next page; empty on the last page
 * @param <T> the type of the rows
 */
public record Page<T>(List<T> rows, Optional<Cursor> next) {
    /** Creates a page. */
    public Page {
        rows = List.copyOf(rows);
    }
}
