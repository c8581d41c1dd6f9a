package dev.attribution.conversion;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.click.MemberHash;
import java.util.UUID;

/** What a duplicate policy counts credits over: a click, or a member on an offer. */
public sealed interface Scope {
    /** {@return the scope as the 16 bytes by which a store keys it: a UUID, equal exactly if the scopes are equal} */
    UUID key();

    /**
     * {@return the scope of a click}
     *
     * @param click the click
     */
    static OfClick ofClick(Click click) {
        return new OfClick(click.clickId());
    }

    /**
     * {@return the scope of a click's member on its offer}
     *
     * @param click the click
     */
    static OfMember ofMember(Click click) {
        return new OfMember(click.memberScope());
    }

    /**
     * {@return the scope of the click that a conversion credits}
     *
     * @param conversion the conversion
     */
    static OfClick ofClick(Conversion conversion) {
        return new OfClick(conversion.clickId());
    }

    /**
     * {@return the scope of a conversion's member on its offer}
     *
     * @param conversion the conversion
     */
    static OfMember ofMember(Conversion conversion) {
        return new OfMember(conversion.memberScope());
    }

    /**
     * All conversions of one click, and so of one click and its member.
     *
     * @param clickId the click
     */
    record OfClick(ClickId clickId) implements Scope {
        @Override
        public UUID key() {
            return clickId.uuid();
        }
    }

    /**
     * All conversions of one member on one offer, over all the member's clicks.
     *
     * @param key the {@linkplain MemberHash hash} of the member on the offer, by which alone the scope is found
     */
    record OfMember(UUID key) implements Scope {
        /**
         * Creates the scope with the {@linkplain MemberHash#plain() hash without a key}.
         *
         * @param offerId the offer
         * @param memberId the member
         */
        public OfMember(String offerId, String memberId) {
            this(MemberHash.plain().of(offerId, memberId));
        }

        /** {@return a description without the hash, since a hash of a member is about a person, too} */
        @Override
        public String toString() {
            return "OfMember";
        }
    }
}
