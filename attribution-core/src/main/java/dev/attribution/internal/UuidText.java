package dev.attribution.internal;

import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the canonical text form of a UUID (RFC 9562, section 4). */
public final class UuidText {
    /** The length of the text. */
    public static final int LENGTH = 36;

    private static final byte[] DIGITS = new byte[256]; // Character.digit would also accept the digits of other scripts

    static {
        Arrays.fill(DIGITS, (byte) -1);
        for (char c = 0; c < 128; c++) {
            DIGITS[c] = (byte) Character.digit(c, 16);
        }
    }

    private UuidText() {}

    /**
     * Reads a UUID strictly: 32 hexadecimal digits in either case, in groups of 8-4-4-4-12.
     *
     * @param text a text
     * @param start the position of the first digit, with at least {@value #LENGTH} characters from there on
     * @return the UUID, or {@code null} if the text contains anything else there
     */
    public static @Nullable UUID at(String text, int start) {
        if (text.charAt(start + 8) != '-'
                || text.charAt(start + 13) != '-'
                || text.charAt(start + 18) != '-'
                || text.charAt(start + 23) != '-') {
            return null;
        }
        long first = digits(text, start);
        long second = digits(text, start + 4);
        long third = digits(text, start + 9);
        long fourth = digits(text, start + 14);
        long fifth = digits(text, start + 19);
        long sixth = digits(text, start + 24);
        long seventh = digits(text, start + 28);
        long eighth = digits(text, start + 32);
        return (first | second | third | fourth | fifth | sixth | seventh | eighth) < 0
                ? null
                : new UUID(
                        first << 48 | second << 32 | third << 16 | fourth,
                        fifth << 48 | sixth << 32 | seventh << 16 | eighth);
    }

    /** Reads four digits. Negative if one of the characters is not a digit. */
    private static int digits(String text, int start) {
        char first = text.charAt(start);
        char second = text.charAt(start + 1);
        char third = text.charAt(start + 2);
        char fourth = text.charAt(start + 3);
        return DIGITS[first & 0xff] << 12
                | DIGITS[second & 0xff] << 8
                | DIGITS[third & 0xff] << 4
                | DIGITS[fourth & 0xff]
                | (0xff - (first | second | third | fourth)) >> 31; // all bits if one is beyond the table
    }
}
