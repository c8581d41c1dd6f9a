package dev.attribution.trackers;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import dev.attribution.trackers.Lines.Line;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of a CSV file. A broken record costs its first line only: if a quote does not close, the lines
 * after it are read again by themselves.
 */
final class Records implements Closeable {
    private static final int MAX_LINES = 1_000;
    private static final char[] SEPARATORS = {',', ';', '\t'};

    /** A record, or what is wrong with it. */
    record Row(long line, List<String> cells, @Nullable String problem) {}

    private final Lines lines;
    private final Deque<Line> again = new ArrayDeque<>();
    private final char separator;
    private final CsvReader.CsvReaderBuilder csv;
    private final List<String> headers;

    Records(Lines lines) throws IOException {
        this.lines = lines;
        Line first = nextNotBlank();
        Character declared = first == null ? null : declaredSeparator(first.text());
        if (declared != null) {
            first = nextNotBlank();
        }
        this.separator = declared != null ? declared : first == null ? ',' : likelySeparator(first.text());
        this.csv = CsvReader.builder().fieldSeparator(separator).skipEmptyLines(false);
        if (first == null) {
            this.headers = List.of();
        } else {
            again.addFirst(first);
            Row row = next(Integer.MAX_VALUE);
            this.headers = row == null ? List.of() : row.cells();
        }
    }

    /** Returns the cells of the first line; none if the line is missing or broken. */
    List<String> headers() {
        return headers;
    }

    char separator() {
        return separator;
    }

    /** Returns the next record, or {@code null} at the end. */
    @Nullable
    Row next() throws IOException {
        return next(headers.size());
    }

    private @Nullable Row next(int columns) throws IOException {
        Line first = nextNotBlank();
        if (first == null) {
            return null;
        }
        if (first.tooLong()) {
            return broken(first, "is longer than " + Lines.MAX_LENGTH + " characters");
        }
        QuoteScan scan = new QuoteScan(separator);
        scan.read(first.text());
        if (!scan.isOpen()) {
            return parsed(first, first.text());
        }
        StringBuilder text = new StringBuilder(first.text());
        List<Line> more = new ArrayList<>();
        while (scan.isOpen() && more.size() < MAX_LINES && text.length() < Lines.MAX_LENGTH) {
            Line line = again.isEmpty() ? lines.next() : again.removeFirst();
            if (line == null) {
                break;
            }
            more.add(line);
            text.append(line.text());
            scan.read(line.text());
        }
        if (scan.isOpen() || scan.isBroken() || scan.cells() > columns) {
            for (int i = more.size() - 1; i >= 0; i--) {
                again.addFirst(more.get(i));
            }
            return broken(first, "has a quote that does not close");
        }
        return parsed(first, text.toString());
    }

    private Row parsed(Line first, String text) {
        try {
            return new Row(
                    first.number(), csv.ofSingleCsvRecord(withoutEnd(text)).getFields(), null);
        } catch (CsvParseException e) {
            return broken(first, "is not CSV: a quoted cell continues after its closing quote");
        }
    }

    private static Row broken(Line line, String problem) {
        return new Row(line.number(), List.of(), "the row " + problem);
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

    /** Excel writes and reads such a line. */
    private static @Nullable Character declaredSeparator(String line) {
        String text = withoutEnd(line);
        return text.length() == 5 && text.regionMatches(true, 0, "sep=", 0, 4) ? text.charAt(4) : null;
    }

    private static char likelySeparator(String header) {
        char likely = SEPARATORS[0];
        int most = 0;
        for (char candidate : SEPARATORS) {
            QuoteScan scan = new QuoteScan(candidate);
            scan.read(header);
            if (scan.cells() > most) {
                most = scan.cells();
                likely = candidate;
            }
        }
        return likely;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
