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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A reader of a tracker's export: CSV with commas, semicolons or tabs, in UTF-8 or UTF-16, packed with gzip or not, of any
 * length, in constant memory. The reader finds all of that out by itself, and the header below lines of a title.
 *
 * <p>Times may be ISO 8601 or the like, digits alone ({@code 20260302100000}), as a spreadsheet rewrites them
 * ({@code 11/19/2016 8:32:12 PM}), or seconds or milliseconds since 1970. The order of day and month and the decimal mark are
 * decided for a column, not for a cell; what a file leaves open is said before its rows, see {@link TrackerRow#isAboutSource()}.
 * A row that cannot be read becomes a {@link TrackerRow#problem()} with its line, and the next one is read; a row with an amount
 * or a status in doubt says so in its {@link TrackerRow#note()}.
 *
 * <p>Immutable and thread-safe. Nothing is opened before {@link #rows()} is called.
 */
public final class ExportReader implements TrackerSource {
    /** Opens a stream. */
    @FunctionalInterface
    public interface Input {
        /**
         * Opens the stream. A file whose dates or amounts can be read in two ways is opened a second time while it is read.
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
    private final Set<Style> styles;

    private ExportReader(ExportFormat format, String name, Input input, @Nullable ZoneId zone, Set<Style> styles) {
        this.format = Objects.requireNonNull(format, "format");
        this.name = Objects.requireNonNull(name, "name");
        this.input = Objects.requireNonNull(input, "input");
        this.zone = zone;
        this.styles = styles;
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
        return new ExportReader(format, name, input, null, Set.of());
    }

    /**
     * Returns a reader with another name.
     *
     * @param name what findings call it
     * @return a new reader
     */
    public ExportReader named(String name) {
        return new ExportReader(format, name, input, zone, styles);
    }

    /**
     * Returns a reader that knows the zone of the times. Required where they do not say it themselves, as AppsFlyer's and
     * TUNE's do not; epoch seconds and times with an offset need none.
     *
     * @param zone the zone in which the file was exported
     * @return a new reader
     */
    public ExportReader zone(ZoneId zone) {
        return new ExportReader(format, name, input, Objects.requireNonNull(zone, "zone"), styles);
    }

    /**
     * Returns a reader that takes {@code 3/2/2024} for the third of February. Without this and {@link #monthFirst()}, the whole
     * column decides by dates such as {@code 13/2/2024}; if it has none, the month comes first, the dates are in doubt, and
     * their rows are not imported. With dots, as in {@code 3.2.2024}, the day always comes first.
     *
     * @return a new reader
     */
    public ExportReader dayFirst() {
        return with(Style.DAY_FIRST, Style.MONTH_FIRST);
    }

    /**
     * Returns a reader that takes {@code 3/2/2024} for the second of March.
     *
     * @return a new reader
     * @see #dayFirst()
     */
    public ExportReader monthFirst() {
        return with(Style.MONTH_FIRST, Style.DAY_FIRST);
    }

    /**
     * Returns a reader that takes {@code 1,234} for one thousand two hundred and thirty-four, and {@code 1.234} for a little
     * more than one. Without this and {@link #decimalComma()}, the whole column decides by amounts such as {@code 12.50}; if it
     * has none, points are decimal marks unless semicolons separate the cells, such amounts are in doubt, and their rows are not
     * imported.
     *
     * @return a new reader
     */
    public ExportReader decimalPoint() {
        return with(Style.DECIMAL_POINT, Style.DECIMAL_COMMA);
    }

    /**
     * Returns a reader that takes {@code 1,234} for a little more than one.
     *
     * @return a new reader
     * @see #decimalPoint()
     */
    public ExportReader decimalComma() {
        return with(Style.DECIMAL_COMMA, Style.DECIMAL_POINT);
    }

    private ExportReader with(Style style, Style other) {
        Set<Style> changed = EnumSet.of(style);
        changed.addAll(styles);
        changed.remove(other);
        return new ExportReader(format, name, input, zone, Set.copyOf(changed));
    }

    /**
     * Returns a reader that looks for a field elsewhere, as for a click id in {@code Sub Param 2}.
     *
     * @param field the field
     * @param headers the headers under which it may stand, the first choice first
     * @return a new reader
     */
    public ExportReader column(Field field, String... headers) {
        return new ExportReader(format.toBuilder().column(field, headers).build(), name, input, zone, styles);
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
        InputStream stream = openStream();
        Records records = open(stream);
        try {
            RowReader reader = new RowReader(name, format, records.headers(), new Cells(zone));
            ColumnStyles columns = new ColumnStyles(
                    name,
                    styles,
                    records.separator() == ';' ? Style.DECIMAL_COMMA : Style.DECIMAL_POINT,
                    cells -> survey(stream, records, reader, cells));
            return StreamSupport.stream(new Rows(records, reader, columns, name), false)
                    .onClose(() -> close(records));
        } catch (RuntimeException e) {
            close(records);
            throw e;
        }
    }

    private InputStream openStream() {
        try {
            return input.open();
        } catch (IOException e) {
            throw cannotBeOpened(e);
        }
    }

    private Records open(InputStream stream) {
        try {
            return new Records(new Lines(TextFile.open(stream)), format::isHeader);
        } catch (IOException e) {
            throw cannotBeOpened(e);
        }
    }

    private AttributionException cannotBeOpened(IOException e) {
        return new AttributionException(
                TrackerRow.quoted(name) + " cannot be opened: " + TrackerRow.quoted(String.valueOf(e.getMessage())), e);
    }

    /** Reads the file again, from a stream of its own. */
    private boolean survey(InputStream first, Records records, RowReader reader, ColumnStyles.Cells cells) {
        Records again;
        try {
            InputStream second = openStream();
            if (second == first) { // which the rows are still read from
                return false;
            }
            again = open(second);
        } catch (AttributionException e) {
            return false;
        }
        try {
            if (!again.headers().equals(records.headers())) {
                return false;
            }
            for (Records.Row row = again.next(); row != null; row = again.next()) {
                reader.survey(row, cells);
            }
            return true;
        } catch (IOException e) {
            return true; // the rows end here, too, and say so
        } finally {
            close(again);
        }
    }

    private static void close(Records records) {
        try {
            records.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The file cannot be closed", e);
        }
    }

    /** The rows; what is to be said about the file as a whole comes before them, or before the first that it is about. */
    private static final class Rows extends Spliterators.AbstractSpliterator<TrackerRow> {
        private static final int READ_AHEAD = 1_000;

        private final Records records;
        private final RowReader reader;
        private final ColumnStyles columns;
        private final String name;
        private final Deque<TrackerRow> ready = new ArrayDeque<>();
        private long line = 1;
        private boolean over;

        Rows(Records records, RowReader reader, ColumnStyles columns, String name) {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
            this.records = records;
            this.reader = reader;
            this.columns = columns;
            this.name = name;
        }

        @Override
        public boolean tryAdvance(Consumer<? super TrackerRow> rows) {
            if (ready.isEmpty()) {
                readAhead();
            }
            TrackerRow row = ready.poll();
            if (row != null) {
                rows.accept(row);
            }
            return row != null;
        }

        private void readAhead() {
            while (!over && ready.size() < READ_AHEAD) {
                TrackerRow row = next();
                if (row == null) {
                    over = true;
                } else {
                    ready.add(row);
                }
            }
            List<TrackerRow> doubts = columns.takeDoubts();
            for (int i = doubts.size() - 1; i >= 0; i--) {
                ready.addFirst(doubts.get(i));
            }
        }

        private @Nullable TrackerRow next() {
            try {
                Records.Row row = records.next();
                if (row == null) {
                    return null;
                }
                line = row.line();
                return reader.read(row, columns);
            } catch (IOException e) {
                over = true; // such as a gzip file that was cut: what was read so far stays
                return TrackerRow.unreadable(
                        name,
                        line + 1,
                        "the file cannot be read from here on: " + TrackerRow.quoted(String.valueOf(e.getMessage())));
            }
        }
    }
}
