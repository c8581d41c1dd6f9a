package dev.attribution.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A writer of CSV (RFC 4180) that a spreadsheet can open without harm: a text that it would read as a formula gets an
 * apostrophe in front, which keeps it a text. Plain numbers stay as they are.
 *
 * <p>Cells are separated by commas and quoted if necessary; lines end in CR LF. A spreadsheet that splits the file at
 * semicolons, tabs, vertical bars or line breaks instead, and that ignores quotes, finds no formula either: an apostrophe
 * also follows every such separator inside a text if a formula could begin there. Not thread-safe.
 */
public final class CsvWriter {
    // the characters that OWASP lists as the beginning of a formula, with their full-width and small forms
    private static final String FORMULA = "=+-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B\u2212";
    // quotes protect a cell only from the comma: with another separator they are not at the start of the cell
    private static final String SEPARATORS = ",;|\t\r\n\u000B\f\u0085\u2028\u2029";
    private static final String LEADING = "\t\r\n"; // which OWASP lists as well
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,40}(\\.[0-9]{1,40})?");

    private final Appendable out;

    /**
     * Creates a writer.
     *
     * @param out receives the text; it is neither flushed nor closed
     */
    public CsvWriter(Appendable out) {
        this.out = out;
    }

    /**
     * Writes a line.
     *
     * @param cells the cells: any objects, written by their {@code toString()}; an {@link Optional} is written by its
     *     value, or as an empty cell
     * @return this writer
     * @throws UncheckedIOException if the line cannot be written
     */
    public CsvWriter line(Object... cells) {
        return line(List.of(cells));
    }

    /**
     * Writes a line.
     *
     * @param cells the cells, as in {@link #line(Object...)}
     * @return this writer
     * @throws UncheckedIOException if the line cannot be written
     */
    public CsvWriter line(List<?> cells) {
        try {
            String separator = "";
            for (Object cell : cells) {
                out.append(separator).append(cell(cell));
                separator = ",";
            }
            out.append("\r\n");
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("The CSV could not be written", e);
        }
    }

    private static String cell(Object value) {
        String text = value instanceof Optional<?> optional
                ? optional.map(Object::toString).orElse("")
                : value.toString();
        String safe = safe(text);
        boolean quoted =
                safe.chars().anyMatch(c -> c == '"' || SEPARATORS.indexOf(c) >= 0) || !safe.equals(safe.strip());
        return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }

    private static String safe(String text) {
        if (text.isEmpty() || NUMBER.matcher(text).matches()) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 8);
        if (LEADING.indexOf(text.charAt(0)) >= 0 || isFormula(text, 0)) {
            safe.append('\'');
        }
        for (int i = 0; i < text.length(); i++) {
            safe.append(text.charAt(i));
            if (SEPARATORS.indexOf(text.charAt(i)) >= 0 && isFormula(text, i + 1)) {
                safe.append('\'');
            }
        }
        return safe.toString();
    }

    /** Returns whether a formula could begin at an index: blanks and quotes in front do not prevent it. */
    private static boolean isFormula(String text, int from) {
        int i = from;
        while (i < text.length()
                && SEPARATORS.indexOf(text.charAt(i)) < 0
                && (text.charAt(i) == '"' || isInvisible(text.charAt(i)))) {
            i++;
        }
        return i < text.length() && FORMULA.indexOf(text.charAt(i)) >= 0;
    }

    private static boolean isInvisible(char c) {
        return Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT;
    }
}
