package dev.attribution.examples.fuzz;

/** Conditions, without the cost of a description while they hold. */
final class Holds {
    private Holds() {}

    static void that(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("does not hold: " + what);
        }
    }

    static void same(Object actual, Object expected, String what) {
        if (!expected.equals(actual)) {
            throw new AssertionError("does not hold: " + what + ", expected " + expected + ", was " + actual);
        }
    }

    /** No line break and no control character, so that it can stand in a header or a line of a log. */
    static void oneLine(String text, String what) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            that(c >= ' ' && c != 127 && !(c >= 0x80 && c < 0xA0) && c != 0x2028 && c != 0x2029 && c != 0x202E, what);
        }
    }

    static void graphicAscii(String text, String what) {
        for (int i = 0; i < text.length(); i++) {
            that(text.charAt(i) > ' ' && text.charAt(i) < 127, what);
        }
    }
}
