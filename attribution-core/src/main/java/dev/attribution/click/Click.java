package dev.attribution.click;

import dev.attribution.InvalidIdException;
import dev.attribution.internal.Ids;
import dev.attribution.internal.InstantRange;
import dev.attribution.internal.MemberToken;
import dev.attribution.internal.Printable;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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
 * @param flag why the click is not credited, or was not; empty for a click that counts
 * @param memberScope the {@linkplain MemberHash hash} of the member on the offer, which stays when the member is forgotten
 */
public record Click(
        ClickId clickId,
        String offerId,
        String memberId,
        Instant clickedAt,
        ClickContext context,
        Optional<ClickFlag> flag,
        UUID memberScope) {
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
        Objects.requireNonNull(flag, "flag");
        Objects.requireNonNull(memberScope, "memberScope");
    }

    /**
     * Creates a click that counts, with the {@linkplain MemberHash#plain() hash without a key}.
     *
     * @param clickId the id that travels with the member
     * @param offerId the offer that was clicked
     * @param memberId the member who clicked
     * @param clickedAt the time of the click, in the years 1 to 9999
     * @param context the circumstances of the click
     * @throws InvalidIdException if the offer id or the member id is not allowed
     * @throws IllegalArgumentException if the time is outside the years 1 to 9999, which databases hold
     */
    public Click(ClickId clickId, String offerId, String memberId, Instant clickedAt, ClickContext context) {
        this(
                clickId,
                offerId,
                memberId,
                clickedAt,
                context,
                Optional.empty(),
                MemberHash.plain().of(offerId, memberId));
    }

    /** {@return whether the click may be credited: it has no flag, or an operator cleared the flag} */
    public boolean isCreditable() {
        return flag.isEmpty() || !flag.get().stands();
    }

    /**
     * Returns a copy of this click with another flag.
     *
     * @param flag why the click is not credited, or {@code null}
     * @return a new click
     */
    public Click with(@Nullable ClickFlag flag) {
        return new Click(clickId, offerId, memberId, clickedAt, context, Optional.ofNullable(flag), memberScope);
    }

    /**
     * Returns this click as it is after an operator cleared its flag.
     *
     * @param time when the operator did so
     * @return a new click; equal to this one if there is no standing flag
     */
    public Click withFlagCleared(Instant time) {
        return with(flag.map(some -> some.cleared(time)).orElse(null));
    }

    /** {@return whether the member was forgotten: the member id is a random token, and the context is empty} */
    public boolean isForgotten() {
        return MemberToken.isToken(memberId);
    }

    /**
     * Returns whether a stored click is this one: equal in every part, or this one after its member was forgotten.
     *
     * @param stored the click that is stored under the id
     * @return whether an insert of this click is done
     */
    public boolean isStoredAs(Click stored) {
        return equals(stored)
                || (stored.isForgotten()
                        && clickId.equals(stored.clickId)
                        && offerId.equals(stored.offerId)
                        && clickedAt.equals(stored.clickedAt)
                        && flag.equals(stored.flag)
                        && memberScope.equals(stored.memberScope));
    }

    /** {@return a description without the member} */
    @Override
    public String toString() {
        return "Click[" + clickId + ", offer " + Printable.escaped(offerId) + ", at " + clickedAt + ", " + context
                + flag.map(some -> ", " + some).orElse("") + "]";
    }
}
