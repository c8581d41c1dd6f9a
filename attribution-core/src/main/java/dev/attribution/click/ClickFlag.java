package dev.attribution.click;

import dev.attribution.internal.InstantRange;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The mark of a click that is not credited, such as one of a crawler. An operator may clear it; the click keeps the name of the
 * rule.
 *
 * <p>Immutable and thread-safe.
 *
 * @param rule the name of the rule that flagged the click: 1 to {@value #MAX_RULE} lower-case letters, digits and {@code . _ -}
 * @param clearedAt when an operator cleared the flag, truncated to microseconds; empty while the flag stands
 */
public record ClickFlag(String rule, Optional<Instant> clearedAt) {
    /** The maximum length of the name of a rule. */
    public static final int MAX_RULE = 64;

    private static final Pattern RULE = Pattern.compile("[a-z0-9._-]{1,64}");

    /**
     * Creates a flag.
     *
     * @throws IllegalArgumentException if the name of the rule is not allowed, or the time is outside the years 1 to 9999
     */
    public ClickFlag {
        if (!RULE.matcher(Objects.requireNonNull(rule, "rule")).matches()) {
            throw new IllegalArgumentException("The name of a rule has 1 to " + MAX_RULE
                    + " lower-case letters, digits, dots, underscores and hyphens");
        }
        clearedAt = clearedAt.map(time -> InstantRange.checked("the clearing of a flag", time));
    }

    /**
     * Creates a flag that stands.
     *
     * @param rule the name of the rule
     * @return a new flag
     * @throws IllegalArgumentException if the name is not allowed
     */
    public static ClickFlag of(String rule) {
        return new ClickFlag(rule, Optional.empty());
    }

    /** {@return whether the flag stands, so that the click is not credited} */
    public boolean stands() {
        return clearedAt.isEmpty();
    }

    /**
     * Returns this flag as it is after an operator cleared it.
     *
     * @param time when the operator did so
     * @return a cleared flag; this one if it was cleared before
     */
    public ClickFlag cleared(Instant time) {
        return stands() ? new ClickFlag(rule, Optional.of(time)) : this;
    }
}
