package dev.attribution.trackers;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import dev.attribution.trackers.Lines.Line;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The records of a CSV file. A broken record costs its first line only: if a quote does not close, the lines
 * after it are read again by themselves.
 */
final class Records implements Closeable {
    /** The number of lines in which the header is looked for: programs write titles above it. */
    static final int MAX_TITLE_LINES = 20;

    private static final int MAX_LINES = 1_000;
    private static final long FREE_LOOK_AHEAD = 2L * Lines.MAX_LENGTH;
    private static final int LOOK_AHEAD_PER_CHARACTER = 2;
    private static final List<Character> SEPARATORS = List.of(',', ';', '\t');

    /**
     * A record, or what is wrong with it.
     *
     * @param isEnded whether the end of a line follows
     */
    record Row(
            long line,
            List<String> cells,
            boolean isEnded,
            @Nullable String problem) {}

    private final Lines lines;
    private final Deque<Line> again = new ArrayDeque<>();
    private final List<Line> lookedAhead = new ArrayList<>();
    private char separator = ',';
    private CsvReader.CsvReaderBuilder csv = csv(',');
    private List<String> headers = List.of();
    private long read;
    private long wasted;

    Records(Lines lines, Predicate<List<String>> isHeader) throws IOException {
        this.lines = lines;
        Line first = nextNotBlank();
        Character declared = null;
        if (first != null && SeparatorLine.is(first.text())) {
            declared = SeparatorLine.separator(first.text());
        } else if (first != null) {
            again.addFirst(first);
        }
        findHeader(declared, isHeader);
    }

    /** Reads up to the header. Without one, takes the line with the most cells, so that a message can show it. */
    private void findHeader(@Nullable Character declared, Predicate<List<String>> isHeader) throws IOException {
        for (int i = 0; i < MAX_TITLE_LINES; i++) {
            Line line = nextNotBlank();
            if (line == null) {
                return;
            }
            for (char candidate : declared == null ? likelySeparators(line.text()) : List.of(declared)) {
                again.addFirst(line);
                separator = candidate;
                csv = csv(candidate);
                Row row = next(Integer.MAX_VALUE);
                List<String> cells = row == null ? List.of() : row.cells();
                if (isHeader.test(cells)) {
                    headers = cells;
                    return;
                }
                headers = cells.size() > headers.size() ? cells : headers;
                putBack();
            }
        }
    }

    private static CsvReader.CsvReaderBuilder csv(char separator) {
        return CsvReader.builder().fieldSeparator(separator).skipEmptyLines(false);
    }

    /** Returns the cells of the header; of the widest of the first lines if none is one. */
    List<String> headers() {
        return headers;
    }

    char separator() {
        return separator;
    }

    /** Returns how many characters were looked at, those that were looked at again included. */
    long steps() {
        return read + wasted;
    }

    /** Returns the next record, or {@code null} at the end. */
    @Nullable
    Row next() throws IOException {
        return next(headers.size());
    }

    private @Nullable Row next(int columns) throws IOException {
        lookedAhead.clear();
        Line first = nextNotBlank();
        if (first == null) {
            return null;
        }
        read += first.text().length();
        if (first.tooLong()) {
            return broken(first, "is longer than " + Lines.MAX_LENGTH + " characters");
        }
        QuoteScan scan = new QuoteScan(separator);
        scan.read(first.text());
        if (!scan.isOpen()) {
            return parsed(first, first.text());
        }
        StringBuilder text = new StringBuilder(first.text());
        while (scan.isOpen() && scan.cells() <= columns && mayLookAhead(text.length())) {
            Line line = again.isEmpty() ? lines.next() : again.removeFirst();
            if (line == null) {
                break;
            }
            lookedAhead.add(line);
            text.append(line.text());
            scan.read(line.text());
        }
        if (scan.isOpen() || scan.isBroken() || scan.cells() > columns) {
            wasted += text.length();
            putBack();
            return broken(first, "has a quote that does not close");
        }
        read += text.length() - first.text().length();
        return parsed(first, text.toString());
    }

    /** What is read in vain stays in proportion to the file, whatever its quotes are like. */
    private boolean mayLookAhead(int length) {
        return lookedAhead.size() < MAX_LINES
                && length < Lines.MAX_LENGTH
                && wasted + length < FREE_LOOK_AHEAD + LOOK_AHEAD_PER_CHARACTER * read;
    }

    private void putBack() {
        for (int i = lookedAhead.size() - 1; i >= 0; i--) {
            again.addFirst(lookedAhead.get(i));
        }
        lookedAhead.clear();
    }

    private Row parsed(Line first, String text) {
        try {
            String record = withoutEnd(text);
            return new Row(
                    first.number(), csv.ofSingleCsvRecord(record).getFields(), record.length() < text.length(), null);
        } catch (CsvParseException e) {
            return broken(first, "is not CSV: a quoted cell continues after its closing quote");
        }
    }

    private static Row broken(Line line, String problem) {
        return new Row(line.number(), List.of(), true, "the row " + problem);
    }

    private static String withoutEnd(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return text.substring(0, end);
    }

    private @Nullable Line nextNotBlank() throws IOException {
        Line line;
        do {
            line = again.isEmpty() ? lines.next() : again.removeFirst();
        } while (line != null && line.text().isBlank());
        return line;
    }

    /** Returns the separators, the one that makes the most cells of a line first. */
    private static List<Character> likelySeparators(String line) {
        return SEPARATORS.stream()
                .sorted(Comparator.comparing((Character separator) -> cells(line, separator))
                        .reversed())
                .toList();
    }

    private static int cells(String line, char separator) {
        QuoteScan scan = new QuoteScan(separator);
        scan.read(line);
        return scan.cells();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
