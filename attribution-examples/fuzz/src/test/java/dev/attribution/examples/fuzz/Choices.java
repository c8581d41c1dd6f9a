package dev.attribution.examples.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Turns bytes into decisions, so that random bytes, bytes that coverage guides to, and the bytes of a kept input all make inputs of
 * the same grammar. After the last byte every decision is the first alternative, so a shorter input is a simpler one. Not
 * thread-safe.
 */
final class Choices {
    /** Neighbours of the faults that were found, and what every part of a URL, a file and a page has to bear. */
    private static final List<String> FRAGMENTS = List.of(
            "a",
            "1",
            "T1",
            "-1.50",
            "\u22121.50",
            "(1.50)",
            "1e99",
            "00123",
            "null",
            "undefined",
            "{x}",
            "[[x]]",
            "${x}",
            "{gk_click_id}",
            "%7Bgk_click_id%7D",
            "{member_id}",
            "{GK_CLICK_ID}",
            "&",
            "&amp;",
            "amp;",
            "=",
            "?",
            "#",
            "/",
            "\\",
            "//evil.example",
            "..",
            ".",
            ";",
            ",",
            "|",
            "\t",
            " ",
            "+",
            "%",
            "%2",
            "%zz",
            "%00",
            "%0d%0a",
            "%25",
            "%C3%A9",
            "%ff",
            "\r\n",
            "\n",
            "\"",
            "'",
            "=1+1",
            "@SUM(1)",
            "<script>window.hit=1</script>",
            "\"><img src=x onerror=window.hit=2>",
            "'><svg onload=window.hit=3>",
            "</textarea></title></style>",
            "javascript:window.hit=4",
            "\0",
            "\u001b[2J",
            "\u202e",
            "\u2028",
            "\ufeff",
            "\u00a0",
            "\u00e9",
            "e\u0301",
            "\u0130",
            "\u540d",
            "\ud83d\ude00",
            "\ud83d",
            "\ude00",
            "Set-Cookie: a=b",
            "approved",
            "REVERSED",
            "2",
            "prefetch",
            "Googlebot/2.1");

    private static final int LONG = 9_000;

    private final byte[] bytes;
    private final List<String> log = new ArrayList<>();
    private int at;

    Choices(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    private int next() {
        return at < bytes.length ? bytes[at++] & 0xFF : 0;
    }

    /** {@return a number from 0 to below the bound} */
    int below(int bound) {
        int number = bound <= 256 ? next() : next() << 8 | next();
        return number % bound;
    }

    /** {@return whether a case comes that comes once in so many; never after the last byte} */
    boolean oneIn(int number) {
        return below(number) == number - 1;
    }

    @SafeVarargs
    final <T> T of(T... alternatives) {
        return alternatives[below(alternatives.length)];
    }

    <T> T of(List<T> alternatives) {
        return alternatives.get(below(alternatives.size()));
    }

    /** {@return a text of a few fragments and characters, seldom a long one} */
    String text() {
        StringBuilder text = new StringBuilder();
        int parts = below(6);
        for (int i = 0; i < parts; i++) {
            switch (below(8)) {
                case 0, 1, 2, 3 -> text.append(of(FRAGMENTS));
                case 4, 5 -> text.append((char) (' ' + below(95)));
                case 6 -> text.append((char) below(0x10000));
                default -> text.append(oneIn(150) ? of(FRAGMENTS).repeat(below(LONG) / 4) : "x");
            }
        }
        return text.toString();
    }

    /** {@return a text that is often the given one, sometimes with something in or around it, seldom quite another} */
    String near(String text) {
        return switch (below(8)) {
            case 5 -> of(FRAGMENTS) + text;
            case 6 -> {
                int cut = below(text.length() + 1);
                yield text.substring(0, cut) + of(FRAGMENTS) + text.substring(cut);
            }
            case 7 -> text();
            default -> text;
        };
    }

    byte[] rest() {
        byte[] rest = java.util.Arrays.copyOfRange(bytes, at, bytes.length);
        at = bytes.length;
        return rest;
    }

    /** Notes what an input became, to be shown if it fails. */
    <T> T log(String what, T value) {
        log.add(what + ": " + printable(String.valueOf(value)));
        return value;
    }

    String log() {
        return String.join("\n", log);
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), 600); i++) {
            char c = text.charAt(i);
            out.append(c >= ' ' && c < 127 ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
        }
        return text.length() > 600 ? out + " … (" + text.length() + " characters)" : out.toString();
    }
}
