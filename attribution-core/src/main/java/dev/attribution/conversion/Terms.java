package dev.attribution.conversion;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The terms under which an offer's conversions count.
 *
 * <p>Immutable and thread-safe.
 *
 * @param duplicatePolicy how often a click or a member is credited
 * @param minimumDelay the least time between click and conversion
 * @param attributionWindow the most time between click and conversion, its last instant included; empty for no limit
 * @param acceptedEvents the events that count; empty for all, and for none
 * @param transactionIdRequired whether a postback without a transaction id is refused
 */
public record Terms(
        DuplicatePolicy duplicatePolicy,
        Duration minimumDelay,
        Optional<Duration> attributionWindow,
        Set<String> acceptedEvents,
        boolean transactionIdRequired) {
    /** Creates terms. */
    public Terms {
        acceptedEvents = Set.copyOf(acceptedEvents);
    }

    /**
     * Returns terms that ask for nothing but the policy.
     *
     * @param duplicatePolicy how often a click or a member is credited
     * @return new terms
     */
    public static Terms of(DuplicatePolicy duplicatePolicy) {
        return new Terms(duplicatePolicy, Duration.ZERO, Optional.empty(), Set.of(), false);
    }
}
