package dev.attribution.postback;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.internal.PercentCode;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Reads single values as the templates of trackers write them, in the same way for postbacks and for export files. A value
 * is read only if its meaning is beyond doubt.
 *
 * <p>Stateless and thread-safe. Total: any text is read without an exception, in time linear in the text.
 */
public final class PostbackValues {
    /** What the usual words of a status say, in lower case. */
    static final Map<String, ConversionStatus> STATUS_WORDS = Map.ofEntries(
            Map.entry("approved", ConversionStatus.APPROVED),
            Map.entry("confirmed", ConversionStatus.APPROVED),
            Map.entry("paid", ConversionStatus.APPROVED),
            Map.entry("pending", ConversionStatus.PENDING),
            Map.entry("hold", ConversionStatus.PENDING),
            Map.entry("reversed", ConversionStatus.REVERSED),
            Map.entry("rejected", ConversionStatus.REVERSED),
            Map.entry("declined", ConversionStatus.REVERSED),
            Map.entry("canceled", ConversionStatus.REVERSED),
            Map.entry("cancelled", ConversionStatus.REVERSED),
            Map.entry("refunded", ConversionStatus.REVERSED),
            Map.entry("chargeback", ConversionStatus.REVERSED));

    private static final Set<String> NOTHING = Set.of(
            "",
            "null",
            "undefined",
            "none",
            "nil",
            "nan",
            "n/a",
            "#n/a",
            "\\n",
            "-",
            "--",
            "not set",
            "not available",
            "no value",
            "object object");
    private static final String FIRST_CHARACTERS = "nNuUoO#\\-([{<\"'";
    private static final int MAX_NOTHING = 20;
    private static final String[] WRAPPERS = {"()", "[]", "{}", "<>", "\"\"", "''"};
    private static final String PUNCTUATION =
            "/\\,;\"'`\u00B4\u00AB\u00BB\u2018\u2019\u201A\u201B\u201C\u201D\u201E\u201F\u2039\u203A";
    private static final IntPredicate WHITE_SPACE =
            c -> Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.getType(c) == Character.FORMAT;
    private static final IntPredicate AROUND_AN_ID = WHITE_SPACE.or(c -> PUNCTUATION.indexOf(c) >= 0);
    private static final String MINUS =
            "-\u00AD\u02D7\u058A\u06D4\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u207B\u208B\u2212\u2796\u2E3A\u2E3B\uFE58\uFE63\uFF0D";
    private static final String BRACKETS = "([<\uFF08";
    private static final int MAX_WHOLE_DIGITS = 20;
    private static final int MAX_FRACTION_DIGITS = 18;
    private static final int LONG_DIGITS = 18; // each such number fits a long

    private PostbackValues() {}

    /**
     * Returns whether a value says nothing: it is blank, or a word that templates write if they have no value, such as
     * {@code null}, {@code undefined}, {@code None}, {@code NaN}, {@code N/A}, {@code (null)}, {@code []} or {@code -}.
     *
     * @param value the whole value, decoded
     * @return whether the value is to be treated as absent
     */
    public static boolean isNothing(String value) {
        if (!value.isEmpty() && !mayBeNothing(value.charAt(0))) {
            return false; // nearly every value
        }
        String word = stripped(value, WHITE_SPACE);
        if (word.length() > MAX_NOTHING || (!word.isEmpty() && FIRST_CHARACTERS.indexOf(word.charAt(0)) < 0)) {
            return false;
        }
        for (String wrapper : WRAPPERS) {
            if (word.length() >= 2 && word.charAt(0) == wrapper.charAt(0) && word.endsWith(wrapper.substring(1))) {
                word = stripped(word.substring(1, word.length() - 1), WHITE_SPACE);
                break;
            }
        }
        return NOTHING.contains(word.toLowerCase(Locale.ROOT));
    }

    /** {@return whether a value that begins with this character may say nothing} */
    static boolean mayBeNothing(char first) {
        return first <= ' ' || first > '~' || FIRST_CHARACTERS.indexOf(first) >= 0;
    }

    /**
     * Reads a status by the usual words, such as {@code approved}, {@code pending}, {@code rejected} or {@code chargeback}.
     *
     * @param word one word, in any case
     * @return the status, or empty if the word is not one of them
     */
    public static Optional<ConversionStatus> status(String word) {
        return Optional.ofNullable(STATUS_WORDS.get(word.toLowerCase(Locale.ROOT)));
    }

    /**
     * Reads a click id that may have blanks, invisible characters, quotes, slashes, commas or semicolons around it, as they
     * are or percent-encoded. {@link ClickId#parse} is strict.
     *
     * @param value the whole value, decoded
     * @return the click id, or empty if the value contains anything else
     */
    public static Optional<ClickId> clickId(String value) {
        Optional<ClickId> exact = ClickId.tryParse(value);
        if (exact.isPresent()) {
            return exact;
        }
        String bare = stripped(value, AROUND_AN_ID);
        if (bare.indexOf('%') >= 0) {
            bare = stripped(PercentCode.decodeForm(bare, 0, bare.length()), AROUND_AN_ID);
        }
        return ClickId.tryParse(bare);
    }

    /**
     * Reads a plain decimal number such as {@code 12.50} or {@code -1}, of up to 20 digits before the point and 18 after it.
     *
     * @param value the whole value, decoded
     * @return the number with its scale, or empty if the value is in doubt: {@code 1,50}, {@code 1e3}, {@code 1.2k},
     *     {@code (1.50)} and {@code $5} are
     */
    public static Optional<BigDecimal> amount(String value) {
        int start = value.startsWith("-") ? 1 : 0;
        int point = value.indexOf('.');
        int whole = (point < 0 ? value.length() : point) - start;
        int fraction = point < 0 ? 0 : value.length() - point - 1;
        if (whole > MAX_WHOLE_DIGITS || fraction > MAX_FRACTION_DIGITS || (point < 0 ? whole : fraction) == 0) {
            return Optional.empty();
        }
        for (int i = start; i < value.length(); i++) {
            if (i != point && (value.charAt(i) < '0' || value.charAt(i) > '9')) {
                return Optional.empty();
            }
        }
        return Optional.of(whole + fraction <= LONG_DIGITS ? small(value, start, fraction) : new BigDecimal(value));
    }

    private static BigDecimal small(String value, int start, int scale) {
        long number = 0;
        for (int i = start; i < value.length(); i++) {
            if (value.charAt(i) != '.') {
                number = 10 * number + value.charAt(i) - '0';
            }
        }
        return BigDecimal.valueOf(start == 0 ? number : -number, scale);
    }

    /**
     * Returns whether a text that is not a plain number may mean a negative amount: it begins with a bracket or a minus of any
     * kind, or has one before its first digit, or a minus right after its last one, as in {@code -1,50}, {@code (1.50)},
     * {@code $-5} and {@code 5-}.
     *
     * @param value the whole value, decoded
     * @return whether it looks like a negative amount
     */
    static boolean isLikeNegative(String value) {
        String text = stripped(value, WHITE_SPACE);
        int first = 0;
        while (first < text.length() && !Character.isDigit(text.charAt(first))) {
            first++;
        }
        int last = text.length();
        while (last > first && !Character.isDigit(text.charAt(last - 1))) {
            last--;
        }
        boolean hasDigit = first < text.length();
        String before = text.substring(0, hasDigit ? first : Math.min(1, text.length()));
        String after = stripped(text.substring(last), WHITE_SPACE);
        return before.chars().anyMatch(c -> MINUS.indexOf(c) >= 0 || BRACKETS.indexOf(c) >= 0)
                || (hasDigit && !after.isEmpty() && MINUS.indexOf(after.charAt(0)) >= 0);
    }

    private static String stripped(String text, IntPredicate around) {
        int start = 0;
        int end = text.length();
        while (start < end && around.test(text.charAt(start))) {
            start++;
        }
        while (end > start && around.test(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }
}
