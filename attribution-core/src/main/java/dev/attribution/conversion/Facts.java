package dev.attribution.conversion;

import java.util.Optional;

/**
 * What has been credited in a scope so far, under any policy.
 *
 * <p>Immutable and thread-safe. Conversions are never deleted, so facts can be outdated but never wrong: a duplicate
 * remains a duplicate.
 *
 * @param count the number of conversions
 * @param first the earliest conversion
 * @param sameEvent the earliest conversion with the requested event; if none was requested, the earliest without an
 *     event
 * @param sameTransaction the conversion with the requested transaction id; empty if none was requested
 */
public record Facts(
        long count, Optional<Conversion> first, Optional<Conversion> sameEvent, Optional<Conversion> sameTransaction) {
    /** The facts of a scope without conversions. */
    public static final Facts NONE = new Facts(0, Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Creates facts.
     *
     * @throws IllegalArgumentException if the count is zero and there is a first conversion, or the reverse. A store
     *     that reads them in two steps must read the count first
     */
    public Facts {
        if ((count == 0) != first.isEmpty()) {
            throw new IllegalArgumentException("Inconsistent facts: a count of " + count + " with "
                    + (first.isEmpty() ? "no" : "a")
                    + " first conversion. Read the count first, or both in one statement.");
        }
    }
}
