package dev.attribution.internal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Makes UUIDs from SHA-256. */
public final class HashedUuid {
    private HashedUuid() {}

    /** {@return the same version 8 UUID (RFC 9562, section 5.8) for the same bytes} */
    public static UUID of(byte[] bytes) {
        return of(hash(bytes));
    }

    /** {@return the version 8 UUID from the first bytes of a hash} */
    public static UUID ofHash(byte[] hash) {
        return of(ByteBuffer.wrap(hash));
    }

    private static UUID of(ByteBuffer hash) {
        return new UUID((hash.getLong() & ~0xf000L) | 0x8000L, variant(hash.getLong()));
    }

    /** {@return the same version 7 UUID (RFC 9562, section 5.7), with the time of another one, for the same bytes} */
    public static UUID withTimeOf(UUID timed, byte[] bytes) {
        ByteBuffer hash = hash(bytes);
        long time = timed.getMostSignificantBits() & ~0xffffL;
        return new UUID(time | 0x7000L | (hash.getLong() & 0xfffL), variant(hash.getLong()));
    }

    private static long variant(long bits) {
        return (bits & 0x3fffffffffffffffL) | 0x8000000000000000L;
    }

    private static ByteBuffer hash(byte[] bytes) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
