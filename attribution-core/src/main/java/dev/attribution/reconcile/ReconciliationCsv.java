package dev.attribution.reconcile;

import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.report.CsvWriter;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/** A reconciliation as CSV, safe to open in a spreadsheet, see {@link CsvWriter}. */
public final class ReconciliationCsv {
    private ReconciliationCsv() {}

    /**
     * Returns a receiver of findings that writes a line with the column names, then a line for each finding.
     *
     * @param out receives the text
     * @return the receiver, to be passed to {@link Reconciler#run}; it throws {@link java.io.UncheckedIOException} if it
     *     cannot write
     */
    public static Consumer<Finding> findings(Appendable out) {
        CsvWriter csv = new CsvWriter(out);
        csv.line(
                "cause",
                "day",
                "time",
                "click_id",
                "their_source",
                "their_line",
                "their_click_id",
                "their_time",
                "their_event",
                "their_transaction",
                "their_amount",
                "their_currency",
                "their_standing",
                "their_status",
                "our_conversion_id",
                "our_offer_id",
                "our_member_id",
                "our_time",
                "our_event",
                "our_transaction",
                "our_amount",
                "our_currency",
                "our_status",
                "our_attempt_id",
                "our_reason",
                "evidence",
                "remedy");
        return finding -> write(csv, finding);
    }

    private static void write(CsvWriter csv, Finding finding) {
        Optional<TrackerRow> theirs = finding.theirs();
        Optional<Conversion> ours = finding.ours();
        csv.line(
                finding.cause(),
                finding.day(),
                finding.time(),
                finding.clickId(),
                theirs.map(TrackerRow::source),
                theirs.map(TrackerRow::line),
                theirs.flatMap(TrackerRow::clickId),
                theirs.flatMap(TrackerRow::time),
                theirs.flatMap(TrackerRow::eventId),
                theirs.flatMap(TrackerRow::transactionId),
                theirs.flatMap(TrackerRow::amount).map(BigDecimal::toPlainString),
                theirs.flatMap(TrackerRow::currency),
                theirs.filter(row -> row.time().isPresent()).map(TrackerRow::standing),
                theirs.flatMap(TrackerRow::status),
                ours.map(Conversion::conversionId),
                ours.map(Conversion::offerId),
                ours.map(Conversion::memberId),
                ours.map(Conversion::convertedAt),
                ours.flatMap(Conversion::eventId),
                ours.flatMap(Conversion::transactionId),
                ours.flatMap(Conversion::payout).map(BigDecimal::toPlainString),
                ours.flatMap(Conversion::currency),
                ours.map(Conversion::status),
                ours.map(Conversion::attemptId).or(() -> finding.history().map(HistoryEntry::attemptId)),
                finding.history().flatMap(HistoryEntry::reason),
                finding.evidence(),
                finding.cause().remedy());
    }

    /**
     * Writes the totals: a line for each day, and one for the whole period.
     *
     * @param reconciliation the outcome
     * @param out receives the text
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    public static void totals(Reconciliation reconciliation, Appendable out) {
        CsvWriter csv = new CsvWriter(out);
        List<Object> names = new ArrayList<>(List.of("day", "theirs", "ours", "gap_percent"));
        Arrays.stream(Cause.values())
                .map(cause -> cause.name().toLowerCase(Locale.ROOT))
                .forEach(names::add);
        csv.line(names);
        for (Map.Entry<LocalDate, Totals> day : reconciliation.days().entrySet()) {
            csv.line(cells(day.getKey(), day.getValue()));
        }
        csv.line(cells("total", reconciliation.totals()));
    }

    private static List<Object> cells(Object day, Totals totals) {
        OptionalDouble gap = totals.gapPercent();
        List<Object> cells = new ArrayList<>(List.of(
                day,
                totals.theirs(),
                totals.ours(),
                gap.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f", gap.getAsDouble())));
        Arrays.stream(Cause.values()).map(totals::count).forEach(cells::add);
        return cells;
    }
}
