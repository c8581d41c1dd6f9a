package dev.attribution.repair;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.reconcile.Finding;
import dev.attribution.reconcile.TrackerRow;
import dev.attribution.report.CsvWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** The steps of a repair as CSV, safe to open in a spreadsheet, see {@link CsvWriter}. */
public final class RepairCsv {
    private RepairCsv() {}

    /**
     * Returns a receiver of steps that writes a line with the column names, then a line for each step.
     *
     * @param out receives the text
     * @return the receiver, to be passed to a run or a dry run; it throws {@link java.io.UncheckedIOException} if it cannot
     *     write
     */
    public static Consumer<RepairStep> steps(Appendable out) {
        CsvWriter csv = new CsvWriter(out);
        csv.line(
                "result",
                "reason",
                "time",
                "click_id",
                "attempt_id",
                "their_source",
                "their_line",
                "event_id",
                "transaction_id",
                "conversion_id",
                "payout",
                "currency",
                "explanation");
        return step -> write(csv, step);
    }

    private static void write(CsvWriter csv, RepairStep step) {
        Optional<HistoryEntry> entry = step.entry();
        Optional<TrackerRow> row = step.finding().flatMap(Finding::theirs);
        Optional<Instant> time =
                entry.map(HistoryEntry::receivedAt).or(() -> step.finding().flatMap(Finding::time));
        Optional<ClickId> clickId =
                entry.flatMap(HistoryEntry::clickId).or(() -> step.finding().flatMap(Finding::clickId));
        csv.line(
                step.result(),
                step.reason(),
                time,
                clickId,
                entry.map(HistoryEntry::attemptId),
                row.map(TrackerRow::source),
                row.map(TrackerRow::line),
                entry.flatMap(HistoryEntry::eventId).or(() -> row.flatMap(TrackerRow::eventId)),
                entry.flatMap(HistoryEntry::transactionId).or(() -> row.flatMap(TrackerRow::transactionId)),
                step.conversion().map(Conversion::conversionId),
                step.conversion().flatMap(Conversion::payout).map(BigDecimal::toPlainString),
                step.conversion().flatMap(Conversion::currency),
                step.explanation());
    }
}
