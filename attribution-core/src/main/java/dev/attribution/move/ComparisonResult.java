package dev.attribution.move;

import java.util.List;

/**
 * What a comparison of two stores has found.
 *
 * <p>Immutable and thread-safe.
 *
 * @param clicks the number of clicks that were compared
 * @param conversions the number of conversions that were compared, without reservations
 * @param entries the number of history entries that were compared
 * @param differences the rows that differ
 * @param isComplete whether everything in the range was compared; a comparison ends early after {@value #MAX_DIFFERENCES} rows that
 *     seemed to differ
 */
public record ComparisonResult(
        long clicks, long conversions, long entries, List<MoveDifference> differences, boolean isComplete) {
    /** The number of rows that seem to differ after which a comparison ends. */
    public static final int MAX_DIFFERENCES = 10_000;

    /** Creates a result. */
    public ComparisonResult {
        differences = List.copyOf(differences);
    }

    /** {@return whether everything in the range was compared and is equal} */
    public boolean isEqual() {
        return isComplete && differences.isEmpty();
    }
}
