package dev.attribution;

import org.jspecify.annotations.Nullable;

/**
 * A store that could not do what it was asked: an outage, a lost connection, a conflict it could not settle, data it
 * cannot hold. It is never turned into an outcome: nobody is told "unattributed" because a database was down. Answer the
 * tracker with a 5xx, so that it calls again.
 *
 * <p>Repeating the call is always safe where money is concerned, since one click and member are credited once however
 * often the postback arrives. {@link #isTransient()} says whether repeating can help.
 */
public class StorageException extends AttributionException {
    private static final long serialVersionUID = 1L;

    private final boolean isTransient;

    /**
     * Creates an exception.
     *
     * @param message what failed and what to do; no SQL parameters and no personal data
     * @param isTransient whether the same call may succeed when it is repeated as it is
     * @param cause what raised it, or {@code null}
     */
    public StorageException(String message, boolean isTransient, @Nullable Throwable cause) {
        super(message, cause);
        this.isTransient = isTransient;
    }

    /**
     * Tells whether the same call may succeed when it is repeated as it is. Inside a host's transaction that means:
     * roll back and repeat everything.
     *
     * @return {@code true} for an outage, a time-out or a conflict; {@code false} for a missing table, missing rights or
     *     data that the store cannot hold
     */
    public boolean isTransient() {
        return isTransient;
    }
}
