package dev.attribution.click;

import java.util.Objects;
import java.util.Optional;

/**
 * What a {@link ClickScreen} says about a request.
 *
 * <p>Immutable and thread-safe.
 *
 * @param ruling what becomes of the click
 * @param rule the name of the rule that says so; empty if and only if the click counts
 */
public record ScreenVerdict(Ruling ruling, Optional<String> rule) {
    /** What becomes of a click. */
    public enum Ruling {
        /** A person seems to click: the click is stored and may be credited. */
        COUNTS,
        /** The click is stored with a flag and redirected, but not credited until an operator clears the flag. */
        FLAGGED,
        /** No person has clicked yet: nothing is stored and nothing is redirected. */
        SPECULATIVE
    }

    private static final ScreenVerdict COUNTS = new ScreenVerdict(Ruling.COUNTS, Optional.empty());

    /**
     * Creates a verdict.
     *
     * @throws IllegalArgumentException if the name of the rule is not allowed, missing or superfluous
     */
    public ScreenVerdict {
        Objects.requireNonNull(ruling, "ruling");
        rule.ifPresent(ClickFlag::of);
        if ((ruling == Ruling.COUNTS) == rule.isPresent()) {
            throw new IllegalArgumentException("A verdict names a rule if and only if the click does not count");
        }
    }

    /** {@return the verdict that a person seems to click} */
    public static ScreenVerdict counts() {
        return COUNTS;
    }

    /**
     * Returns the verdict that no person clicks, so that the click is not credited.
     *
     * @param rule the name of the rule; see {@link ClickFlag}
     * @return the verdict
     * @throws IllegalArgumentException if the name is not allowed
     */
    public static ScreenVerdict flagged(String rule) {
        return new ScreenVerdict(Ruling.FLAGGED, Optional.of(rule));
    }

    /**
     * Returns the verdict that a browser prepares for a click that may come.
     *
     * @param rule the name of the rule; see {@link ClickFlag}
     * @return the verdict
     * @throws IllegalArgumentException if the name is not allowed
     */
    public static ScreenVerdict speculative(String rule) {
        return new ScreenVerdict(Ruling.SPECULATIVE, Optional.of(rule));
    }
}
