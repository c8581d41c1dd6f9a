package dev.attribution.spi;

import dev.attribution.click.ClickId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A query for the data on which a postback is decided.
 *
 * <p>Immutable and thread-safe.
 *
 * @param clickId the click that the postback names
 * @param eventId the event that the postback names, or {@code null}
 * @param transactionId the transaction id that the postback names, or {@code null}
 */
public record LookUpQuery(
        ClickId clickId, @Nullable String eventId, @Nullable String transactionId) {
    /** Creates a query. */
    public LookUpQuery {
        Objects.requireNonNull(clickId, "clickId");
    }
}
