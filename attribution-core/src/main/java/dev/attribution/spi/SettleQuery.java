package dev.attribution.spi;

import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.offer.Offer;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A postback that a store may settle while it looks up what the postback is decided on.
 *
 * <p>Immutable and thread-safe.
 *
 * @param lookUp the query of the look-up
 * @param receivedAt the time at which the postback was received
 * @param caller the name of the caller
 * @param offerId the offer that the postback names, or {@code null}
 * @param memberId the member that the postback names, or {@code null}
 * @param decision returns what the postback writes if this was looked up. Pure: for an equal look-up it returns an equal
 *     settlement, always under the same attempt id, and does no I/O. A store may call it as often as it likes, also with a
 *     look-up that it only expects
 */
public record SettleQuery(
        LookUpQuery lookUp,
        Instant receivedAt,
        String caller,
        @Nullable String offerId,
        @Nullable String memberId,
        Function<LookUpResult, Settlement> decision) {
    private static final String ANY = "-";
    private static final UUID ANY_MEMBER = new UUID(0, 0);
    private static final Offer WITHOUT_RULES = Offer.builder(ANY)
            .trackingLink("https://example.com/{gk_click_id}")
            .duplicatePolicy(DuplicatePolicy.onePerClickAndMember())
            .build();

    /** Creates a query. */
    public SettleQuery {
        Objects.requireNonNull(lookUp, "lookUp");
        Objects.requireNonNull(receivedAt, "receivedAt");
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(decision, "decision");
    }

    /**
     * Returns what the postback writes in the most frequent case: its click has no conversion, and the click's offer has
     * no rules and credits each click once. A store that expects this case prepares its write with it. The offer and the
     * member of the settlement are those that the postback names, or placeholders, and the member's hash is a placeholder; the
     * store replaces all three by those of the click. Everything else in it is what {@link #decision} returns for the click itself.
     *
     * @return a settlement; a credit at slot 1, unless the postback can win nothing
     */
    public Settlement expected() {
        Click click = new Click(
                lookUp.clickId(),
                Objects.requireNonNullElse(offerId, ANY),
                Objects.requireNonNullElse(memberId, ANY),
                receivedAt,
                ClickContext.empty(),
                Optional.empty(),
                ANY_MEMBER);
        return decision.apply(new LookUpResult(click, Optional.of(WITHOUT_RULES), Facts.NONE));
    }

    /** {@return a description without the member} */
    @Override
    public String toString() {
        return "SettleQuery[" + lookUp + "]";
    }
}
