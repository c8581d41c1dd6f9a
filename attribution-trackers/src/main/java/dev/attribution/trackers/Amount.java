package dev.attribution.trackers;

import dev.attribution.trackers.Cells.BadCellException;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An amount of money as a cell shows it. Whatever leaves a doubt about the number is refused, never read as another number.
 *
 * @param currency the ISO 4217 code that stands in the cell, or {@code null}
 */
record Amount(BigDecimal value, @Nullable String currency) {
    private static final int MAX_LENGTH = 60;
    private static final Pattern PARTS = Pattern.compile("([^0-9.,]*)([0-9.,' ]*[0-9][.,]?)([^0-9.,]*)");
    private static final Pattern SCIENTIFIC = Pattern.compile("([0-9]{1,20}(?:[.,][0-9]{1,20})?)[eE]([+-]?[0-9]{1,2})");
    private static final Pattern SYMBOL = Pattern.compile("[A-Z]{0,3}\\p{Sc}");

    /** Integer digits with or without groups of three, and a fraction or none. */
    private static final Pattern GROUPED = Pattern.compile("[0-9]{1,3}(?:([.,' ])[0-9]{3})(?:\\1[0-9]{3})*");

    private static final Pattern PLAIN = Pattern.compile("[0-9]*");

    static Amount read(String cell, char likelyDecimal) throws BadCellException {
        String text = normalized(cell);
        if (text.length() > MAX_LENGTH) {
            throw doubt(cell, "it is too long");
        }
        boolean isNegative = false;
        if (text.startsWith("(") && text.endsWith(")")) { // as accountants write a loss
            isNegative = true;
            text = text.substring(1, text.length() - 1).strip();
        }
        Matcher parts = PARTS.matcher(text);
        Matcher scientific = SCIENTIFIC.matcher(unsigned(text));
        if (scientific.matches() && text.length() - unsigned(text).length() <= 1) {
            return new Amount(scientific(scientific, cell, isNegative ^ text.startsWith("-")), null);
        }
        if (!parts.matches()) {
            throw doubt(cell, "it is not one number");
        }
        String around = parts.group(1) + " " + parts.group(3);
        long signs = around.chars().filter(c -> c == '-' || c == '+').count();
        if (signs > 1 || (signs == 1 && isNegative)) {
            throw doubt(cell, "it has more than one sign");
        }
        isNegative |= around.indexOf('-') >= 0;
        BigDecimal number = number(parts.group(2).strip(), likelyDecimal, cell);
        return new Amount(
                isNegative ? number.negate() : number,
                currency(around.replaceAll("[+-]", " ").strip(), cell));
    }

    private static String unsigned(String text) {
        return text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    }

    /** Every kind of minus as a hyphen, every kind of blank as a blank, every kind of apostrophe as one. */
    private static String normalized(String cell) {
        StringBuilder text = new StringBuilder(cell.length());
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            if ("\u2010\u2011\u2012\u2013\u2014\u2212\uFE58\uFE63\uFF0D".indexOf(c) >= 0) {
                text.append('-');
            } else if (c == '\u2019' || c == '\u02BC') {
                text.append('\'');
            } else if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                text.append(' ');
            } else if (Character.getType(c) != Character.FORMAT) { // marks of direction, a byte order mark
                text.append(c);
            }
        }
        return text.toString().strip();
    }

    private static BigDecimal scientific(Matcher match, String cell, boolean isNegative) throws BadCellException {
        BigDecimal number = new BigDecimal(match.group(1).replace(',', '.') + "E" + match.group(2));
        if (number.precision() - number.scale() > 20 || number.scale() > 20) {
            throw doubt(cell, "it is out of range");
        }
        return isNegative ? number.negate() : number;
    }

    private static BigDecimal number(String digits, char likelyDecimal, String cell) throws BadCellException {
        int mark = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','));
        if (mark >= 0 && isDecimal(digits, mark, likelyDecimal)) {
            String whole = whole(digits.substring(0, mark), cell);
            String fraction = digits.substring(mark + 1);
            if (!PLAIN.matcher(fraction).matches() || (whole.isEmpty() && fraction.isEmpty())) {
                throw doubt(cell, "it is not one number");
            }
            return new BigDecimal((whole.isEmpty() ? "0" : whole) + (fraction.isEmpty() ? "" : "." + fraction));
        }
        return new BigDecimal(whole(digits, cell));
    }

    /** Whether the last mark is the decimal mark rather than one between thousands. */
    private static boolean isDecimal(String digits, int mark, char likelyDecimal) {
        char other = digits.charAt(mark) == '.' ? ',' : '.';
        String before = digits.substring(0, mark);
        if (before.indexOf(digits.charAt(mark)) >= 0) {
            return false;
        }
        boolean isLikeThousands = digits.length() - mark == 4 && before.matches("[1-9][0-9]{0,2}");
        return before.indexOf(other) >= 0 || !isLikeThousands || digits.charAt(mark) == likelyDecimal;
    }

    private static String whole(String digits, String cell) throws BadCellException {
        if (!PLAIN.matcher(digits).matches() && !GROUPED.matcher(digits).matches()) {
            throw doubt(cell, "its thousands are not in groups of three");
        }
        return digits.replaceAll("[.,' ]", "");
    }

    private static @Nullable String currency(String words, String cell) throws BadCellException {
        if (words.isEmpty() || SYMBOL.matcher(words).matches()) {
            return null;
        }
        String code = words.toUpperCase(Locale.ROOT);
        if (code.length() == 3) {
            try {
                return Currency.getInstance(code).getCurrencyCode();
            } catch (IllegalArgumentException e) {
                throw doubt(cell, "'" + words + "' is not a currency");
            }
        }
        throw doubt(cell, "of '" + words + "'");
    }

    private static BadCellException doubt(String cell, String cause) {
        String shown = cell.length() <= MAX_LENGTH ? cell : cell.substring(0, MAX_LENGTH) + "…";
        return new BadCellException("the amount '" + shown + "' is in doubt: " + cause);
    }
}
