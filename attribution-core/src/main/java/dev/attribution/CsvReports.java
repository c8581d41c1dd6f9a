package dev.attribution;

import dev.attribution.click.Click;
import dev.attribution.click.ClickFlag;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.report.CsvWriter;
import dev.attribution.report.Cursor;
import dev.attribution.report.Page;
import dev.attribution.report.Payouts;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The complete reports of an {@link Attribution} as CSV, read and written page by page. Safe to open in a spreadsheet,
 * see {@link CsvWriter}.
 *
 * <p>Immutable and thread-safe.
 */
public final class CsvReports {
    private static final int PAGE = 1_000;

    private final Reports reports;
    private final LongConsumer progress;
    private final long limit;

    CsvReports(Reports reports, LongConsumer progress) {
        this(reports, progress, Long.MAX_VALUE);
    }

    private CsvReports(Reports reports, LongConsumer progress, long limit) {
        this.reports = reports;
        this.progress = progress;
        this.limit = limit;
    }

    /**
     * Returns a copy that reports its progress.
     *
     * @param progress receives the number of rows written so far, after each page, on the caller's thread
     * @return new reports
     */
    public CsvReports progress(LongConsumer progress) {
        return new CsvReports(reports, progress, limit);
    }

    /**
     * Returns a copy that ends its lists of clicks, conversions and history after a number of rows. If there are more, a last
     * line says so, so that nobody takes the file for complete.
     *
     * @param rows the maximum number of rows, at least 1
     * @return new reports
     * @throws IllegalArgumentException if the number is less than 1
     */
    public CsvReports atMost(long rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("A CSV file has at least 1 row, not " + rows);
        }
        return new CsvReports(reports, progress, rows);
    }

    /**
     * Writes clicks, newest first.
     *
     * @param filter click id, offer, member and time
     * @param out receives the text
     * @throws IllegalArgumentException if the filter has a condition that clicks do not have
     * @throws StorageException if the store cannot be read
     * @throws java.io.UncheckedIOException if the text cannot be written
     */
    public void clicks(ReportFilter filter, Appendable out) {
        CsvWriter csv = new CsvWriter(out);
        csv.line(
                "clicked_at",
                "click_id",
                "offer_id",
                "member_id",
                "ip",
                "user_agent",
                "referrer",
                "extras",
                "flag",
                "flag_cleared_at");
        pages(
                (limit, after) -> reports.clicks(filter, limit, after),
                csv,
                (Click click) -> csv.line(
                        click.clickedAt(),
                        click.clickId(),
                        click.offerId(),
                        click.memberId(),
                        click.context().ip(),
                        click.context().userAgent(),
                        click.context().referrer(),
                        click.context().extras().isEmpty()
                                ? ""
                                : click.context().extras(),
                        click.flag().map(ClickFlag::rule),
                        click.flag().flatMap(ClickFlag::clearedAt)));
    }

    /**
     * Writes conversions, newest first.
     *
     * @param filter click id, offer, member, event, status and time
     * @param out receives the text
     * @throws IllegalArgumentException if the filter has a condition that conversions do not have
     * @throws StorageException if the store cannot be read
     * @throws java.io.UncheckedIOException if the text cannot be written
     */
    public void conversions(ReportFilter filter, Appendable out) {
        CsvWriter csv = new CsvWriter(out);
        csv.line(
                "converted_at",
                "conversion_id",
                "click_id",
                "offer_id",
                "member_id",
                "event_id",
                "transaction_id",
                "payout",
                "currency",
                "status",
                "revision",
                "approved_at",
                "reversed_at",
                "reinstated_at",
                "attempt_id");
        pages(
                (limit, after) -> reports.conversions(filter, limit, after),
                csv,
                (Conversion conversion) -> csv.line(
                        conversion.convertedAt(),
                        conversion.conversionId(),
                        conversion.clickId(),
                        conversion.offerId(),
                        conversion.memberId(),
                        conversion.eventId(),
                        conversion.transactionId(),
                        conversion.payout().map(BigDecimal::toPlainString),
                        conversion.currency(),
                        conversion.status(),
                        conversion.revision(),
                        conversion.approvedAt(),
                        conversion.reversedAt(),
                        conversion.reinstatedAt(),
                        conversion.attemptId()));
    }

    /**
     * Writes history, newest first.
     *
     * @param filter any conditions
     * @param out receives the text
     * @throws StorageException if the store cannot be read
     * @throws java.io.UncheckedIOException if the text cannot be written
     */
    public void history(ReportFilter filter, Appendable out) {
        CsvWriter csv = new CsvWriter(out);
        csv.line(
                "received_at",
                "severity",
                "outcome",
                "reason",
                "received_click_id",
                "click_id",
                "offer_id",
                "member_id",
                "event_id",
                "transaction_id",
                "conversion_id",
                "status_before",
                "status_after",
                "attempt_id",
                "origin",
                "replay_of",
                "truncated",
                "notes",
                "query",
                "caller");
        pages(
                (limit, after) -> reports.history(filter, limit, after),
                csv,
                (HistoryEntry entry) -> csv.line(
                        entry.receivedAt(),
                        entry.severity(),
                        entry.kind(),
                        entry.reason(),
                        entry.receivedClickId(),
                        entry.clickId(),
                        entry.offerId(),
                        entry.memberId(),
                        entry.eventId(),
                        entry.transactionId(),
                        entry.conversionId(),
                        entry.change().map(change -> change.before().status()),
                        entry.change().map(change -> change.after().status()),
                        entry.attemptId(),
                        entry.origin(),
                        entry.replayOf(),
                        entry.truncated(),
                        String.join("; ", entry.notes()),
                        entry.query(),
                        entry.caller()));
    }

    /**
     * Writes the daily summary, without the sums of payouts, which are {@linkplain #payouts lines of their own}.
     *
     * @param from the first day
     * @param to the last day, inclusive
     * @param zone the zone in which a day begins at midnight
     * @param out receives the text
     * @throws IllegalArgumentException if {@link Reports#summary} rejects the range
     * @throws StorageException if the store cannot be read
     * @throws java.io.UncheckedIOException if the text cannot be written
     */
    public void summary(LocalDate from, LocalDate to, ZoneId zone, Appendable out) {
        CsvWriter csv = new CsvWriter(out);
        csv.line(
                "day",
                "offer_id",
                "clicks",
                "conversions",
                "held",
                "adjusted",
                "duplicates",
                "rejected",
                "unattributed",
                "conversion_rate",
                "approved",
                "pending",
                "reversed",
                "without_payout",
                "callers");
        List<SummaryRow> rows = new ArrayList<>(reports.summary(from, to, zone));
        for (SummaryRow row : rows) {
            OptionalDouble rate = row.conversionRate();
            csv.line(
                    row.day(),
                    row.offerId(),
                    row.clicks(),
                    row.conversions(),
                    row.held(),
                    row.adjusted(),
                    row.duplicates(),
                    row.rejected(),
                    row.unattributed(),
                    rate.isEmpty() ? "" : rate.getAsDouble(),
                    row.statuses().getOrDefault(ConversionStatus.APPROVED, 0L),
                    row.statuses().getOrDefault(ConversionStatus.PENDING, 0L),
                    row.statuses().getOrDefault(ConversionStatus.REVERSED, 0L),
                    row.withoutPayout(),
                    row.callers().entrySet().stream()
                            .map(caller ->
                                    caller.getKey() + " " + caller.getValue().sent())
                            .collect(Collectors.joining("; ")));
        }
        progress.accept(rows.size());
    }

    /**
     * Writes the sums of payouts: a line for each day, offer and currency.
     *
     * @param from the first day
     * @param to the last day, inclusive
     * @param zone the zone in which a day begins at midnight
     * @param out receives the text
     * @throws IllegalArgumentException if {@link Reports#summary} rejects the range
     * @throws StorageException if the store cannot be read
     * @throws java.io.UncheckedIOException if the text cannot be written
     */
    public void payouts(LocalDate from, LocalDate to, ZoneId zone, Appendable out) {
        CsvWriter csv = new CsvWriter(out);
        csv.line("day", "offer_id", "currency", "approved", "pending", "reversed");
        long written = 0;
        for (SummaryRow row : reports.summary(from, to, zone)) {
            for (Payouts sums : row.payouts()) {
                csv.line(
                        row.day(),
                        row.offerId(),
                        sums.currency(),
                        sums.approved().toPlainString(),
                        sums.pending().toPlainString(),
                        sums.reversed().toPlainString());
                written++;
            }
        }
        progress.accept(written);
    }

    @FunctionalInterface
    private interface PageSource<T> {
        Page<T> page(int limit, @Nullable Cursor after);
    }

    private <T> void pages(PageSource<T> listing, CsvWriter csv, Consumer<T> line) {
        Cursor after = null;
        long written = 0;
        do {
            Page<T> page = listing.page((int) Math.min(PAGE, limit - written), after);
            page.rows().forEach(line);
            written += page.rows().size();
            after = page.next().orElse(null);
            progress.accept(written);
        } while (after != null && written < limit);
        if (after != null) {
            csv.line("INCOMPLETE: there are more than the " + limit + " rows to which this file is limited");
        }
    }
}
