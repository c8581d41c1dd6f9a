package dev.attribution.internal;

/** Checks and repairs text from outside, which may be blank or contain characters that some stores cannot hold. */
public final class WellFormed {
    private static final char REPLACEMENT = '\uFFFD';

    private WellFormed() {}

    /**
     * Makes text storable.
     *
     * @param text any text
     * @param maxLength the maximum length of the result, in UTF-16 units
     * @return the text itself if it is storable; otherwise the text cut to the length (never inside a surrogate pair),
     *     with U+FFFD for each NUL and each half pair
     */
    public static String of(String text, int maxLength) {
        int end = Math.min(text.length(), maxLength);
        if (end < text.length()
                && end > 0
                && Character.isHighSurrogate(text.charAt(end - 1))
                && Character.isLowSurrogate(text.charAt(end))) {
            end--;
        }
        return repaired(text.substring(0, end), true);
    }

    /**
     * Replaces each half of a surrogate pair.
     *
     * @param text any text
     * @return the text, with U+FFFD for each half pair
     */
    public static String halfPairsReplaced(String text) {
        return repaired(text, false);
    }

    /**
     * Returns whether text is empty or consists of white space of any script.
     *
     * @param text any text
     * @return whether it is blank
     */
    public static boolean isBlank(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c) && !Character.isSpaceChar(c)) {
                return false;
            }
        }
        return true;
    }

    private static String repaired(String text, boolean replaceNul) {
        int end = text.length();
        StringBuilder repaired = null;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c) && !(replaceNul && c == 0)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            if (repaired == null) {
                repaired = new StringBuilder(text);
            }
            repaired.setCharAt(i, REPLACEMENT);
        }
        return repaired != null ? repaired.toString() : text;
    }
}
