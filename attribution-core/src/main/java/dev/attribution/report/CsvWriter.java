package dev.attribution.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A writer of CSV (RFC 4180) that a spreadsheet can open safely: a text that a spreadsheet would evaluate as a formula
 * gets an apostrophe in front, which keeps it a text. Plain numbers are not changed. Within a cell, the same holds after each
 * semicolon, tab, vertical bar and line break, since a spreadsheet may take these for the end of a cell.
 *
 * <p>Cells are separated by commas and quoted if necessary; lines end in CR LF. Not thread-safe.
 */
public final class CsvWriter {
    // first characters of a formula as OWASP lists them, and their full-width forms
    private static final String DANGEROUS = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,40}(\\.[0-9]{1,40})?");

    // quotes protect a cell only where the comma separates: elsewhere they do not stand at the start of the cell
    private static final String SEPARATORS = ";|\t\r\n";

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
        String safe = withoutInnerFormulas(isFormula(text) ? "'" + text : text);
        boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || SEPARATORS.indexOf(c) >= 0)
                || !safe.equals(safe.strip());
        return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }

    /** Puts an apostrophe in front of each formula that follows a separator, blanks and quotes aside. */
    private static String withoutInnerFormulas(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        boolean atStart = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (SEPARATORS.indexOf(c) >= 0) {
                atStart = true;
            } else if (atStart && DANGEROUS.indexOf(c) >= 0) {
                safe.append('\'');
                atStart = false;
            } else if (!isBlankOrQuote(c)) {
                atStart = false;
            }
            safe.append(c);
        }
        return safe.toString();
    }

    private static boolean isBlankOrQuote(char c) {
        return c == '"'
                || Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT;
    }

    /** Some spreadsheets evaluate a formula after white space too. */
    private static boolean isFormula(String text) {
        String visible = text.stripLeading();
        boolean dangerous = (!visible.isEmpty() && DANGEROUS.indexOf(visible.charAt(0)) >= 0)
                || (!text.isEmpty() && DANGEROUS.indexOf(text.charAt(0)) >= 0);
        return dangerous && !NUMBER.matcher(text).matches();
    }
}
