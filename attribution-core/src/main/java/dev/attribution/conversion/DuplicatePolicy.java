package dev.attribution.conversion;

import dev.attribution.click.Click;
import dev.attribution.conversion.Verdict.Permitted;
import dev.attribution.conversion.Verdict.RepeatCause;
import dev.attribution.internal.Printable;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How often a click, or a member on an offer, is credited. Under every policy a click's transaction id counts once, and
 * a conversion that took its place under one policy keeps it under every other policy, pending or reversed.
 *
 * <p>Immutable and thread-safe. Decides on facts alone, without I/O.
 *
 * <pre>{@code
 * Offer quiz = Offer.builder("quiz")
 *         .trackingLink("https://example.com/quiz?sub1={gk_click_id}")
 *         .duplicatePolicy(DuplicatePolicy.onePerEvent())
 *         .build();
 * }</pre>
 */
public final class DuplicatePolicy {
    private static final Pattern AT_MOST = Pattern.compile("at-most-([1-9][0-9]{0,8})");
    private static final DuplicatePolicy ONE_PER_CLICK_AND_MEMBER = new DuplicatePolicy(PolicyKind.LIMITED, 1);
    private static final DuplicatePolicy ALLOW_REPEAT_CONVERSIONS = new DuplicatePolicy(PolicyKind.UNLIMITED, 0);
    private static final DuplicatePolicy ONE_PER_EVENT = new DuplicatePolicy(PolicyKind.PER_EVENT, 1);
    private static final DuplicatePolicy ONE_PER_MEMBER_AND_OFFER = new DuplicatePolicy(PolicyKind.PER_MEMBER, 1);

    private enum PolicyKind {
        LIMITED,
        UNLIMITED,
        PER_EVENT,
        PER_MEMBER
    }

    private final PolicyKind kind;
    private final int limit;

    private DuplicatePolicy(PolicyKind kind, int limit) {
        this.kind = kind;
        this.limit = limit;
    }

    /** {@return the default policy: one conversion per click, and so per click and member} */
    public static DuplicatePolicy onePerClickAndMember() {
        return ONE_PER_CLICK_AND_MEMBER;
    }

    /**
     * {@return the policy "Allow Repeat Conversions": every postback is credited. A replay is recognized by its
     * transaction id alone; an offer can require one}
     */
    public static DuplicatePolicy allowRepeatConversions() {
        return ALLOW_REPEAT_CONVERSIONS;
    }

    /** {@return the policy of one conversion per click and event. Postbacks without an event share one credit} */
    public static DuplicatePolicy onePerEvent() {
        return ONE_PER_EVENT;
    }

    /** {@return the policy of one conversion per member and offer, over all of the member's clicks} */
    public static DuplicatePolicy onePerMemberAndOffer() {
        return ONE_PER_MEMBER_AND_OFFER;
    }

    /**
     * Returns the policy of a limited number of conversions per click. A replay is recognized by its transaction id, or
     * because the limit is reached.
     *
     * @param limit at least 1; {@code atMost(1)} is {@link #onePerClickAndMember()}
     * @return the policy
     * @throws IllegalArgumentException if the limit is not between 1 and 999,999,999
     */
    public static DuplicatePolicy atMost(int limit) {
        if (limit < 1 || limit > 999_999_999) {
            throw new IllegalArgumentException("A limit of conversions is between 1 and 999,999,999, not " + limit);
        }
        return limit == 1 ? ONE_PER_CLICK_AND_MEMBER : new DuplicatePolicy(PolicyKind.LIMITED, limit);
    }

    /**
     * Reads a policy from its name, as {@link #toString()} returns it.
     *
     * @param text the name
     * @return the policy
     * @throws IllegalArgumentException if no policy has this name
     */
    public static DuplicatePolicy parse(String text) {
        return switch (text) {
            case "one-per-click-and-member" -> ONE_PER_CLICK_AND_MEMBER;
            case "allow-repeat-conversions" -> ALLOW_REPEAT_CONVERSIONS;
            case "one-per-event" -> ONE_PER_EVENT;
            case "one-per-member-and-offer" -> ONE_PER_MEMBER_AND_OFFER;
            default -> parseLimit(text);
        };
    }

    private static DuplicatePolicy parseLimit(String text) {
        Matcher atMost = AT_MOST.matcher(text);
        if (!atMost.matches()) {
            throw new IllegalArgumentException(
                    "No duplicate policy is called '" + Printable.quoted(text)
                            + "': use one-per-click-and-member, allow-repeat-conversions, one-per-event, one-per-member-and-offer or at-most-N");
        }
        return atMost(Integer.parseInt(atMost.group(1)));
    }

    /**
     * Returns the scope that provides the facts for {@link #decide}.
     *
     * @param click the click that a postback names
     * @return the scope of the click, or of its member on its offer
     */
    public Scope scopeOf(Click click) {
        return kind == PolicyKind.PER_MEMBER ? Scope.ofMember(click) : Scope.ofClick(click);
    }

    /** {@return whether a click can have several conversions of one event} */
    boolean allowsRepeats() {
        return kind == PolicyKind.UNLIMITED || (kind == PolicyKind.LIMITED && limit > 1);
    }

    /**
     * Decides whether a place is free for a message that addresses no conversion.
     *
     * @param click the click that the postback names
     * @param attemptId the id of the attempt
     * @param facts the facts of the click's {@linkplain #scopeOf scope}, read for the message's event
     * @return a permission or a repeat
     */
    public Verdict decide(Click click, UUID attemptId, Facts facts) {
        Optional<Conversion> holder = switch (kind) {
            case UNLIMITED -> Optional.empty();
            case PER_EVENT -> facts.sameEvent();
            case LIMITED, PER_MEMBER -> facts.count() < limit ? Optional.empty() : facts.first();
        };
        if (holder.isPresent()) {
            return new Verdict.Repeat(holder.get(), holding(holder.get()));
        }
        return switch (kind) {
            case LIMITED, PER_EVENT -> new Permitted(facts.count() + 1, Optional.empty());
            case UNLIMITED -> new Permitted(facts.count() == 0 ? 1 : uniqueSlot(attemptId), Optional.empty());
            case PER_MEMBER -> new Permitted(1, Optional.of(Scope.ofMember(click)));
        };
    }

    /** {@return a slot from the random bits of the attempt id} */
    private static long uniqueSlot(UUID attemptId) {
        return (attemptId.getLeastSignificantBits() & (Permitted.FIRST_UNIQUE_SLOT - 1)) | Permitted.FIRST_UNIQUE_SLOT;
    }

    private static RepeatCause holding(Conversion holder) {
        return switch (holder.status()) {
            case PENDING -> RepeatCause.PENDING;
            case APPROVED -> RepeatCause.CREDITED;
            case REVERSED -> RepeatCause.REVERSED;
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DuplicatePolicy that && kind == that.kind && limit == that.limit;
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, limit);
    }

    /** {@return the policy's name, as stores keep it and {@link #parse} reads it} */
    @Override
    public String toString() {
        return switch (kind) {
            case LIMITED -> limit == 1 ? "one-per-click-and-member" : "at-most-" + limit;
            case UNLIMITED -> "allow-repeat-conversions";
            case PER_EVENT -> "one-per-event";
            case PER_MEMBER -> "one-per-member-and-offer";
        };
    }
}
