package dev.attribution.internal;

import java.util.UUID;
import java.util.regex.Pattern;

/** The random token that replaces the id of a member who was forgotten. */
public final class MemberToken {
    /** What every token begins with. */
    public static final String PREFIX = "forgotten-";

    private static final Pattern TOKEN =
            Pattern.compile(PREFIX + "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private MemberToken() {}

    /** {@return a token} */
    public static String of(UUID random) {
        return PREFIX + random;
    }

    /** {@return whether a member id is a token} */
    public static boolean isToken(String memberId) {
        return memberId.startsWith(PREFIX) && TOKEN.matcher(memberId).matches();
    }
}
