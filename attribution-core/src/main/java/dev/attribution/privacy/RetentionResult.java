package dev.attribution.privacy;

import java.util.List;

/**
 * What a deletion has done, or has done so far.
 *
 * <p>Immutable and thread-safe.
 *
 * @param clicks the number of deleted clicks
 * @param conversions the number of deleted conversions and reservations
 * @param entries the number of deleted history entries
 * @param pendingClicks the number of clicks that were old enough and kept, since a conversion of them is pending or younger than the
 *     validation time
 * @param detached the tables that were detached instead of deleting rows; drop them to free their space
 */
public record RetentionResult(long clicks, long conversions, long entries, long pendingClicks, List<String> detached) {
    /** Creates a result. */
    public RetentionResult {
        detached = List.copyOf(detached);
    }
}
