package dev.attribution.conversion;

import java.util.Optional;

/** The judgement of a message on the facts. */
public sealed interface Verdict {
    /**
     * The message may make a conversion, if its places are still free when it is stored.
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
     * The message changes the status of a conversion, if nothing else has changed it when the change is stored.
     *
     * @param addressed the conversion as the decision saw it
     */
    record Changed(Conversion addressed) implements Verdict {}

    /** The message reverses a transaction that has no conversion yet, and reserves its id. */
    record Reserved() implements Verdict {}

    /**
     * The message says what was said earlier, or its place is taken.
     *
     * @param original the conversion that is addressed, or that holds the place
     * @param cause why the message does nothing
     */
    record Repeat(Conversion original, RepeatCause cause) implements Verdict {}

    /**
     * The message breaks a rule.
     *
     * @param refusal the first rule that the message breaks
     */
    record Refused(Refusal refusal) implements Verdict {}

    /** Why a message does nothing to a conversion. */
    enum RepeatCause {
        /** The conversion has the message's transaction id, and counts. */
        TRANSACTION_COUNTED,
        /** The conversion counts, and holds the place. */
        CREDITED,
        /** The conversion is pending, and holds the place. */
        PENDING,
        /** The conversion is reversed, and no postback leads back. */
        REVERSED,
        /** An operator reinstated the conversion, and no postback reverses it again. */
        REINSTATED
    }

    /** The broken rules, in the order in which they are checked. */
    enum Refusal {
        /** The postback names another offer than the click. Checked before duplicates. */
        OFFER_MISMATCH,
        /** The postback names another member than the click. Checked before duplicates. */
        MEMBER_MISMATCH,
        /** What the postback says about the status is not understood. Checked before duplicates. */
        UNKNOWN_STATUS,
        /** The postback reverses a conversion without a transaction id, and could mean several. */
        AMBIGUOUS_REVERSAL,
        /** The postback reverses a conversion that does not exist. */
        NOTHING_TO_REVERSE,
        /** The offer requires a transaction id, or a pending conversion needs one, and the postback has none. */
        TRANSACTION_ID_REQUIRED,
        /** The offer does not accept the event. */
        EVENT_NOT_ACCEPTED,
        /** The conversion is dated before the click, or less than the offer's minimum delay after it. */
        TOO_EARLY,
        /** The conversion is dated after the offer's attribution window. */
        OUTSIDE_WINDOW,
        /** The click has a flag, which no operator has cleared. */
        CLICK_NOT_CREDITABLE
    }
}
