package dev.attribution;

import org.jspecify.annotations.Nullable;

/**
 * Too many callers wait for the store already. Nothing was written and nothing is under way: answer with a 503, or call again
 * later.
 */
public final class OverloadedException extends StorageException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what is full and what to do; not the id of a person
     * @param cause the executor's rejection, or {@code null}
     */
    public OverloadedException(String message, @Nullable Throwable cause) {
        super(message, true, cause);
    }
}
