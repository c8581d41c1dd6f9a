package dev.attribution.internal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Makes version 8 UUIDs (RFC 9562, section 5.8) from SHA-256. */
public final class HashedUuid {
    private HashedUuid() {}

    /** {@return the same UUID for the same bytes} */
    public static UUID of(byte[] bytes) {
        try {
            ByteBuffer hash =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes));
            return new UUID(
                    (hash.getLong() & ~0xf000L) | 0x8000L,
                    (hash.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
