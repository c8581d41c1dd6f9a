package dev.attribution.link;

import dev.attribution.internal.PercentCode;

/**
 * Counts the readers of a value that stands inside another one, as in {@code referrer=m%3D{member_id}}: the receiver of the link
 * decodes {@code referrer}, and another reader then decodes {@code m}. Each reader needs one encoding.
 */
final class NestedValue {
    private NestedValue() {}

    /**
     * Returns how often a value must be encoded.
     *
     * @param before what stands in front of it in the same query value or path segment, as written in the link
     * @return 1 if the value is not nested, and 1 more for each level
     */
    static int levels(String before) {
        int levels = 1;
        int decoded = 0;
        String text = before;
        while (true) {
            String plain = text.replace("+", "%2B"); // a plus is no separator, and no matter here
            String next = PercentCode.decodeForm(plain, 0, plain.length());
            decoded++;
            if (hasEncodedSeparator(text) || hasQuery(text)) {
                levels += decoded;
                decoded = 0;
                next = lastValue(next);
            } else if (next.equals(text)) {
                return levels;
            }
            text = next;
        }
    }

    private static boolean hasEncodedSeparator(String text) {
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
            int code = PercentCode.at(text, i);
            if (code == '=' || code == '&' || code == '?') {
                return true;
            }
        }
        return false;
    }

    /** Whether the text is a URL that was not encoded, as in {@code url=https://e.com/?m=}. */
    private static boolean hasQuery(String text) {
        int question = text.indexOf('?');
        return question >= 0 && text.indexOf('=', question) >= 0;
    }

    /** {@return what stands in front of the value as its next reader sees it} */
    private static String lastValue(String text) {
        int question = text.indexOf('?');
        int equals = text.indexOf('=');
        boolean isUrl = question >= 0 && (equals < 0 || question < equals);
        String query = isUrl ? text.substring(question + 1) : text;
        String pair = query.substring(query.lastIndexOf('&') + 1);
        return pair.substring(pair.indexOf('=') + 1);
    }
}
