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
 * @param eventId the event whose earliest conversion is wanted, or {@code null} for the earliest conversion without an event
 * @param transactionId the transaction id whose conversion is wanted, or {@code null} for none
 */
public record FactsQuery(
        Scope scope, @Nullable String eventId, @Nullable String transactionId) {
    /** Creates a query. */
    public FactsQuery {
        Objects.requireNonNull(scope, "scope");
    }
}
