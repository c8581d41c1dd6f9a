package dev.attribution.reconcile;

import java.util.function.Supplier;
import java.util.stream.Stream;

/** A tracker's report: a file, an answer of its API, a list. A reconciliation reads it once, from begin to end. */
public interface TrackerSource {
    /**
     * Returns what findings call this source.
     *
     * @return a name such as {@code appsflyer-march.csv}
     */
    String name();

    /**
     * Reads the rows, in any order. Whatever cannot be read of a row becomes a row that says so, and never an exception.
     *
     * @return the rows, read while the stream is consumed; the caller closes it
     * @throws dev.attribution.AttributionException if the source as a whole cannot be read
     */
    Stream<TrackerRow> rows();

    /**
     * Returns a source over rows that the host reads itself.
     *
     * @param name what findings call it
     * @param rows opens the rows
     * @return the source
     */
    static TrackerSource of(String name, Supplier<Stream<TrackerRow>> rows) {
        return new TrackerSource() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Stream<TrackerRow> rows() {
                return rows.get();
            }
        };
    }
}
