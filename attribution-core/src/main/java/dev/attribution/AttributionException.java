package dev.attribution;

import org.jspecify.annotations.Nullable;

/**
 * The root of the exceptions that this library throws deliberately.
 *
 * <p>The outcome of a postback is never thrown; it is returned as a {@link dev.attribution.postback.PostbackOutcome}.
 * Incorrect use of the API, such as a {@code null} or a page of minus one rows, raises the JDK's own
 * {@link NullPointerException} or {@link IllegalArgumentException}.
 */
public class AttributionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception without a cause.
     *
     * @param message what failed, for which id, and what to do
     */
    public AttributionException(String message) {
        super(message);
    }

    /**
     * Creates an exception.
     *
     * @param message what failed, for which id, and what to do
     * @param cause the cause, or {@code null}
     */
    public AttributionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
