package dev.attribution.postback;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * Tells a tracker's postback from a forged one, by a shared secret, a signature over {@link Postback#query()}, or
 * whatever the host knows. What it refuses ends as {@code NOT_AUTHENTIC}. Implementations are thread-safe.
 */
@FunctionalInterface
public interface PostbackVerifier {
    /**
     * Checks a postback.
     *
     * @param postback the postback, not malformed
     * @return whether it comes from whom it seems to come
     */
    boolean isAuthentic(Postback postback);

    /**
     * Returns a verifier that takes every postback. This is the default.
     *
     * @return the verifier
     */
    static PostbackVerifier none() {
        return postback -> true;
    }

    /**
     * Returns a verifier that asks for a secret in a parameter, compared in constant time. Several secrets let old and
     * new ones overlap while they are changed. The history log keeps the query with the secret in it.
     *
     * @param parameter the parameter's name, such as {@code token}
     * @param secrets the secrets that are accepted, each of at least 16 characters
     * @return the verifier
     * @throws IllegalArgumentException if there is no secret, or if one is too short
     */
    static PostbackVerifier sharedSecret(String parameter, String... secrets) {
        List<byte[]> accepted = Arrays.stream(secrets)
                .map(secret -> secret.getBytes(StandardCharsets.UTF_8))
                .toList();
        if (accepted.isEmpty() || accepted.stream().anyMatch(secret -> secret.length < 16)) {
            throw new IllegalArgumentException(
                    "A shared secret has at least 16 characters, best random ones, and there is at least one");
        }
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
