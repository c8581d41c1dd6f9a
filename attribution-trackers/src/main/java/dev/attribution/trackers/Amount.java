package dev.attribution.trackers;

import dev.attribution.reconcile.TrackerRow;
import dev.attribution.trackers.Cells.BadCellException;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An amount of money as a cell shows it. Whatever leaves a doubt about the number is refused, never read as another number.
 *
 * @param digits the digits with the marks between them
 * @param scientific the number, if it is written with an exponent
 * @param currency the ISO 4217 code that stands in the cell, or {@code null}
 */
record Amount(
        String cell,
        boolean isNegative,
        String digits,
        @Nullable BigDecimal scientific,
        @Nullable String currency) {
    private static final int MAX_LENGTH = 60;
    private static final Pattern PARTS = Pattern.compile("([^0-9.,]*)([0-9.,' ]*[0-9][.,]?)([^0-9.,]*)");
    private static final Pattern SCIENTIFIC = Pattern.compile("([0-9]{1,20}(?:[.,][0-9]{1,20})?)[eE]([+-]?[0-9]{1,2})");
    private static final Pattern SYMBOL = Pattern.compile("[A-Z]{0,3}\\p{Sc}");

    /** Integer digits with or without groups of three. */
    private static final Pattern GROUPED = Pattern.compile("[0-9]{1,3}(?:([.,' ])[0-9]{3})(?:\\1[0-9]{3})*");

    private static final Pattern PLAIN = Pattern.compile("[0-9]*");
    private static final Pattern GROUP = Pattern.compile("[1-9][0-9]{0,2}");

    static Amount of(String cell) throws BadCellException {
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
        if (scientific.matches()
                && !(isNegative && text.length() > unsigned(text).length())) {
            return new Amount(cell, isNegative || text.startsWith("-"), "", scientific(scientific, cell), null);
        }
        if (!parts.matches()) {
            throw doubt(cell, "it is not one number");
        }
        String around = parts.group(1) + " " + parts.group(3);
        long signs = around.chars().filter(c -> c == '-' || c == '+').count();
        if (signs > 1 || (signs == 1 && isNegative)) {
            throw doubt(cell, "it has more than one sign");
        }
        return new Amount(
                cell,
                isNegative || around.indexOf('-') >= 0,
                parts.group(2).strip(),
                null,
                currency(around.replaceAll("[+-]", " ").strip(), cell));
    }

    private static String unsigned(String text) {
        return text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    }

    /** Every kind of minus as a hyphen, every kind of blank as a blank, every kind of apostrophe as one. */
    private static String normalized(String cell) {
        StringBuilder text = new StringBuilder(Text.plain(cell));
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ("\u2010\u2011\u2012\u2013\u2014\u2212\uFE58\uFE63\uFF0D".indexOf(c) >= 0) {
                text.setCharAt(i, '-');
            } else if (c == '\u2019' || c == '\u02BC') {
                text.setCharAt(i, '\'');
            }
        }
        return text.toString();
    }

    private static BigDecimal scientific(Matcher match, String cell) throws BadCellException {
        BigDecimal number = new BigDecimal(match.group(1).replace(',', '.') + "E" + match.group(2));
        if (number.precision() - number.scale() > 20 || number.scale() > 20) {
            throw doubt(cell, "it is out of range");
        }
        return number;
    }

    /** Returns the decimal marks that the amount may be written with: one is a proof, none if it has no mark. */
    Set<Style> styles() {
        int point = digits.lastIndexOf('.');
        int comma = digits.lastIndexOf(',');
        if (point < 0 && comma < 0) {
            return EnumSet.noneOf(Style.class);
        }
        Style last = point > comma ? Style.DECIMAL_POINT : Style.DECIMAL_COMMA;
        int mark = Math.max(point, comma);
        if (point >= 0 && comma >= 0) {
            return EnumSet.of(last);
        }
        String before = digits.substring(0, mark);
        if (before.indexOf(digits.charAt(mark)) >= 0) { // a decimal mark stands once
            return EnumSet.of(last == Style.DECIMAL_POINT ? Style.DECIMAL_COMMA : Style.DECIMAL_POINT);
        }
        boolean isLikeThousands =
                digits.length() - mark == 4 && GROUP.matcher(before).matches();
        return isLikeThousands ? EnumSet.of(Style.DECIMAL_POINT, Style.DECIMAL_COMMA) : EnumSet.of(last);
    }

    /** Returns the number that the amount is, written with a decimal mark. */
    BigDecimal value(Style decimal) throws BadCellException {
        BigDecimal number = scientific == null ? number(decimal == Style.DECIMAL_COMMA ? ',' : '.') : scientific;
        return isNegative ? number.negate() : number;
    }

    private BigDecimal number(char decimal) throws BadCellException {
        int mark = digits.lastIndexOf(decimal);
        String whole = whole(mark < 0 ? digits : digits.substring(0, mark), decimal);
        String fraction = mark < 0 ? "" : digits.substring(mark + 1);
        if (!PLAIN.matcher(fraction).matches()) {
            throw doubt(cell, "it is not one number");
        }
        return new BigDecimal((whole.isEmpty() ? "0" : whole) + (fraction.isEmpty() ? "" : "." + fraction));
    }

    private String whole(String text, char decimal) throws BadCellException {
        boolean isGrouped = GROUPED.matcher(text).matches() && text.indexOf(decimal) < 0;
        if (!isGrouped && !PLAIN.matcher(text).matches()) {
            throw doubt(cell, "its thousands are not in groups of three");
        }
        return text.replaceAll("[.,' ]", "");
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
                throw doubt(cell, "'" + TrackerRow.quoted(words) + "' is not a currency");
            }
        }
        throw doubt(cell, "'" + TrackerRow.quoted(words) + "' is neither a currency nor its sign");
    }

    /** {@return an exception that names the doubt about this amount} */
    BadCellException doubt(String cause) {
        return doubt(cell, cause);
    }

    private static BadCellException doubt(String cell, String cause) {
        return new BadCellException("the amount '" + TrackerRow.quoted(cell) + "' is in doubt: " + cause);
    }
}
