package dev.attribution.internal;

import java.nio.charset.StandardCharsets;

/** Percent-encoding (RFC 3986, section 2). */
public final class PercentCode {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RESERVED = new byte[128]; // 1 for each character that is encoded

    static {
        for (char c = 0; c < 128; c++) {
            RESERVED[c] = (byte) ("-._~".indexOf(c) >= 0 || digitOrLetter(c) ? 0 : 1);
        }
    }

    private PercentCode() {}

    private static boolean digitOrLetter(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    /**
     * Encodes everything but the unreserved characters of RFC 3986, section 2.3, so the value has the same meaning in
     * any part of a URI and cannot end that part.
     *
     * @param value any text; half a surrogate pair is encoded as U+FFFD
     * @return pure ASCII; the same instance if no character needs encoding
     */
    public static String encode(String value) {
        int reserved = 0;
        int all = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            reserved += RESERVED[c & 0x7f];
            all |= c;
        }
        if (all >= 0x80) {
            return encoded(WellFormed.halfPairsReplaced(value).getBytes(StandardCharsets.UTF_8));
        }
        return reserved == 0 ? value : encodedAscii(value, value.length() + 2 * reserved);
    }

    private static String encodedAscii(String value, int length) {
        byte[] encoded = new byte[length];
        int end = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (RESERVED[c] == 0) {
                encoded[end++] = (byte) c;
            } else {
                encoded[end++] = '%';
                encoded[end++] = HEX[c >> 4];
                encoded[end++] = HEX[c & 15];
            }
        }
        return new String(encoded, StandardCharsets.ISO_8859_1);
    }

    private static String encoded(byte[] utf8) {
        byte[] encoded = new byte[3 * utf8.length];
        int length = 0;
        for (byte b : utf8) {
            if (isUnreserved((char) (b & 0xff))) {
                encoded[length++] = b;
            } else {
                encoded[length++] = '%';
                encoded[length++] = HEX[b >> 4 & 15];
                encoded[length++] = HEX[b & 15];
            }
        }
        return new String(encoded, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static boolean isUnreserved(char c) {
        return c < 128 && RESERVED[c] == 0;
    }

    /**
     * Reads one escape.
     *
     * @param text the text
     * @param index the position of a possible percent sign
     * @return the byte, 0 to 255, or -1 if there is no complete escape at the position
     */
    public static int at(String text, int index) {
        if (text.charAt(index) != '%' || index + 2 >= text.length()) {
            return -1;
        }
        int high = digit(text.charAt(index + 1));
        int low = digit(text.charAt(index + 2));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static int digit(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    /**
     * Decodes a form value as browsers do (WHATWG URL, section 5.1): a plus is a space, a bad escape stays as it is,
     * invalid UTF-8 becomes U+FFFD, and so does half a surrogate pair.
     *
     * @param text the text
     * @param from the first character of the value
     * @param to the end of the value
     * @return the decoded value
     */
    public static String decodeForm(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '%' || c == '+' || Character.isSurrogate(c)) {
                return decodeFormSlowly(text.substring(from, to));
            }
        }
        return text.substring(from, to);
    }

    private static String decodeFormSlowly(String value) {
        StringBuilder decoded = new StringBuilder(value.length());
        byte[] run = new byte[value.length() / 3];
        for (int i = 0; i < value.length(); ) {
            int length = 0;
            for (int code; i < value.length() && (code = at(value, i)) >= 0; i += 3) {
                run[length++] = (byte) code;
            }
            if (length > 0) {
                decoded.append(new String(run, 0, length, StandardCharsets.UTF_8));
            } else {
                char c = value.charAt(i++);
                decoded.append(c == '+' ? ' ' : c);
            }
        }
        return WellFormed.halfPairsReplaced(decoded.toString());
    }
}
