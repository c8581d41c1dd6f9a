package dev.attribution.console;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens of forms, bound to a login session and its operator: a random part and an HMAC over it. Another site cannot know one, and
 * a token of one login is worth nothing in another.
 */
final class FormTokens {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int RANDOM = 16;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    FormTokens(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** {@return a new token} */
    String issue(String session, String operator) {
        byte[] salt = new byte[RANDOM];
        random.nextBytes(salt);
        byte[] code = code(salt, session, operator);
        byte[] token = ByteBuffer.allocate(salt.length + code.length)
                .put(salt)
                .put(code)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** {@return whether a token was issued for this session and operator} */
    boolean isValid(String token, String session, String operator) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (bytes.length <= RANDOM) {
            return false;
        }
        byte[] code = Arrays.copyOfRange(bytes, RANDOM, bytes.length);
        return MessageDigest.isEqual(code, code(Arrays.copyOf(bytes, RANDOM), session, operator)); // in constant time
    }

    private byte[] code(byte[] salt, String session, String operator) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(salt);
            for (String part : new String[] {session, operator}) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update(ByteBuffer.allocate(4).putInt(bytes.length).array()); // no border can be shifted
                mac.update(bytes);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM, e);
        }
    }
}
