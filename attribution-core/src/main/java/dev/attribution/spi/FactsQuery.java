package dev.attribution.spi;

import dev.attribution.conversion.Scope;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A query for the facts of a scope.
 *
 * <p>Immutable and thread-safe.
 *
 * @param scope the scope
 * @param eventId the requested event, or {@code null} to request the earliest conversion without an event
 * @param transactionId the requested transaction id, or {@code null} to request none
 */
public record FactsQuery(
        Scope scope, @Nullable String eventId, @Nullable String transactionId) {
    /** Creates a query. */
    public FactsQuery {
        Objects.requireNonNull(scope, "scope");
    }
}
