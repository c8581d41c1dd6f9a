package dev.attribution.spi;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.CallKey;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.Scope;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A query for the facts on which a message is decided.
 *
 * <p>Immutable and thread-safe.
 *
 * @param clickId the click that the message names
 * @param scope the scope of the policy: this click, or its member on its offer
 * @param eventId the event that the message names, or {@code null}
 * @param callKey the call key of the message ({@link CallKey}), or {@code null}
 * @param status the status that the message says
 */
public record FactsQuery(
        ClickId clickId,
        Scope scope,
        @Nullable String eventId,
        @Nullable String callKey,
        ConversionStatus status) {
    /** Creates a query. */
    public FactsQuery {
        Objects.requireNonNull(clickId, "clickId");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(status, "status");
    }
}
