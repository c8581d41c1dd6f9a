package dev.attribution.postback;

import dev.attribution.postback.SignedText.Pieces;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** One key, or one secret, with its algorithm. Immutable and thread-safe. */
@FunctionalInterface
interface SignatureKey {
    /** {@return whether a signature was made with this key; compared in constant time} */
    boolean matches(Pieces text, byte[] signature);

    /** The digest of a text that contains the secret. */
    static SignatureKey ofDigest(String algorithm, byte[] secret) {
        return (text, signature) -> {
            try {
                return MessageDigest.isEqual(
                        MessageDigest.getInstance(algorithm).digest(text.with(secret)), signature);
            } catch (GeneralSecurityException e) {
                throw unavailable(algorithm, e);
            }
        };
    }

    /** A keyed hash of a text. */
    static SignatureKey ofHmac(String algorithm, byte[] key) {
        return (text, signature) -> {
            try {
                Mac mac = Mac.getInstance(algorithm);
                mac.init(new SecretKeySpec(key, algorithm));
                return MessageDigest.isEqual(mac.doFinal(text.with(key)), signature);
            } catch (GeneralSecurityException e) {
                throw unavailable(algorithm, e);
            }
        };
    }

    /** A signature by a private key, in DER. */
    static SignatureKey ofEcdsa(String algorithm, PublicKey key) {
        return (text, signature) -> {
            try {
                Signature verifier = Signature.getInstance(algorithm);
                verifier.initVerify(key);
                verifier.update(text.with(new byte[0]));
                return verifier.verify(signature);
            } catch (SignatureException e) {
                return false; // not DER
            } catch (GeneralSecurityException e) {
                throw unavailable(algorithm, e);
            }
        };
    }

    private static IllegalStateException unavailable(String algorithm, Exception e) {
        return new IllegalStateException("The Java runtime cannot verify with " + algorithm + " and this key", e);
    }
}
