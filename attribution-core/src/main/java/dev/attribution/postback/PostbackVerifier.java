package dev.attribution.postback;

import dev.attribution.KeyUnavailableException;
import dev.attribution.postback.SecretVerifier.SecretPlace;
import dev.attribution.postback.SignatureScheme.Family;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether a request is authentic, on the bytes as received: by a signature, a secret, an address, or any other knowledge
 * of the application. A refused request ends as {@code NOT_AUTHENTIC}.
 *
 * <pre>{@code
 * byte[] key = "the key that the caller shows".getBytes(java.nio.charset.StandardCharsets.UTF_8);
 * PostbackVerifier verifier = PostbackVerifier.allOf(
 *         PostbackVerifier.hmac("HmacSHA256", key).ofUrlBefore("hash").inParameter("hash"),
 *         PostbackVerifier.addresses("203.0.113.0/24"));
 * }</pre>
 *
 * <p>Keys are given as values, several if old and new ones are live at the same time, or as a function that is called for each
 * request. If that function fails, {@link #verify} raises a {@link KeyUnavailableException}.
 *
 * <p>Implementations are thread-safe. An implementation of the application says by {@link #covering} which parameters it
 * vouches for; by default, for none.
 */
@FunctionalInterface
public interface PostbackVerifier {
    /** The minimum length of a shared secret, in characters (Unicode code points). */
    int MIN_SECRET_LENGTH = 16;

    /**
     * Verifies a request.
     *
     * @param request the request, not malformed
     * @param at the current time
     * @return authentic, or the check that failed
     * @throws KeyUnavailableException if a function for keys fails
     */
    Verification verify(PostbackRequest request, Instant at);

    /** {@return the parameters that an authentic request cannot have from anyone but the caller} */
    default Coverage coverage() {
        return Coverage.nothing();
    }

    /** {@return the names of the parameters that hold a secret or a signature. Their values are masked before they are kept} */
    default Set<String> secretParameters() {
        return Set.of();
    }

    /**
     * Returns this verifier with another coverage, for a verifier of the application that knows what it vouches for.
     *
     * @param coverage the coverage
     * @return the verifier
     */
    default PostbackVerifier covering(Coverage coverage) {
        return new CoveringVerifier(this, Objects.requireNonNull(coverage, "coverage"));
    }

    /** {@return a verifier that accepts every request. This is the default} */
    static PostbackVerifier none() {
        return CoveringVerifier.NONE;
    }

    /**
     * Starts an HMAC.
     *
     * @param algorithm the name of the algorithm, such as {@code HmacSHA256}
     * @param keys the live keys, each not empty; they are copied
     * @return the next step: what is signed
     * @throws IllegalArgumentException if there is no such algorithm, or no key
     */
    static SignatureScheme hmac(String algorithm, byte[]... keys) {
        return new SignatureScheme(Family.HMAC, LiveKeys.ofValues(List.of(keys), hmacKey(algorithm)));
    }

    /**
     * Starts an HMAC with keys that can change while the application runs.
     *
     * @param algorithm the name of the algorithm, such as {@code HmacSHA256}
     * @param keys returns the live keys, at least one; called for each request, by the thread that verifies
     * @return the next step: what is signed
     * @throws IllegalArgumentException if there is no such algorithm
     */
    static SignatureScheme hmac(String algorithm, Supplier<? extends List<byte[]>> keys) {
        return new SignatureScheme(Family.HMAC, LiveKeys.ofSupplier(keys, hmacKey(algorithm)));
    }

    /**
     * Starts an HMAC whose key is chosen by a parameter.
     *
     * @param algorithm the name of the algorithm, such as {@code HmacSHA256}
     * @param parameter the name of the parameter with the key's id
     * @param keys returns the live keys of an id; {@code null} or none if the id is not known
     * @return the next step: what is signed
     * @throws IllegalArgumentException if there is no such algorithm, or the name is blank
     */
    static SignatureScheme hmacByKeyId(
            String algorithm, String parameter, Function<String, ? extends @Nullable List<byte[]>> keys) {
        return new SignatureScheme(Family.HMAC, LiveKeys.ofId(parameter, keys, hmacKey(algorithm)));
    }

    /**
     * Starts a digest of a text that contains a secret. An HMAC is better where the caller offers one.
     *
     * @param algorithm the name of the algorithm, such as {@code MD5} or {@code SHA-256}
     * @param secrets the live secrets, each not empty; they are copied
     * @return the next step: the recipe of the text, with {@link SignedPart#secret()}
     * @throws IllegalArgumentException if there is no such algorithm, or no secret
     */
    static SignatureScheme digest(String algorithm, byte[]... secrets) {
        return new SignatureScheme(Family.DIGEST, LiveKeys.ofValues(List.of(secrets), digestKey(algorithm)));
    }

    /**
     * Starts a digest with secrets that can change while the application runs.
     *
     * @param algorithm the name of the algorithm, such as {@code MD5} or {@code SHA-256}
     * @param secrets returns the live secrets, at least one; called for each request, by the thread that verifies
     * @return the next step: the recipe of the text, with {@link SignedPart#secret()}
     * @throws IllegalArgumentException if there is no such algorithm
     */
    static SignatureScheme digest(String algorithm, Supplier<? extends List<byte[]>> secrets) {
        return new SignatureScheme(Family.DIGEST, LiveKeys.ofSupplier(secrets, digestKey(algorithm)));
    }

    /**
     * Starts an ECDSA signature (SHA-256, DER).
     *
     * @param keys the live public keys
     * @return the next step: what is signed
     * @throws IllegalArgumentException if there is no key, or one is not for elliptic curves
     */
    static SignatureScheme ecdsa(PublicKey... keys) {
        return new SignatureScheme(Family.ECDSA, LiveKeys.ofValues(List.of(keys), PostbackVerifier::ecdsaKey));
    }

    /**
     * Starts an ECDSA signature (SHA-256, DER) with keys that can change while the application runs.
     *
     * @param keys returns the live public keys, at least one; called for each request, by the thread that verifies
     * @return the next step: what is signed
     */
    static SignatureScheme ecdsa(Supplier<? extends List<PublicKey>> keys) {
        return new SignatureScheme(Family.ECDSA, LiveKeys.ofSupplier(keys, PostbackVerifier::ecdsaKey));
    }

    /**
     * Starts an ECDSA signature (SHA-256, DER) whose key is chosen by a parameter.
     *
     * @param parameter the name of the parameter with the key's id
     * @param keys returns the live public keys of an id; {@code null} or none if the id is not known
     * @return the next step: what is signed
     * @throws IllegalArgumentException if the name is blank
     */
    static SignatureScheme ecdsaByKeyId(String parameter, Function<String, ? extends @Nullable List<PublicKey>> keys) {
        return new SignatureScheme(Family.ECDSA, LiveKeys.ofId(parameter, keys, PostbackVerifier::ecdsaKey));
    }

    /**
     * Returns a verifier that requires a secret in a parameter and compares it in constant time. With several secrets,
     * an old and a new one can be valid at the same time during a change.
     *
     * @param parameter the parameter's name, such as {@code token}
     * @param secrets the secrets that are accepted, each of at least {@value #MIN_SECRET_LENGTH} characters
     * @return the verifier
     * @throws IllegalArgumentException if the name is blank, if no secret is given, or if one is blank or too short
     */
    static PostbackVerifier sharedSecret(String parameter, String... secrets) {
        return SecretVerifier.of(SecretPlace.PARAMETER, parameter, "", secrets);
    }

    /**
     * Returns a verifier that requires a secret in a parameter, as {@link #sharedSecret(String, String...)} does.
     *
     * @param parameter the parameter's name, such as {@code token}
     * @param secrets returns the live secrets, at least one; called for each request, by the thread that verifies
     * @return the verifier
     * @throws IllegalArgumentException if the name is blank
     */
    static PostbackVerifier sharedSecret(String parameter, Supplier<? extends List<String>> secrets) {
        return SecretVerifier.of(SecretPlace.PARAMETER, parameter, "", secrets);
    }

    /**
     * Returns a verifier that requires a secret in a header.
     *
     * @param header the header's name, such as {@code Authorization}
     * @param prefix what is in front of the secret, such as {@code "Bearer "}; may be empty
     * @param secrets the secrets that are accepted, each of at least {@value #MIN_SECRET_LENGTH} characters
     * @return the verifier
     * @throws IllegalArgumentException if the name is blank, if no secret is given, or if one is blank or too short
     */
    static PostbackVerifier secretInHeader(String header, String prefix, String... secrets) {
        return SecretVerifier.of(SecretPlace.HEADER, header, prefix, secrets);
    }

    /**
     * Returns a verifier that requires a secret in a header, as {@link #secretInHeader(String, String, String...)} does.
     *
     * @param header the header's name, such as {@code Authorization}
     * @param prefix what is in front of the secret, such as {@code "Bearer "}; may be empty
     * @param secrets returns the live secrets, at least one; called for each request, by the thread that verifies
     * @return the verifier
     * @throws IllegalArgumentException if the name is blank
     */
    static PostbackVerifier secretInHeader(String header, String prefix, Supplier<? extends List<String>> secrets) {
        return SecretVerifier.of(SecretPlace.HEADER, header, prefix, secrets);
    }

    /**
     * Returns a verifier that requires a secret as a segment of the path.
     *
     * @param secrets the secrets that are accepted, each of at least {@value #MIN_SECRET_LENGTH} characters
     * @return the verifier
     * @throws IllegalArgumentException if no secret is given, or if one is blank or too short
     */
    static PostbackVerifier secretInPath(String... secrets) {
        return SecretVerifier.of(SecretPlace.PATH, "", "", secrets);
    }

    /**
     * Returns a verifier that requires a secret as a segment of the path.
     *
     * @param secrets returns the live secrets, at least one; called for each request, by the thread that verifies
     * @return the verifier
     */
    static PostbackVerifier secretInPath(Supplier<? extends List<String>> secrets) {
        return SecretVerifier.of(SecretPlace.PATH, "", "", secrets);
    }

    /**
     * Returns a verifier that accepts calls from listed addresses.
     *
     * @param ranges addresses, or ranges in CIDR notation, of IPv4 and IPv6
     * @return the verifier
     * @throws IllegalArgumentException if no range is given, or one is not a range
     */
    static AddressVerifier addresses(String... ranges) {
        return AddressVerifier.of(ranges);
    }

    /**
     * Returns a verifier that needs all of several. It covers what one of them covers.
     *
     * @param verifiers the verifiers, in the order in which they are asked
     * @return the verifier
     * @throws IllegalArgumentException if none is given
     */
    static PostbackVerifier allOf(PostbackVerifier... verifiers) {
        return CombinedVerifier.of(true, verifiers);
    }

    /**
     * Returns a verifier that needs one of several. It covers what all of them cover.
     *
     * @param verifiers the verifiers, in the order in which they are asked
     * @return the verifier
     * @throws IllegalArgumentException if none is given
     */
    static PostbackVerifier anyOf(PostbackVerifier... verifiers) {
        return CombinedVerifier.of(false, verifiers);
    }

    private static Function<byte[], SignatureKey> hmacKey(String algorithm) {
        try {
            if (!algorithm.regionMatches(true, 0, "Hmac", 0, 4)) {
                throw new NoSuchAlgorithmException(algorithm);
            }
            Mac.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("The Java runtime has no such HMAC; one is HmacSHA256", e);
        }
        return key -> SignatureKey.ofHmac(algorithm, copy(key));
    }

    private static Function<byte[], SignatureKey> digestKey(String algorithm) {
        try {
            MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("The Java runtime has no such digest; one is SHA-256", e);
        }
        return secret -> SignatureKey.ofDigest(algorithm, copy(secret));
    }

    private static SignatureKey ecdsaKey(PublicKey key) {
        if (!key.getAlgorithm().equals("EC")) {
            throw new IllegalArgumentException("The public key is not one for elliptic curves");
        }
        return SignatureKey.ofEcdsa("SHA256withECDSA", key);
    }

    private static byte[] copy(byte[] key) {
        if (key.length == 0) {
            throw new IllegalArgumentException("A key is empty");
        }
        return key.clone();
    }
}
