package dev.attribution.postback;

import dev.attribution.internal.WellFormed;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * Checks whether a postback is authentic: by a shared secret, by a signature over {@link Postback#query()}, or by any
 * other knowledge of the host. A refused postback ends as {@code NOT_AUTHENTIC}. Implementations are thread-safe.
 */
@FunctionalInterface
public interface PostbackVerifier {
    /** The minimum length of a shared secret, in characters (Unicode code points). */
    int MIN_SECRET_LENGTH = 16;

    /**
     * Returns whether a postback is authentic.
     *
     * @param postback the postback, not malformed
     * @return whether the postback is authentic
     */
    boolean isAuthentic(Postback postback);

    /** {@return a verifier that accepts every postback. This is the default} */
    static PostbackVerifier none() {
        return postback -> true;
    }

    /**
     * Returns a verifier that requires a secret in a parameter and compares it in constant time. With several secrets,
     * an old and a new one can be valid at the same time during a change. The history log keeps the query including the
     * secret.
     *
     * @param parameter the parameter's name, such as {@code token}
     * @param secrets the secrets that are accepted, each of at least {@value #MIN_SECRET_LENGTH} characters
     * @return the verifier
     * @throws IllegalArgumentException if the name is blank, if no secret is given, or if one is blank or too short
     */
    static PostbackVerifier sharedSecret(String parameter, String... secrets) {
        if (WellFormed.isBlank(parameter)) {
            throw new IllegalArgumentException("The parameter of a shared secret needs a name, such as token");
        }
        boolean isOneWeak = Arrays.stream(secrets)
                .anyMatch(secret ->
                        WellFormed.isBlank(secret) || secret.codePointCount(0, secret.length()) < MIN_SECRET_LENGTH);
        if (secrets.length == 0 || isOneWeak) {
            throw new IllegalArgumentException("Give at least one shared secret, each of at least " + MIN_SECRET_LENGTH
                    + " characters, not blank, preferably random");
        }
        List<byte[]> accepted = Arrays.stream(secrets)
                .map(secret -> secret.getBytes(StandardCharsets.UTF_8))
                .toList();
        return postback -> {
            List<String> given = postback.parameter(parameter);
            byte[] bytes = given.size() == 1 ? given.get(0).getBytes(StandardCharsets.UTF_8) : new byte[0];
            boolean authentic = false;
            for (byte[] secret : accepted) {
                authentic |= MessageDigest.isEqual(secret, bytes);
            }
            return authentic;
        };
    }
}
