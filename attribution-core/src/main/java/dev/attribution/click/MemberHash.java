package dev.attribution.click;

import dev.attribution.internal.HashedUuid;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The hash of a member on an offer. Clicks and conversions keep it, so that a member who was forgotten is still not credited
 * twice. A version 8 UUID (RFC 9562, section 5.8) from both ids in UTF-8, each after its length in four bytes.
 *
 * <p>A hash of a member id is still personal data: whoever knows an id can compute its hash. A hash without a key can also be
 * reversed by trying all ids, such as all e-mail addresses of a list. With a key only the holder of the key can do so.
 *
 * <p>Immutable and thread-safe.
 */
public final class MemberHash {
    /** The minimum length of a key, in bytes. */
    public static final int MIN_KEY = 16;

    private static final String ALGORITHM = "HmacSHA256";
    private static final MemberHash PLAIN = new MemberHash(null);

    private final @Nullable SecretKeySpec key;

    private MemberHash(@Nullable SecretKeySpec key) {
        this.key = key;
    }

    /** {@return the hash without a key: SHA-256} */
    public static MemberHash plain() {
        return PLAIN;
    }

    /**
     * Returns the hash under a key: HMAC-SHA256 (RFC 2104).
     *
     * @param key at least {@value #MIN_KEY} bytes, better 32 random ones
     * @return the hash
     * @throws IllegalArgumentException if the key is too short
     */
    public static MemberHash keyed(byte[] key) {
        if (key.length < MIN_KEY) {
            throw new IllegalArgumentException("The key of the member hash has " + key.length
                    + " bytes, but needs at least " + MIN_KEY + ": use 32 random bytes");
        }
        return new MemberHash(new SecretKeySpec(key, ALGORITHM));
    }

    /**
     * Returns the hash of a member on an offer.
     *
     * @param offerId the offer
     * @param memberId the member
     * @return the same UUID for the same ids under the same key
     */
    public UUID of(String offerId, String memberId) {
        byte[] offer = offerId.getBytes(StandardCharsets.UTF_8);
        byte[] member = memberId.getBytes(StandardCharsets.UTF_8);
        byte[] both = ByteBuffer.allocate(2 * Integer.BYTES + offer.length + member.length)
                .putInt(offer.length)
                .put(offer)
                .putInt(member.length)
                .put(member)
                .array();
        return key == null ? HashedUuid.of(both) : HashedUuid.ofHash(keyed(key, both));
    }

    private static byte[] keyed(SecretKeySpec key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has " + ALGORITHM, e);
        }
    }

    /** {@return a description without the key} */
    @Override
    public String toString() {
        return "MemberHash[" + (key == null ? "plain" : "keyed") + "]";
    }
}
