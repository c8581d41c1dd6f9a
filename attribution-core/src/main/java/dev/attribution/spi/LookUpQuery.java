package dev.attribution.spi;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.CallKey;
import dev.attribution.conversion.ConversionStatus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A query for the data on which a message is decided.
 *
 * <p>Immutable and thread-safe.
 *
 * @param clickId the click that the message names
 * @param eventId the event that the message names, or {@code null}
 * @param callKey the call key of the message ({@link CallKey}), or {@code null}
 * @param status the status that the message says; one that is not understood counts as {@code APPROVED} here
 */
public record LookUpQuery(
        ClickId clickId, @Nullable String eventId, @Nullable String callKey, ConversionStatus status) {
    /** Creates a query. */
    public LookUpQuery {
        Objects.requireNonNull(clickId, "clickId");
        Objects.requireNonNull(status, "status");
    }
}
