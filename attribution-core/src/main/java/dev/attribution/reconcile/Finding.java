package dev.attribution.reconcile;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.CallKey;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * The result for a row of theirs, a conversion of ours, or a pair of both.
 *
 * <p>Immutable and thread-safe. Its texts come from outside: escape them when they are shown.
 *
 * @param cause the one cause
 * @param time when it happened: our time if it is in the period, else theirs, corrected if the zone of the source was shifted;
 *     empty for a row that cannot be read
 * @param day the day of that time in the zone of the reconciliation
 * @param theirs the row of the tracker, or what concerns its source as a whole
 * @param ours the conversion of ours
 * @param history the history entry that explains a row of theirs
 * @param evidence the facts that show the cause
 */
public record Finding(
        Cause cause,
        Optional<Instant> time,
        Optional<LocalDate> day,
        Optional<TrackerRow> theirs,
        Optional<Conversion> ours,
        Optional<HistoryEntry> history,
        String evidence) {
    /** {@return the click id, or empty if their row has none that is well formed} */
    public Optional<ClickId> clickId() {
        return ours.map(Conversion::clickId)
                .or(() -> theirs.flatMap(TrackerRow::clickId).flatMap(ClickId::tryParse));
    }

    /**
     * Returns whether both sides have the same transaction id, and the same event if the transaction id alone does not tell our
     * conversion from others of its click.
     *
     * @return {@code false} also if the finding is not about a pair
     */
    public boolean isSameTransaction() {
        return theirs.isPresent() && ours.isPresent() && isSameTransaction(theirs.get(), ours.get());
    }

    static boolean isSameTransaction(TrackerRow theirs, Conversion ours) {
        String transactionId = theirs.transactionId().orElse(null);
        if (transactionId == null || !theirs.transactionId().equals(ours.transactionId())) {
            return false;
        }
        boolean isKey = ours.callKey().equals(Optional.ofNullable(CallKey.TRANSACTION_ID.of(transactionId, null)));
        return isKey || theirs.eventId().equals(ours.eventId());
    }
}
