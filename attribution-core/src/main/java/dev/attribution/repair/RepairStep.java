package dev.attribution.repair;

import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.Reason;
import dev.attribution.reconcile.Finding;
import java.util.Optional;

/**
 * What a repair did about one history entry or one row of a tracker, or, in a dry run, what it would do.
 *
 * <p>Immutable and thread-safe. Its texts come from outside: escape them when they are shown.
 *
 * @param result what became of it
 * @param entry the history entry to replay; empty for an import, and for an id that no entry has
 * @param finding the finding whose row is to be imported; empty for a replay
 * @param conversion the conversion that it won, or that was won for it before; in a dry run one that would be won has an id
 *     for the moment only
 * @param reason why it was judged and not credited
 * @param explanation a sentence or two for an operator
 */
public record RepairStep(
        Result result,
        Optional<HistoryEntry> entry,
        Optional<Finding> finding,
        Optional<Conversion> conversion,
        Optional<Reason> reason,
        String explanation) {
    /** What a repair can come to. */
    public enum Result {
        /** It is credited: the one result that changes something. */
        CREDITED,
        /** It was credited before: by an earlier run, by another process, or since the tracker came again. */
        CREDITED_BEFORE,
        /** It was judged again, and is still not credited. */
        NOT_CREDITED,
        /** It was not judged: it cannot be repaired, or needs no repair. */
        SKIPPED
    }
}
