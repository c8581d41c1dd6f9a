package dev.attribution;

import org.jspecify.annotations.Nullable;

/**
 * A failure of the store: an outage, a lost connection, an unresolved conflict, or data that it cannot hold. It is
 * never turned into an outcome: no postback is "unattributed" because a database was down. Answer the tracker with a
 * 5xx status, so that it calls again.
 *
 * <p>Repeating the call never credits twice, since one click and member are credited once no matter how often the
 * postback arrives. {@link #isTransient()} returns whether repeating can help.
 */
public class StorageException extends AttributionException {
    private static final long serialVersionUID = 1L;

    private final boolean isTransient;

    /**
     * Creates an exception.
     *
     * @param message what failed and what to do; no SQL parameters and no personal data
     * @param isTransient whether the same call may succeed if it is repeated
     * @param cause the cause, or {@code null}
     */
    public StorageException(String message, boolean isTransient, @Nullable Throwable cause) {
        super(message, cause);
        this.isTransient = isTransient;
    }

    /**
     * Returns whether the same call may succeed if it is repeated. In a host's transaction, roll back and repeat the
     * whole transaction.
     *
     * @return {@code true} for an outage, a time-out or a conflict; {@code false} for a missing table, missing rights
     *     or data that the store cannot hold
     */
    public boolean isTransient() {
        return isTransient;
    }
}
