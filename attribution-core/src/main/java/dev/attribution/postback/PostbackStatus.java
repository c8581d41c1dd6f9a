package dev.attribution.postback;

import dev.attribution.conversion.ConversionStatus;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a postback says about its conversion: a status, something that the caller's description does not explain, or nothing.
 *
 * <p>Immutable and thread-safe.
 *
 * @param status the status to act on; empty if it is unknown
 * @param unknown the value that nothing explains, decoded and cut at {@value #MAX_UNKNOWN} UTF-16 units; empty if the status is
 *     known
 * @param isUnknownAmount whether that value is an amount that looks negative but cannot be read, and no word for a status
 * @param isSaid whether the postback says anything; otherwise the status is what the caller's description has for that case
 */
public record PostbackStatus(
        Optional<ConversionStatus> status, Optional<String> unknown, boolean isUnknownAmount, boolean isSaid) {
    /** The maximum length of a value that nothing explains, in UTF-16 units. */
    public static final int MAX_UNKNOWN = 64;

    private static final Map<ConversionStatus, PostbackStatus> SAID = known(true);
    private static final Map<ConversionStatus, PostbackStatus> ABSENT = known(false);

    /** Creates a status. */
    public PostbackStatus {
        Objects.requireNonNull(status, "status");
        unknown = unknown.map(word -> word.substring(0, Math.min(word.length(), MAX_UNKNOWN)));
        if (status.isPresent() == unknown.isPresent()) {
            throw new IllegalArgumentException("A status is either known or not");
        }
        if (isUnknownAmount && unknown.isEmpty()) {
            throw new IllegalArgumentException("Only an unknown status can come from an amount");
        }
    }

    static PostbackStatus said(ConversionStatus status) {
        return Objects.requireNonNull(SAID.get(status));
    }

    static PostbackStatus absent(ConversionStatus status) {
        return Objects.requireNonNull(ABSENT.get(status));
    }

    private static Map<ConversionStatus, PostbackStatus> known(boolean isSaid) {
        Map<ConversionStatus, PostbackStatus> known = new EnumMap<>(ConversionStatus.class);
        for (ConversionStatus status : ConversionStatus.values()) {
            known.put(status, new PostbackStatus(Optional.of(status), Optional.empty(), false, isSaid));
        }
        return Collections.unmodifiableMap(known);
    }

    static PostbackStatus unknown(String value, boolean isAmount) {
        return new PostbackStatus(Optional.empty(), Optional.of(value), isAmount, true);
    }
}
