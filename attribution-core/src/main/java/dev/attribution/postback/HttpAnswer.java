package dev.attribution.postback;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The answer to a caller.
 *
 * <p>Immutable and thread-safe.
 *
 * @param status an HTTP status code: 200 if the postback was recorded or is a replay, so the caller stops; 4xx if it will never
 *     count; 503 if the caller should repeat it
 * @param headers the headers to set, by their names
 * @param body plain text that contains nothing of the request, except a parameter that the caller's {@link Answers} echo,
 *     percent-encoded; so it is safe under any content type
 */
public record HttpAnswer(int status, Map<String, String> headers, String body) {
    private static final Map<String, String> PLAIN = Map.of(
            "Content-Type",
            "text/plain; charset=utf-8",
            "Cache-Control",
            "no-store",
            "X-Content-Type-Options",
            "nosniff");

    /**
     * Creates an answer.
     *
     * @throws IllegalArgumentException if a header is empty or contains a control character
     */
    public HttpAnswer {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        headers.forEach((name, value) -> {
            if (name.isEmpty() || (name + value).chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("A header of an answer is empty or contains a control character");
            }
        });
        Objects.requireNonNull(body, "body");
    }

    /**
     * Creates an answer in plain text that is not cached.
     *
     * @param status the status code
     * @param body the body
     */
    public HttpAnswer(int status, String body) {
        this(status, PLAIN, body);
    }

    HttpAnswer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new HttpAnswer(status, more, body);
    }
}
