package dev.attribution.conversion;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/**
 * What a postback claims for a click.
 *
 * <p>Immutable and thread-safe.
 *
 * @param attemptId the id of this attempt
 * @param receivedAt when the postback was received, truncated to microseconds
 * @param offerId the offer it names, if it names one
 * @param memberId the member it names, if it names one
 * @param eventId what happened
 * @param transactionId the tracker's own id of what happened
 */
public record Claim(
        UUID attemptId,
        Instant receivedAt,
        Optional<String> offerId,
        Optional<String> memberId,
        Optional<String> eventId,
        Optional<String> transactionId) {
    /** Creates a claim. */
    public Claim {
        receivedAt = receivedAt.truncatedTo(ChronoUnit.MICROS);
    }
}
