package dev.attribution.trackers;

import org.jspecify.annotations.Nullable;

/** The line {@code sep=;} with which spreadsheets name the separator, above the header. */
final class SeparatorLine {
    private static final String START = "sep=";

    private SeparatorLine() {}

    /** Returns whether a line is such a line, whatever it names. */
    static boolean is(String line) {
        return unquoted(line).regionMatches(true, 0, START, 0, START.length());
    }

    /** Returns the separator, or {@code null} if the line names no character that can be one. */
    static @Nullable Character separator(String line) {
        String named = unquoted(line).substring(START.length());
        if (named.isEmpty() || named.chars().distinct().count() > 1) {
            return null; // a program that saved the file may have filled the line up to the width of the others
        }
        char separator = named.charAt(0);
        boolean isBlank = separator != '\t' && Text.trimmed(named).isEmpty();
        return separator == '"' || isBlank || Character.isLetterOrDigit(separator) ? null : separator;
    }

    private static String unquoted(String line) {
        int end = line.length();
        while (end > 0
                && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r' || line.charAt(end - 1) == ' ')) {
            end--;
        }
        String text = line.substring(0, end);
        boolean isQuoted = text.length() > START.length() + 1 && text.startsWith("\"sep=") && text.endsWith("\"");
        return isQuoted ? text.substring(1, text.length() - 1) : text;
    }
}
