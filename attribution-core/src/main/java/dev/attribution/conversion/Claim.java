package dev.attribution.conversion;

import dev.attribution.internal.Printable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a postback says about a click.
 *
 * <p>Immutable and thread-safe.
 *
 * @param attemptId the id of this attempt
 * @param receivedAt the time at which the postback was received, truncated to microseconds
 * @param offerId the offer that the postback names, or {@code null}
 * @param memberId the member that the postback names, or {@code null}
 * @param eventId the event that the postback names, or {@code null}
 * @param callKey what makes the postback the same as another one of its click ({@link CallKey}), or {@code null}
 * @param status the status that the postback says, or {@code null} if what it says is not understood
 */
public record Claim(
        UUID attemptId,
        Instant receivedAt,
        @Nullable String offerId,
        @Nullable String memberId,
        @Nullable String eventId,
        @Nullable String callKey,
        @Nullable ConversionStatus status) {
    /** Creates a claim. */
    public Claim {
        receivedAt = receivedAt.truncatedTo(ChronoUnit.MICROS);
    }

    /** {@return a description without the member} */
    @Override
    public String toString() {
        return "Claim[" + attemptId + ", at " + receivedAt + ", " + status
                + (offerId == null ? "" : ", offer " + Printable.escaped(offerId))
                + (eventId == null ? "" : ", event " + Printable.escaped(eventId))
                + (callKey == null ? "" : ", key " + Printable.escaped(callKey)) + "]";
    }
}
