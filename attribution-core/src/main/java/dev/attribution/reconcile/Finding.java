package dev.attribution.reconcile;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What became of a row of theirs, a conversion of ours, or a pair of both.
 *
 * <p>Immutable and thread-safe. Its texts come from outside: escape them when they are shown.
 *
 * @param cause the one cause
 * @param time when it happened: our time where it lies in the period, else theirs, set right where a whole zone was
 *     shifted; empty for a row that cannot be read
 * @param day the day of that time in the zone of the reconciliation
 * @param theirs the row of the tracker
 * @param ours the conversion of ours
 * @param history the history entry that explains a row of theirs
 * @param evidence what the cause was seen by
 */
public record Finding(
        Cause cause,
        Optional<Instant> time,
        Optional<LocalDate> day,
        Optional<TrackerRow> theirs,
        Optional<Conversion> ours,
        Optional<HistoryEntry> history,
        String evidence) {
    /**
     * Returns the click id.
     *
     * @return the click id, or empty where their row has none that can be one
     */
    public Optional<ClickId> clickId() {
        return ours.map(Conversion::clickId)
                .or(() -> theirs.flatMap(TrackerRow::clickId).flatMap(ClickId::tryParse));
    }
}
