package dev.attribution.conversion;

import org.jspecify.annotations.Nullable;

/**
 * The form of call keys. A call key is what makes two calls of a caller about one click the same; a call without a transaction
 * id has none. A key begins with its form, so that keys of two forms never meet.
 */
public enum CallKey {
    /** The transaction id. */
    TRANSACTION_ID,
    /** The transaction id together with the event, for callers that use one transaction id for several events. */
    TRANSACTION_ID_AND_EVENT;

    /**
     * Returns the key of a call.
     *
     * @param transactionId the transaction id that the call names, or {@code null}
     * @param eventId the event that the call names, or {@code null}
     * @return the key, or {@code null} without a transaction id
     */
    public @Nullable String of(@Nullable String transactionId, @Nullable String eventId) {
        if (transactionId == null) {
            return null;
        }
        return this == TRANSACTION_ID
                ? "t:" + transactionId
                : "e:" + transactionId.length() + ":" + transactionId + (eventId == null ? "" : ":" + eventId);
    }
}
