package dev.attribution.internal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ids as spreadsheets rewrite them: without leading zeros, rounded, with an exponent, with separators of thousands, as a
 * formula, with an apostrophe or with blanks. Two ids that such a rewriting can make equal may be the same id.
 */
public final class SpreadsheetIds {
    private static final int EXACT_DIGITS = 15; // of a number in a spreadsheet
    private static final int DOUBLE_DIGITS = 17;
    private static final int RARELY_DOUBLE_DIGITS = 19; // less than one in a hundred is a double by chance
    private static final BigDecimal EXACT_DOUBLES = new BigDecimal("9007199254740992");
    private static final Pattern FORMULA = Pattern.compile("=\\s*\"(.*)\"", Pattern.DOTALL);
    private static final Pattern QUOTED = Pattern.compile("[\"\u201C\u201D\u201E](.*)[\"\u201C\u201D]", Pattern.DOTALL);
    private static final Pattern EXPONENT = Pattern.compile("[+-]?[0-9](?:\\.[0-9]+)?[eE][+-][0-9]{1,3}");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+(?:\\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?");
    private static final Pattern WHOLE_AS_DECIMAL = Pattern.compile("[0-9]+[.,]0*");
    private static final Pattern GROUPED = Pattern.compile("[0-9]{1,3}([,.' \u2019])[0-9]{2,3}(?:\\1[0-9]{2,3})*");

    private SpreadsheetIds() {}

    /** Returns whether two ids are equal, or one may be what a spreadsheet made of the other. */
    public static boolean maybeSame(String one, String other) {
        return one.equals(other)
                || plain(one).equals(plain(other))
                || isRoundingOf(one, other)
                || isRoundingOf(other, one);
    }

    /** Returns whether an id has the form that a spreadsheet writes, so that the original is uncertain. */
    public static boolean isRewritten(String id) {
        String text = normalized(id);
        return !undressed(id).equals(id)
                || WHOLE_AS_DECIMAL.matcher(text).matches()
                || GROUPED.matcher(text).matches()
                || isVisiblyRounded(id);
    }

    /** Returns whether an id may have lost digits: only a comparison can show which id it was. */
    public static boolean isRounded(String id) {
        return isVisiblyRounded(id)
                || number(normalized(id))
                        .filter(number -> number.abs().compareTo(EXACT_DOUBLES) >= 0 && isDouble(number))
                        .isPresent();
    }

    private static boolean isVisiblyRounded(String id) {
        String text = normalized(id);
        if (EXPONENT.matcher(text.replace(',', '.')).matches()) {
            return true;
        }
        if (!DIGITS.matcher(text).matches()) {
            return false;
        }
        BigDecimal number = new BigDecimal(text);
        int digits = number.precision();
        int significant = number.stripTrailingZeros().precision();
        return (digits > EXACT_DIGITS && significant <= EXACT_DIGITS)
                || (digits > DOUBLE_DIGITS && significant <= DOUBLE_DIGITS)
                || (digits >= RARELY_DOUBLE_DIGITS && isDouble(number));
    }

    /** Returns the form in which ids are equal that differ only in what a spreadsheet adds, or drops without a loss. */
    public static String plain(String id) {
        String text = normalized(id);
        return number(text)
                .map(number ->
                        number.signum() == 0 ? "0" : number.stripTrailingZeros().toString())
                .orElseGet(() -> text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")
                        ? text.toUpperCase(Locale.ROOT)
                        : text);
    }

    private static boolean isRoundingOf(String rounded, String id) {
        if (!isRounded(rounded)) {
            return false;
        }
        Optional<BigDecimal> left = number(normalized(rounded));
        Optional<BigDecimal> right = number(normalized(id));
        if (left.isEmpty() || right.isEmpty()) {
            return false;
        }
        int precision = Math.max(1, left.get().stripTrailingZeros().precision());
        return isRoundedTo(left.get(), right.get(), precision, RoundingMode.HALF_UP)
                || isRoundedTo(left.get(), right.get(), precision, RoundingMode.DOWN)
                || (left.get().abs().compareTo(EXACT_DOUBLES) >= 0
                        && left.get().doubleValue() == right.get().doubleValue());
    }

    private static boolean isRoundedTo(BigDecimal rounded, BigDecimal id, int precision, RoundingMode mode) {
        return id.round(new MathContext(precision, mode)).compareTo(rounded) == 0;
    }

    private static boolean isDouble(BigDecimal number) {
        double value = number.doubleValue();
        return !Double.isInfinite(value) && new BigDecimal(value).compareTo(number) == 0;
    }

    private static Optional<BigDecimal> number(String text) {
        Matcher grouped = GROUPED.matcher(text);
        String plain = grouped.matches() ? text.replace(String.valueOf(grouped.group(1)), "") : text.replace(',', '.');
        return NUMBER.matcher(plain).matches() ? Optional.of(new BigDecimal(plain)) : Optional.empty();
    }

    private static String normalized(String id) {
        return undressed(Normalizer.normalize(id, Normalizer.Form.NFKC).replaceAll("[\\p{Pd}\u2212]", "-"));
    }

    /** Removes invisible characters at both ends, apostrophes, quotes and the formula of a text, however often. */
    private static String undressed(String id) {
        String text = trimmed(id);
        while (true) {
            Matcher formula = FORMULA.matcher(text);
            Matcher quoted = QUOTED.matcher(text);
            String next = text;
            if (formula.matches()) {
                next = formula.group(1).replace("\"\"", "\"");
            } else if (quoted.matches()) {
                next = quoted.group(1).replace("\"\"", "\"");
            } else if (text.startsWith("'") || text.startsWith("\u2019") || text.startsWith("\u2018")) {
                next = text.substring(1);
            }
            next = trimmed(next);
            if (next.equals(text)) {
                return text;
            }
            text = next;
        }
    }

    private static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isInvisible(text.charAt(from))) {
            from++;
        }
        while (to > from && isInvisible(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isInvisible(char c) {
        return Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT;
    }
}
