package dev.attribution.engine;

import dev.attribution.StorageException;
import dev.attribution.conversion.Facts;
import org.jspecify.annotations.Nullable;

/**
 * Limits how often an attempt is retried while the store's answers do not change. If another attempt won the place, the facts
 * that are read after it have changed.
 */
final class RetryLimit {
    private static final int MAX_UNCHANGED = 3;

    private @Nullable Facts before;
    private int unchanged;

    /**
     * Records that the decision was stale.
     *
     * @throws StorageException if another round cannot help
     */
    void recordStale(Decision decision) {
        Match match = decision.match();
        if (match == null || decision.settlement().effect().isEmpty()) {
            throw new StorageException(
                    "The store calls a settlement without an effect stale, which its contract rules out", false, null);
        }
        if (match.facts().equals(before) && ++unchanged >= MAX_UNCHANGED) {
            throw new StorageException(
                    "A place that is taken does not show in the facts read after it. In a transaction with a snapshot: roll back and repeat everything, best at READ COMMITTED.",
                    true,
                    null);
        }
        before = match.facts();
    }
}
