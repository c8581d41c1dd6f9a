package dev.attribution.conversion;

import java.util.Optional;

/**
 * What has been credited in a scope so far, by whatever policy.
 *
 * <p>Immutable and thread-safe. Conversions never vanish, so that facts can be outdated but never wrong: a duplicate
 * stays one.
 *
 * @param count how many conversions there are
 * @param first the earliest of them
 * @param sameEvent the earliest of them with the event that was asked for, where none was asked for the earliest without
 *     an event
 * @param sameTransaction the one with the transaction id that was asked for; empty where none was asked for
 */
public record Facts(
        long count, Optional<Conversion> first, Optional<Conversion> sameEvent, Optional<Conversion> sameTransaction) {
    /** The facts of a scope without conversions. */
    public static final Facts NONE = new Facts(0, Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Creates facts.
     *
     * @throws IllegalArgumentException if there is a count without a first conversion, or the other way round: a store that
     *     reads them in two steps reads the count first
     */
    public Facts {
        if ((count == 0) != first.isEmpty()) {
            throw new IllegalArgumentException("Torn facts: " + count + " conversions, and "
                    + (first.isEmpty() ? "no" : "a") + " first one. Read the count first, or both at once.");
        }
    }
}
