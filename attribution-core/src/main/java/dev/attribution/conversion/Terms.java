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
 * @param minimumDelay the minimum time between click and conversion
 * @param attributionWindow the maximum time between click and conversion, inclusive; empty for no limit
 * @param acceptedEvents the events that count; empty to accept every postback, with or without an event
 * @param transactionIdRequired whether a postback without a transaction id is rejected
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
     * Returns terms with a policy and no rules.
     *
     * @param duplicatePolicy how often a click or a member is credited
     * @return new terms
     */
    public static Terms of(DuplicatePolicy duplicatePolicy) {
        return new Terms(duplicatePolicy, Duration.ZERO, Optional.empty(), Set.of(), false);
    }
}
