package dev.attribution.conversion;

import dev.attribution.click.ClickId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** What a duplicate policy counts credits over: a click, or a member on an offer. */
public sealed interface Scope {
    /**
     * Returns the scope as the 16 bytes that a store keys it by.
     *
     * @return a UUID, equal exactly when the scopes are
     */
    UUID key();

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
         * <p>A version 8 UUID (RFC 9562, section 5.8) from the SHA-256 of both ids in UTF-8, each behind its
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
            ByteBuffer hash = ByteBuffer.wrap(sha256(both.array()));
            return new UUID(
                    (hash.getLong() & ~0xf000L) | 0x8000L,
                    (hash.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L);
        }

        private static byte[] sha256(byte[] bytes) {
            try {
                return MessageDigest.getInstance("SHA-256").digest(bytes);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java runtime has SHA-256", e);
            }
        }
    }
}
