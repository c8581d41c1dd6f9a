package dev.attribution.engine;

import java.util.Locale;

/** Reads the names, strings and numbers of a text that looks like JSON (RFC 8259), in time linear in the text. */
final class JsonScalars {
    private static final String STRUCTURE = "{}[],: \t\r\n";
    private static final String UNQUOTED = "+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private JsonScalars() {}

    /** Receives what was read. */
    interface ScalarReader {
        /** Receives a name of an object. */
        void name(String name);

        /**
         * Receives a string without its quotes and escapes, or a number as it is written.
         *
         * @param name the last name before it, empty if there is none
         */
        void value(String name, String value);
    }

    /**
     * Reads a text, which may lack its end.
     *
     * @return whether all of it looks like JSON
     */
    static boolean read(String text, ScalarReader reader) {
        String name = "";
        for (int i = 0; i < text.length(); ) {
            char c = text.charAt(i);
            int end = i + 1;
            if (c == '"') {
                end = endOfString(text, end);
                String string = unescaped(text.substring(i + 1, end));
                end = Math.min(end + 1, text.length());
                if (isBeforeColon(text, end)) {
                    name = string;
                    reader.name(name);
                } else {
                    reader.value(name, string);
                }
            } else if (UNQUOTED.indexOf(c) >= 0) {
                while (end < text.length() && UNQUOTED.indexOf(text.charAt(end)) >= 0) {
                    end++;
                }
                reader.value(name, text.substring(i, end));
            } else if (STRUCTURE.indexOf(c) < 0) {
                return false;
            }
            i = end;
        }
        return true;
    }

    private static int endOfString(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) != '"') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i, text.length());
    }

    private static boolean isBeforeColon(String text, int from) {
        int i = from;
        while (i < text.length() && " \t\r\n".indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        return i < text.length() && text.charAt(i) == ':';
    }

    /** Resolves the escapes of JSON (RFC 8259, section 7), wherever they stand. */
    static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                plain.append(c);
            } else if (text.charAt(i + 1) == 'u' && i + 6 <= text.length() && isHex(text, i + 2)) {
                plain.append((char) Integer.parseInt(text.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                i++;
                int at = "bfnrt".indexOf(text.charAt(i));
                plain.append(at < 0 ? text.charAt(i) : "\b\f\n\r\t".charAt(at));
            }
        }
        return plain.toString();
    }

    private static boolean isHex(String text, int from) {
        for (int i = from; i < from + 4; i++) {
            if ("0123456789abcdef".indexOf(text.substring(i, i + 1).toLowerCase(Locale.ROOT)) < 0) {
                return false;
            }
        }
        return true;
    }
}
