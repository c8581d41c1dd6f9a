package dev.attribution.conversion;

import java.util.Optional;

/** What is to become of a claim, as far as the facts go. */
public sealed interface Verdict {
    /**
     * It may be credited, if the places it takes are still free when it is stored.
     *
     * @param slot its place among the click's conversions: its ordinal, where credits are limited, else perhaps a
     *     negative number of its own, so that unlimited credits of one click need not queue for ordinals
     * @param exclusiveScope the member's one place on the offer, where the policy allows no other
     */
    record Permitted(long slot, Optional<Scope.OfMember> exclusiveScope) implements Verdict {}

    /**
     * It was credited before.
     *
     * @param original the conversion that stands in its way
     * @param sameTransaction whether that one has the same transaction id
     */
    record Repeat(Conversion original, boolean sameTransaction) implements Verdict {}

    /**
     * It breaks a rule.
     *
     * @param refusal the first rule that it breaks
     */
    record Refused(Refusal refusal) implements Verdict {}

    /** The rules, in the order in which they are checked. */
    enum Refusal {
        /** The postback names the offer of the click, or none. Checked before duplicates. */
        OFFER_MISMATCH,
        /** The postback names the member of the click, or none. Checked before duplicates. */
        MEMBER_MISMATCH,
        /** The postback has a transaction id where the offer requires one. */
        TRANSACTION_ID_REQUIRED,
        /** The offer accepts the event. */
        EVENT_NOT_ACCEPTED,
        /** The conversion does not come before the click, or sooner after it than the offer allows. */
        TOO_EARLY,
        /** The conversion comes within the offer's attribution window. */
        OUTSIDE_WINDOW
    }
}
