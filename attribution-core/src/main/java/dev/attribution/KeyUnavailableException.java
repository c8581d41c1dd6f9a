package dev.attribution;

import org.jspecify.annotations.Nullable;

/**
 * The application's function that returns the keys of a caller failed or returned no usable key. Nothing was decided or written:
 * answer with a 503 status, so that the caller repeats the postback.
 */
public final class KeyUnavailableException extends AttributionException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what failed and what to do; without a key
     * @param cause what the function threw, or {@code null}
     */
    public KeyUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
