package dev.attribution.trackers;

import java.text.Normalizer;
import java.util.Locale;

/** The texts of cells without what nobody sees: blanks of every kind, byte order marks, marks of direction. */
final class Text {
    /** Characters without a form of their own that Unicode counts among letters, marks and symbols. */
    private static final String BLANK_LETTERS = "\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFE0E\uFE0F\uFFA0";

    private Text() {}

    /** Removes what is invisible at both ends. */
    static String trimmed(String cell) {
        int from = 0;
        int to = cell.length();
        while (from < to && isInvisible(cell.codePointAt(from))) {
            from += Character.charCount(cell.codePointAt(from));
        }
        while (to > from && isInvisible(cell.codePointBefore(to))) {
            to -= Character.charCount(cell.codePointBefore(to));
        }
        return cell.substring(from, to);
    }

    /** Removes what is invisible, except that each blank between other characters becomes a plain one. */
    static String plain(String cell) {
        if (isPlain(cell)) {
            return cell.strip(); // nearly every cell
        }
        StringBuilder plain = new StringBuilder(cell.length());
        cell.codePoints().forEach(c -> {
            if (isBlank(c)) {
                plain.append(' ');
            } else if (!isInvisible(c)) {
                plain.appendCodePoint(c);
            }
        });
        return plain.toString().strip();
    }

    /** Returns the letters and digits of a cell in lower case, with a blank for whatever parts them. */
    static String words(String cell) {
        StringBuilder words = new StringBuilder(cell.length());
        Normalizer.normalize(cell, Normalizer.Form.NFKC).codePoints().forEach(c -> {
            if (Character.isLetterOrDigit(c) && !isInvisible(c)) {
                words.appendCodePoint(c);
            } else if ((isBlank(c) || !(isInvisible(c) || isMark(c)))
                    && !words.isEmpty()
                    && words.charAt(words.length() - 1) != ' ') {
                words.append(' ');
            }
        });
        return words.toString().strip().toLowerCase(Locale.ROOT);
    }

    private static boolean isPlain(String cell) {
        for (int i = 0; i < cell.length(); i++) {
            if (cell.charAt(i) < ' ' || cell.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static boolean isMark(int c) {
        return Character.getType(c) == Character.NON_SPACING_MARK;
    }

    private static boolean isInvisible(int c) {
        return isBlank(c)
                || Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT
                || BLANK_LETTERS.indexOf(c) >= 0;
    }
}
