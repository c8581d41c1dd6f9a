package dev.attribution.spi;

import dev.attribution.conversion.Scope;
import java.util.Objects;
import java.util.Optional;

/**
 * A question for the facts of a scope.
 *
 * <p>Immutable and thread-safe.
 *
 * @param scope the scope
 * @param eventId the event of which the earliest conversion is wanted; empty for the earliest without an event
 * @param transactionId the transaction id of which the conversion is wanted; empty for none
 */
public record FactsQuery(Scope scope, Optional<String> eventId, Optional<String> transactionId) {
    /** Creates a question. */
    public FactsQuery {
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(transactionId, "transactionId");
    }
}
