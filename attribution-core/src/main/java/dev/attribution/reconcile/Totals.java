package dev.attribution.reconcile;

import dev.attribution.internal.Counts;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The totals of a day or of a period.
 *
 * <p>Immutable and thread-safe.
 *
 * @param theirs how many rows the tracker counts or has as pending: each once, without rows that it rejected or reversed, that
 *     are not primary, whose amount is negative, or that cannot be read. A pair counts on the day of our time
 * @param ours how many conversions we count or have as pending, without those that are reversed
 * @param causes how many findings each cause has; a cause without findings is absent
 */
public record Totals(long theirs, long ours, Map<Cause, Long> causes) {
    /** Creates totals. */
    public Totals {
        causes = Counts.copyOf(Cause.class, causes);
    }

    /**
     * Returns how many findings have a cause.
     *
     * @param cause the cause
     * @return zero or more
     */
    public long count(Cause cause) {
        return causes.getOrDefault(cause, 0L);
    }

    /**
     * Returns by how much we count less than the tracker.
     *
     * @return 100 × (theirs − ours) ÷ theirs, negative if we count more; empty if the tracker counts nothing
     */
    public OptionalDouble gapPercent() {
        return theirs == 0 ? OptionalDouble.empty() : OptionalDouble.of(100.0 * (theirs - ours) / theirs);
    }
}
