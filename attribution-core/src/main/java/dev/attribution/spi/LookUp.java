package dev.attribution.spi;

import dev.attribution.click.ClickId;
import java.util.Objects;
import java.util.Optional;

/**
 * A question for what a postback is decided on.
 *
 * <p>Immutable and thread-safe.
 *
 * @param clickId the click that the postback names
 * @param eventId the event that it names
 * @param transactionId the transaction id that it names
 */
public record LookUp(ClickId clickId, Optional<String> eventId, Optional<String> transactionId) {
    /** Creates a question. */
    public LookUp {
        Objects.requireNonNull(clickId, "clickId");
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(transactionId, "transactionId");
    }
}
