package dev.attribution.conversion;

import dev.attribution.click.ClickId;
import java.util.Comparator;
import java.util.Objects;
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
    private static final Comparator<Conversion> EARLIEST_FIRST = Comparator.comparing(Conversion::convertedAt)
            .thenComparing(conversion -> ClickId.of(conversion.conversionId())); // orders as unsigned

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

    /**
     * Returns the facts as they are when one more conversion is stored in the scope. Claims of one scope can be decided one
     * after the other on facts that were read once.
     *
     * @param won a conversion in the scope, not counted yet
     * @param claim the claim for which these facts were read
     * @return the facts for the same claim
     */
    public Facts after(Conversion won, Claim claim) {
        return new Facts(
                count + 1,
                earliest(first, won),
                Objects.equals(won.eventId().orElse(null), claim.eventId()) ? earliest(sameEvent, won) : sameEvent,
                claim.transactionId() != null
                                && claim.transactionId()
                                        .equals(won.transactionId().orElse(null))
                        ? earliest(sameTransaction, won)
                        : sameTransaction);
    }

    private static Optional<Conversion> earliest(Optional<Conversion> stored, Conversion won) {
        return stored.isPresent() && EARLIEST_FIRST.compare(stored.get(), won) < 0 ? stored : Optional.of(won);
    }
}
