package dev.attribution.click;

import dev.attribution.InvalidIdException;
import dev.attribution.internal.Ids;
import dev.attribution.internal.InstantRange;
import dev.attribution.internal.Printable;
import java.time.Instant;
import java.util.Objects;

/**
 * A member's click on an offer, as it is stored.
 *
 * <p>Immutable and thread-safe.
 *
 * @param clickId the id that travels with the member
 * @param offerId the offer that was clicked
 * @param memberId the member who clicked
 * @param clickedAt the time of the click, in the years 1 to 9999, truncated to microseconds
 * @param context the circumstances of the click
 */
public record Click(ClickId clickId, String offerId, String memberId, Instant clickedAt, ClickContext context) {
    /**
     * Creates a click.
     *
     * @throws InvalidIdException if the offer id or the member id is not allowed
     * @throws IllegalArgumentException if the time is outside the years 1 to 9999, which databases hold
     */
    public Click {
        Objects.requireNonNull(clickId, "clickId");
        Ids.check("offer id", offerId);
        Ids.check("member id", memberId);
        clickedAt = InstantRange.checked("a click", clickedAt);
        Objects.requireNonNull(context, "context");
    }

    /** {@return a description without the member} */
    @Override
    public String toString() {
        return "Click[" + clickId + ", offer " + Printable.escaped(offerId) + ", at " + clickedAt + ", " + context
                + "]";
    }
}
