package dev.attribution.conversion;

import java.util.Objects;
import java.util.Optional;

/**
 * What a message is decided on: what took a place in the scope of the duplicate policy so far, under any policy, and
 * which conversion of the click the message addresses.
 *
 * <p>Immutable and thread-safe. Conversions are never deleted and keep their places, so a place that is taken remains
 * taken.
 *
 * @param count the number of conversions in the scope that have a place
 * @param first the earliest of them
 * @param sameEvent the earliest of them with the requested event; if none was requested, the earliest without an event
 * @param addressed the conversion or reservation of the click that the message addresses
 * @param isAmbiguous whether a reversal without a transaction id could mean several conversions, and therefore
 *     addresses none
 */
public record Facts(
        long count,
        Optional<Conversion> first,
        Optional<Conversion> sameEvent,
        Optional<Conversion> addressed,
        boolean isAmbiguous) {
    /** The facts of a click and a scope without conversions. */
    public static final Facts NONE = new Facts(0, Optional.empty(), Optional.empty(), Optional.empty(), false);

    /**
     * Creates facts.
     *
     * @throws IllegalArgumentException if the count is zero and there is a first conversion, or the reverse; a store
     *     that reads them in two steps must read the count first. Or if an ambiguous message addresses a conversion
     */
    public Facts {
        Objects.requireNonNull(sameEvent, "sameEvent");
        if ((count == 0) != first.isEmpty()) {
            throw new IllegalArgumentException("Inconsistent facts: a count of " + count + " with "
                    + (first.isEmpty() ? "no" : "a")
                    + " first conversion. Read the count first, or both in one statement.");
        }
        if (isAmbiguous && addressed.isPresent()) {
            throw new IllegalArgumentException("Inconsistent facts: an ambiguous message addresses a conversion.");
        }
    }
}
