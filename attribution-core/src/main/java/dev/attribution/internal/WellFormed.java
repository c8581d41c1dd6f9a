package dev.attribution.internal;

/** What text from outside is made of: whether there is anything in it, and whether every store can hold it unchanged. */
public final class WellFormed {
    private static final char REPLACEMENT = '\uFFFD';

    private WellFormed() {}

    /**
     * Makes text storable.
     *
     * @param text any text
     * @param maxLength the longest result, in UTF-16 units
     * @return the text itself where it is storable; else cut (never through a pair), with U+FFFD for each NUL and each
     *     half pair
     */
    public static String of(String text, int maxLength) {
        int end = Math.min(text.length(), maxLength);
        if (end < text.length()
                && end > 0
                && Character.isHighSurrogate(text.charAt(end - 1))
                && Character.isLowSurrogate(text.charAt(end))) {
            end--;
        }
        return mended(text.substring(0, end), true);
    }

    /**
     * Replaces each half of a surrogate pair.
     *
     * @param text any text
     * @return the text, with U+FFFD for each half pair
     */
    public static String halfPairsReplaced(String text) {
        return mended(text, false);
    }

    /**
     * Tells whether text has nothing to see in it: nothing at all, or white space of any script.
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

    private static String mended(String text, boolean nulToo) {
        int end = text.length();
        StringBuilder mended = null;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c) && !(nulToo && c == 0)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            if (mended == null) {
                mended = new StringBuilder(text);
            }
            mended.setCharAt(i, REPLACEMENT);
        }
        return mended != null ? mended.toString() : text;
    }
}
