package dev.attribution.internal;

/** Makes text from outside safe to show in a message or a log line: on one line, in reading order, bounded. */
public final class Printable {
    /** The maximum length of a quoted text in a message, in UTF-16 units before escaping. */
    public static final int MAX_QUOTED = 100;

    private Printable() {}

    /**
     * Cuts and escapes a text to be quoted.
     *
     * @param text any text
     * @return the text, cut at {@value #MAX_QUOTED} UTF-16 units and escaped as {@link #escaped} does
     */
    public static String quoted(String text) {
        return cut(text, MAX_QUOTED);
    }

    /**
     * Cuts and escapes a text.
     *
     * @param text any text
     * @param maxLength the maximum length, in UTF-16 units before escaping
     * @return the text, with an ellipsis if it was cut, escaped as {@link #escaped} does
     */
    public static String cut(String text, int maxLength) {
        if (text.length() <= maxLength) {
            return escaped(text);
        }
        int end = Character.isHighSurrogate(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength;
        return escaped(text.substring(0, end)) + "…";
    }

    /**
     * Escapes what is not printable: control characters, line separators, characters that change the direction of text or are
     * invisible, and half surrogate pairs.
     *
     * @param text any text
     * @return the text with {@code \}{@code uXXXX} for each such character; the same instance if it has none
     */
    public static String escaped(String text) {
        StringBuilder escaped = null;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            int end = i + Character.charCount(codePoint);
            if (!isPrintable(codePoint)) {
                if (escaped == null) {
                    escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
                }
                for (; i < end; i++) {
                    escaped.append(String.format("\\u%04X", (int) text.charAt(i)));
                }
            } else if (escaped != null) {
                escaped.append(text, i, end);
            }
            i = end;
        }
        return escaped == null ? text : escaped.toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
