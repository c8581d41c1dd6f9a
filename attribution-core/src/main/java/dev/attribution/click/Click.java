package dev.attribution.click;

import dev.attribution.InvalidIdException;
import dev.attribution.internal.Ids;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * A member's click on an offer, as it is stored.
 *
 * <p>Immutable and thread-safe.
 *
 * @param clickId the id that travels with the member
 * @param offerId the offer that was clicked
 * @param memberId the member who clicked
 * @param clickedAt the time of the click, truncated to microseconds
 * @param context the circumstances of the click
 */
public record Click(ClickId clickId, String offerId, String memberId, Instant clickedAt, ClickContext context) {
    /**
     * Creates a click.
     *
     * @throws InvalidIdException if the offer id or the member id is not allowed
     */
    public Click {
        Objects.requireNonNull(clickId, "clickId");
        Ids.check("offer id", offerId);
        Ids.check("member id", memberId);
        clickedAt = clickedAt.truncatedTo(ChronoUnit.MICROS);
        Objects.requireNonNull(context, "context");
    }
}
