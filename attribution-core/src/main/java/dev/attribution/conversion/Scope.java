package dev.attribution.conversion;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.internal.HashedUuid;
import dev.attribution.internal.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
        return new OfMember(click.offerId(), click.memberId());
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
        return new OfMember(conversion.offerId(), conversion.memberId());
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
     * @param offerId the offer
     * @param memberId the member
     */
    record OfMember(String offerId, String memberId) implements Scope {
        /**
         * {@inheritDoc}
         *
         * <p>A version 8 UUID (RFC 9562, section 5.8) from the SHA-256 of both ids in UTF-8, each after its
         * length in four bytes.
         */
        @Override
        public UUID key() {
            byte[] offer = offerId.getBytes(StandardCharsets.UTF_8);
            byte[] member = memberId.getBytes(StandardCharsets.UTF_8);
            ByteBuffer both = ByteBuffer.allocate(2 * Integer.BYTES + offer.length + member.length)
                    .putInt(offer.length)
                    .put(offer)
                    .putInt(member.length)
                    .put(member);
            return HashedUuid.of(both.array());
        }

        /** {@return a description without the member} */
        @Override
        public String toString() {
            return "OfMember[offer " + Printable.escaped(offerId) + "]";
        }
    }
}
