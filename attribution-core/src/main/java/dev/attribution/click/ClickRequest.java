package dev.attribution.click;

import dev.attribution.InvalidIdException;
import dev.attribution.internal.Ids;
import java.util.Objects;

/**
 * A member's wish to follow an offer's link.
 *
 * <p>Immutable and thread-safe.
 *
 * @param offerId what is clicked
 * @param memberId who clicks
 * @param context what else is known
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
     * Creates a request of which nothing else is known.
     *
     * @param offerId what is clicked
     * @param memberId who clicks
     * @return a new request
     * @throws InvalidIdException if either id is not allowed
     */
    public static ClickRequest of(String offerId, String memberId) {
        return new ClickRequest(offerId, memberId, ClickContext.empty());
    }

    /**
     * Returns this request with a context.
     *
     * @param context what else is known
     * @return a new request
     */
    public ClickRequest with(ClickContext context) {
        return new ClickRequest(offerId, memberId, context);
    }
}
