package dev.attribution.repair;

import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.Reason;
import dev.attribution.reconcile.Finding;
import java.util.Optional;

/**
 * The step of a repair for one history entry or one row of a tracker: what it did or, in a dry run, would do.
 *
 * <p>Immutable and thread-safe. Its texts come from outside: escape them when they are shown.
 *
 * @param result the result
 * @param entry the history entry to replay; empty for an import, and for an id that no entry has
 * @param finding the finding whose row is to be imported; empty for a replay
 * @param conversion the conversion that it made or changed, now or before; the id of a conversion that a dry run would credit
 *     is temporary
 * @param reason why it was not credited, if it was judged
 * @param explanation a sentence or two for an operator
 */
public record RepairStep(
        Result result,
        Optional<HistoryEntry> entry,
        Optional<Finding> finding,
        Optional<Conversion> conversion,
        Optional<Reason> reason,
        String explanation) {
    /** The result of a step. */
    public enum Result {
        /** It is credited. */
        CREDITED,
        /** It announces a conversion, which is pending. */
        HELD,
        /** It changes the status of a conversion, as the explanation says. */
        ADJUSTED,
        /** It was settled before: by an earlier run, by another process, or by a later postback of the tracker. */
        CREDITED_BEFORE,
        /** It was judged, and credits or changes no conversion. */
        NOT_CREDITED,
        /** It was not judged: it cannot be repaired or needs no repair. */
        SKIPPED
    }
}
