package dev.attribution.conversion;

import java.util.Optional;

/** The judgement of a claim on the facts. */
public sealed interface Verdict {
    /**
     * The claim may be credited, if its places are still free when it is stored.
     *
     * @param slot its place among the click's conversions: an ordinal if credits are limited. Otherwise it may be a unique
     *     number from {@link #FIRST_UNIQUE_SLOT}, since unlimited credits of one click need not wait for ordinals
     * @param exclusiveScope the member's only place on the offer, if the policy allows no other
     */
    record Permitted(long slot, Optional<Scope.OfMember> exclusiveScope) implements Verdict {
        /**
         * The first of the slots that are no ordinals. They come after all ordinals: MariaDB locks the gap before a slot that two
         * lists want, and the winner must be able to write its other credits.
         */
        public static final long FIRST_UNIQUE_SLOT = 1L << 62;
    }

    /**
     * The claim was credited earlier.
     *
     * @param original the conversion that was credited
     * @param sameTransaction whether that conversion has the same transaction id
     */
    record Repeat(Conversion original, boolean sameTransaction) implements Verdict {}

    /**
     * The claim breaks a rule.
     *
     * @param refusal the first rule that the claim breaks
     */
    record Refused(Refusal refusal) implements Verdict {}

    /** The broken rules, in the order in which they are checked. */
    enum Refusal {
        /** The postback names another offer than the click. Checked before duplicates. */
        OFFER_MISMATCH,
        /** The postback names another member than the click. Checked before duplicates. */
        MEMBER_MISMATCH,
        /** The offer requires a transaction id and the postback has none. */
        TRANSACTION_ID_REQUIRED,
        /** The offer does not accept the event. */
        EVENT_NOT_ACCEPTED,
        /** The conversion is dated before the click, or less than the offer's minimum delay after it. */
        TOO_EARLY,
        /** The conversion is dated after the offer's attribution window. */
        OUTSIDE_WINDOW
    }
}
