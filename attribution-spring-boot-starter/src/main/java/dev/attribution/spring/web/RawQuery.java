package dev.attribution.spring.web;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a query as it was sent, where a web server would refuse all of it for one percent sign that begins no escape. */
final class RawQuery {
    private static final int ESCAPE = 3;

    private RawQuery() {}

    /** Returns the first value of a parameter. */
    static Optional<String> first(@Nullable String query, String name) {
        if (query == null) {
            return Optional.empty();
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (decoded(equals < 0 ? pair : pair.substring(0, equals)).equals(name)) {
                return Optional.of(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return Optional.empty();
    }

    /** Decodes as browsers do: a plus is a blank, a bad escape stays as it is, and invalid UTF-8 becomes U+FFFD. */
    static String decoded(String text) {
        StringBuilder decoded = new StringBuilder(text.length());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); ) {
            for (; isEscape(text, i); i += ESCAPE) {
                bytes.write(HexFormat.fromHexDigits(text, i + 1, i + ESCAPE));
            }
            if (bytes.size() > 0) {
                decoded.append(bytes.toString(StandardCharsets.UTF_8));
                bytes.reset();
            } else {
                char c = text.charAt(i++);
                decoded.append(c == '+' ? ' ' : c);
            }
        }
        return decoded.toString();
    }

    private static boolean isEscape(String text, int at) {
        return at + 2 < text.length()
                && text.charAt(at) == '%'
                && HexFormat.isHexDigit(text.charAt(at + 1))
                && HexFormat.isHexDigit(text.charAt(at + 2));
    }
}
