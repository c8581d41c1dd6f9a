package dev.attribution.reconcile;

import java.util.function.Supplier;
import java.util.stream.Stream;

/** A tracker's report: a file, an answer of its API, a list. A reconciliation reads it once, from start to end. */
public interface TrackerSource {
    /**
     * Returns the name of this source in findings.
     *
     * @return a name such as {@code appsflyer-march.csv}
     */
    String name();

    /**
     * Reads the rows, in any order. A row that cannot be read becomes an {@linkplain TrackerRow#unreadable unreadable row}, not an exception.
     *
     * @return the rows, read while the stream is consumed; the caller closes it
     * @throws dev.attribution.AttributionException if the source as a whole cannot be read
     */
    Stream<TrackerRow> rows();

    /**
     * Returns a source of rows that the host reads itself.
     *
     * @param name its name in findings
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
