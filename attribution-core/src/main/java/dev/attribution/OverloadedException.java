package dev.attribution;

import org.jspecify.annotations.Nullable;

/**
 * Too many callers are already waiting for the store. Nothing was written and nothing is in progress: answer with a 503
 * status, or call again later.
 */
public final class OverloadedException extends StorageException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what is full and what to do; without the id of a person
     * @param cause the executor's rejection, or {@code null}
     */
    public OverloadedException(String message, @Nullable Throwable cause) {
        super(message, true, cause);
    }
}
