package dev.attribution.postback;

import java.util.Optional;

/** What makes two calls of a {@link Caller} the same. The stored key begins with its form, so that two forms never meet. */
public enum CallKey {
    /** The transaction id. */
    TRANSACTION_ID,
    /** The transaction id together with the event, for callers that use one transaction id for several events. */
    TRANSACTION_ID_AND_EVENT;

    Optional<String> of(Optional<String> transactionId, Optional<String> eventId) {
        return transactionId.map(id -> this == TRANSACTION_ID
                ? "t:" + id
                : "e:" + id.length() + ":" + id
                        + eventId.map(event -> ":" + event).orElse(""));
    }
}
