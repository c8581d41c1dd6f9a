package dev.attribution.postback;

import dev.attribution.postback.SignedText.Pieces;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** One key, or one secret, with its algorithm. Immutable and thread-safe. */
interface SignatureKey {
    /** {@return whether a signature was made with this key; compared in constant time} */
    default boolean matches(Pieces text, byte[] signature) {
        return MessageDigest.isEqual(sign(text, null), signature);
    }

    /**
     * Signs a text.
     *
     * @param privateKey the private key, or {@code null} to sign with this key itself
     * @throws UnsupportedOperationException if this is a public key, and no private key is given
     * @throws IllegalArgumentException if this key takes no private key, or not this one
     */
    byte[] sign(Pieces text, @Nullable PrivateKey privateKey);

    /** The digest of a text that contains the secret. */
    static SignatureKey ofDigest(String algorithm, byte[] secret) {
        return (text, privateKey) -> {
            requireNone(privateKey);
            try {
                return MessageDigest.getInstance(algorithm).digest(text.with(secret));
            } catch (GeneralSecurityException e) {
                throw unavailable(algorithm, e);
            }
        };
    }

    /** A keyed hash of a text. */
    static SignatureKey ofHmac(String algorithm, byte[] key) {
        return (text, privateKey) -> {
            requireNone(privateKey);
            try {
                Mac mac = Mac.getInstance(algorithm);
                mac.init(new SecretKeySpec(key, algorithm));
                return mac.doFinal(text.with(key));
            } catch (GeneralSecurityException e) {
                throw unavailable(algorithm, e);
            }
        };
    }

    /** A signature by a private key, in DER. */
    static SignatureKey ofEcdsa(String algorithm, PublicKey key) {
        return new SignatureKey() {
            @Override
            public boolean matches(Pieces text, byte[] signature) {
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
            }

            @Override
            public byte[] sign(Pieces text, @Nullable PrivateKey privateKey) {
                if (privateKey == null) {
                    throw new UnsupportedOperationException(
                            "A public key cannot sign: give the private key to sign(request, privateKey)");
                }
                try {
                    Signature signer = Signature.getInstance(algorithm);
                    signer.initSign(privateKey);
                    signer.update(text.with(new byte[0]));
                    return signer.sign();
                } catch (InvalidKeyException e) {
                    throw new IllegalArgumentException("The private key is not one for elliptic curves", e);
                } catch (GeneralSecurityException e) {
                    throw unavailable(algorithm, e);
                }
            }
        };
    }

    private static void requireNone(@Nullable PrivateKey privateKey) {
        if (privateKey != null) {
            throw new IllegalArgumentException(
                    "This signature is a digest or an HMAC and takes no private key: use sign(request)");
        }
    }

    private static IllegalStateException unavailable(String algorithm, Exception e) {
        return new IllegalStateException("The Java runtime cannot use " + algorithm + " with this key", e);
    }
}
