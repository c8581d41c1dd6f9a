package dev.attribution.click;

import dev.attribution.InvalidIdException;
import dev.attribution.internal.Ids;
import dev.attribution.internal.Printable;
import java.util.Objects;

/**
 * A member's request to follow an offer's link.
 *
 * <p>Immutable and thread-safe.
 *
 * @param offerId the offer that is clicked
 * @param memberId the member who clicks
 * @param context the circumstances of the click
 */
public record ClickRequest(String offerId, String memberId, ClickContext context) {
    /**
     * Creates a request.
     *
     * @throws InvalidIdException if the offer id or the member id is not allowed
     */
    public ClickRequest {
        Ids.check("offer id", offerId);
        Ids.check("member id", memberId);
        Objects.requireNonNull(context, "context");
    }

    /**
     * Creates a request with an empty context.
     *
     * @param offerId the offer that is clicked
     * @param memberId the member who clicks
     * @return a new request
     * @throws InvalidIdException if either id is not allowed
     */
    public static ClickRequest of(String offerId, String memberId) {
        return new ClickRequest(offerId, memberId, ClickContext.empty());
    }

    /** {@return a description without the member} */
    @Override
    public String toString() {
        return "ClickRequest[offer " + Printable.escaped(offerId) + ", " + context + "]";
    }

    /**
     * Returns a copy of this request with another context.
     *
     * @param context the circumstances of the click
     * @return a new request
     */
    public ClickRequest with(ClickContext context) {
        return new ClickRequest(offerId, memberId, context);
    }
}
