package dev.attribution.postback;

import dev.attribution.InvalidIdException;
import dev.attribution.KeyUnavailableException;
import dev.attribution.OverloadedException;
import dev.attribution.SpeculativeClickException;
import dev.attribution.StorageException;
import dev.attribution.TransactionMisuseException;
import dev.attribution.UnknownCallerException;
import dev.attribution.UnknownOfferException;
import dev.attribution.link.InvalidLinkValueException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

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
    private static final String RETRY_AFTER = "Retry-After";
    private static final Map<String, String> PLAIN = Map.of(
            "Content-Type",
            "text/plain; charset=utf-8",
            "Cache-Control",
            "no-store",
            "X-Content-Type-Options",
            "nosniff");

    /** The answer to an error in the program or in its settings. */
    static final HttpAnswer FAILED = new HttpAnswer(500, "FAILED");

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

    /**
     * Answers a request that ended with an exception of this library, of a click as of a postback. The body contains nothing of
     * the exception and nothing of the request.
     *
     * <ul>
     *   <li>503 with {@code Retry-After}, so that the request is repeated: a {@link StorageException}, transient or not, and an
     *       {@link OverloadedException}; a {@link KeyUnavailableException}. Nothing is lost by a repetition, and nothing counts
     *       twice.
     *   <li>503 without {@code Retry-After}: a {@link SpeculativeClickException}. A browser discards the answer, and asks again
     *       when the person follows the link.
     *   <li>404: an {@link UnknownOfferException} or an {@link UnknownCallerException}.
     *   <li>400: an {@link InvalidIdException}, which says that the request has an id that is not allowed, or an
     *       {@link InvalidLinkValueException}, which says that it has a value that the offer's link cannot take.
     *   <li>500: everything else, such as a {@link TransactionMisuseException}, an {@link IllegalArgumentException} or what a
     *       handler of the application throws: an error in the program or in its settings, and nothing that the sender did
     *       wrong. Most senders repeat the request.
     * </ul>
     *
     * <p>The cause of a {@link CompletionException} or an {@link ExecutionException} is answered instead of it. For a postback
     * of a known caller use {@link Answers#failed}.
     *
     * @param failure what a method of this library threw
     * @return the answer, which is not cached
     */
    public static HttpAnswer of(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof OverloadedException) {
            return new HttpAnswer(503, "OVERLOADED").with(RETRY_AFTER, "1");
        }
        if (isOutage(cause)) {
            return new HttpAnswer(503, "UNAVAILABLE").with(RETRY_AFTER, "5");
        }
        if (cause instanceof SpeculativeClickException) {
            return new HttpAnswer(503, "SPECULATIVE");
        }
        if (cause instanceof UnknownOfferException || cause instanceof UnknownCallerException) {
            return new HttpAnswer(404, "UNKNOWN");
        }
        boolean isInvalid = cause instanceof InvalidIdException || cause instanceof InvalidLinkValueException;
        return isInvalid ? new HttpAnswer(400, "INVALID") : FAILED;
    }

    static boolean isOutage(Throwable cause) {
        return cause instanceof StorageException || cause instanceof KeyUnavailableException;
    }

    HttpAnswer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new HttpAnswer(status, more, body);
    }
}
