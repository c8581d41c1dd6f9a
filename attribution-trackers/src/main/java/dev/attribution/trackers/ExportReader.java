package dev.attribution.trackers;

import dev.attribution.AttributionException;
import dev.attribution.reconcile.TrackerRow;
import dev.attribution.reconcile.TrackerSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A reader of a tracker's export: CSV with commas, semicolons or tabs, in UTF-8 or UTF-16, packed with gzip or not, of any
 * length, in constant memory. The reader finds all of that out by itself.
 *
 * <p>Times may be ISO 8601 or the like, as a spreadsheet rewrites them ({@code 11/19/2016 8:32:12 PM}), or seconds or
 * milliseconds since 1970. A row that cannot be read becomes a {@link TrackerRow#problem()} with its line, and the next one
 * is read; a row whose amount alone cannot be read says so in its {@link TrackerRow#note()}.
 *
 * <p>Immutable and thread-safe. Nothing is opened before {@link #rows()} is called.
 */
public final class ExportReader implements TrackerSource {
    /** Opens a stream. */
    @FunctionalInterface
    public interface Input {
        /**
         * Opens the stream.
         *
         * @return a new stream at its start
         * @throws IOException if it cannot be opened
         */
        InputStream open() throws IOException;
    }

    private final ExportFormat format;
    private final String name;
    private final Input input;
    private final @Nullable ZoneId zone;
    private final boolean dayFirst;

    private ExportReader(ExportFormat format, String name, Input input, @Nullable ZoneId zone, boolean dayFirst) {
        this.format = Objects.requireNonNull(format, "format");
        this.name = Objects.requireNonNull(name, "name");
        this.input = Objects.requireNonNull(input, "input");
        this.zone = zone;
        this.dayFirst = dayFirst;
    }

    /**
     * Returns a reader of a file.
     *
     * @param format its columns
     * @param file the file; findings call it by its name without directories
     * @return a new reader
     */
    public static ExportReader of(ExportFormat format, Path file) {
        Path fileName = file.getFileName();
        return of(format, fileName == null ? file.toString() : fileName.toString(), () -> Files.newInputStream(file));
    }

    /**
     * Returns a reader of anything that can be opened.
     *
     * @param format its columns
     * @param name what findings call it
     * @param input opens it
     * @return a new reader
     */
    public static ExportReader of(ExportFormat format, String name, Input input) {
        return new ExportReader(format, name, input, null, false);
    }

    /**
     * Returns a reader with another name.
     *
     * @param name what findings call it
     * @return a new reader
     */
    public ExportReader named(String name) {
        return new ExportReader(format, name, input, zone, dayFirst);
    }

    /**
     * Returns a reader that knows the zone of the times. Required where they do not say it themselves, as AppsFlyer's and
     * TUNE's do not; epoch seconds and times with an offset need none.
     *
     * @param zone the zone in which the file was exported
     * @return a new reader
     */
    public ExportReader zone(ZoneId zone) {
        return new ExportReader(format, name, input, Objects.requireNonNull(zone, "zone"), dayFirst);
    }

    /**
     * Returns a reader that takes {@code 3/2/2024} for the third of February. The default is the second of March; with
     * dots, as in {@code 3.2.2024}, the day always comes first.
     *
     * @return a new reader
     */
    public ExportReader dayFirst() {
        return new ExportReader(format, name, input, zone, true);
    }

    /**
     * Returns a reader that looks for a field elsewhere, as for a click id in {@code Sub Param 2}.
     *
     * @param field the field
     * @param headers the headers under which it may stand, the first choice first
     * @return a new reader
     */
    public ExportReader column(Field field, String... headers) {
        return new ExportReader(format.toBuilder().column(field, headers).build(), name, input, zone, dayFirst);
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * {@inheritDoc}
     *
     * @throws AttributionException if the file cannot be opened, if it lacks necessary columns (all are named), or, while
     *     the stream is consumed, if a time needs a zone and none was given
     */
    @Override
    public Stream<TrackerRow> rows() {
        Records records = open();
        try {
            RowReader reader = new RowReader(
                    name,
                    format,
                    format.find(records.headers(), name),
                    records.headers().size(),
                    new Cells(zone, dayFirst, records.separator()));
            return StreamSupport.stream(new Rows(records, reader, name), false).onClose(() -> close(records));
        } catch (RuntimeException e) {
            close(records);
            throw e;
        }
    }

    private Records open() {
        try {
            return new Records(new Lines(TextFile.open(input.open())));
        } catch (IOException e) {
            throw new AttributionException(name + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static void close(Records records) {
        try {
            records.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The file cannot be closed", e);
        }
    }

    private static final class Rows extends Spliterators.AbstractSpliterator<TrackerRow> {
        private final Records records;
        private final RowReader reader;
        private final String name;
        private long line = 1;
        private boolean over;

        Rows(Records records, RowReader reader, String name) {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
            this.records = records;
            this.reader = reader;
            this.name = name;
        }

        @Override
        public boolean tryAdvance(Consumer<? super TrackerRow> rows) {
            if (over) {
                return false;
            }
            try {
                Records.Row row = records.next();
                if (row == null) {
                    return false;
                }
                line = row.line();
                rows.accept(reader.read(row));
                return true;
            } catch (IOException e) {
                over = true; // such as a gzip file that was cut: what was read so far stays
                rows.accept(TrackerRow.unreadable(
                        name, line + 1, "the file cannot be read from here on: " + e.getMessage()));
                return true;
            }
        }
    }
}
