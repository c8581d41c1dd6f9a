package dev.attribution.jdbc.internal;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.Severity;
import dev.attribution.jdbc.Vendor;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ClickTable;
import dev.attribution.jdbc.internal.row.ColumnValues;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.HistoryTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.statement.PostgresFirstSlot;
import dev.attribution.jdbc.internal.statement.ReportQuery;
import dev.attribution.jdbc.internal.statement.SummaryReader;
import dev.attribution.jdbc.internal.transaction.Transactions;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import dev.attribution.spi.ReportRepository;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads reports in keyset pages, each served by one named index. */
public final class JdbcReports implements ReportRepository {
    private final Transactions transactions;
    private final TableNames tables;
    private final Dialect dialect;
    private final SummaryReader summary;

    public JdbcReports(Transactions transactions, TableNames tables, Dialect dialect) {
        this.transactions = transactions;
        this.tables = tables;
        this.dialect = dialect;
        this.summary = new SummaryReader(tables);
    }

    @Override
    public List<Click> clicks(ReportFilter filter, @Nullable Cursor after, int limit) {
        if (!canMatch(filter)) {
            return List.of();
        }
        ReportQuery query = new ReportQuery(dialect, ClickTable.COLUMNS, tables.click(), "clicked_at", "click_id")
                .where("click_id", filter.clickId().map(ClickId::uuid))
                .where("member_id", filter.memberId())
                .whereShared("offer_id", filter.offerId())
                .between(filter)
                .after(after);
        return transactions.read("list clicks", handle -> query.rows(handle, limit, ClickTable::read));
    }

    @Override
    public List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit) {
        if (!canMatch(filter)) {
            return List.of();
        }
        ReportQuery query = new ReportQuery(
                        dialect, ConversionTable.COLUMNS, tables.conversion(), "converted_at", "conversion_id")
                .where("click_id", filter.clickId().map(ClickId::uuid))
                .where("member_id", filter.memberId())
                .whereShared("event_id", filter.eventId())
                .whereShared("offer_id", filter.offerId())
                .also("status", filter.status().map(Enum::name))
                .that(ConversionTable.HAS_PLACE)
                .between(filter)
                .after(after);
        if (filter.clickId().isPresent() && dialect.vendor() == Vendor.POSTGRESQL) {
            query.inTwoParts(PostgresFirstSlot.TAKEN, PostgresFirstSlot.OTHERS);
        }
        return transactions.read("list conversions", handle -> query.rows(handle, limit, ConversionTable::read));
    }

    @Override
    public List<HistoryEntry> history(ReportFilter filter, @Nullable Cursor after, int limit) {
        if (!canMatch(filter)) {
            return List.of();
        }
        List<Optional<Kind>> outcomes = outcomes(filter);
        return transactions.read(
                "list history",
                handle -> outcomes.size() == 1
                        ? history(handle, filter, outcomes.get(0), after, limit)
                        // a page of each outcome, since an index serves one outcome at a time
                        : outcomes.stream()
                                .flatMap(outcome -> history(handle, filter, outcome, after, limit).stream())
                                .sorted(Comparator.comparing(Cursor::of, Cursor.NEWEST_FIRST))
                                .limit(limit)
                                .toList());
    }

    @Override
    public List<HistoryEntry> history(Collection<ClickId> clickIds, @Nullable Cursor after, int limit) {
        if (clickIds.isEmpty()) {
            return List.of();
        }
        ReportQuery query = new ReportQuery(
                        dialect, HistoryTable.COLUMNS, tables.history(), "received_at", "attempt_id")
                .in("click_id", clickIds.stream().map(ClickId::uuid).distinct().toList())
                .after(after);
        return transactions.read("list the history of clicks", handle -> query.rows(handle, limit, HistoryTable::read));
    }

    private List<HistoryEntry> history(
            Handle handle, ReportFilter filter, Optional<Kind> outcome, @Nullable Cursor after, int limit) {
        return new ReportQuery(dialect, HistoryTable.COLUMNS, tables.history(), "received_at", "attempt_id")
                .where("attempt_id", filter.attemptId())
                .where("click_id", filter.clickId().map(ClickId::uuid))
                .where("received_click_id", filter.receivedClickId())
                .where("member_id", filter.memberId())
                .whereShared("reason", filter.reason().map(Enum::name))
                .whereShared("event_id", filter.eventId())
                .whereShared("offer_id", filter.offerId())
                .whereShared("outcome", outcome.map(Enum::name))
                .also("origin", filter.origin().map(Enum::name))
                .also("caller", filter.caller())
                .that(
                        filter.receivedClickId().isPresent()
                                ? "click_id is null"
                                : "") // as the index of PostgreSQL has it
                .that(isTestCall(filter, outcome))
                .between(filter)
                .after(after)
                .rows(handle, limit, HistoryTable::read);
    }

    /** Returns whether a row can have the texts of a filter. A database may refuse a text that it cannot store. */
    private static boolean canMatch(ReportFilter filter) {
        return Stream.of(
                        filter.offerId(),
                        filter.memberId(),
                        filter.eventId(),
                        filter.receivedClickId(),
                        filter.caller())
                .flatMap(Optional::stream)
                .allMatch(ColumnValues::isStorable);
    }

    /** Returns the outcomes to look for: a list of them, or one empty element for all outcomes. */
    private static List<Optional<Kind>> outcomes(ReportFilter filter) {
        if (filter.kind().isEmpty() && filter.severity().isEmpty()) {
            return List.of(Optional.empty());
        }
        return Arrays.stream(Kind.values())
                .filter(kind -> filter.kind().map(kind::equals).orElse(true))
                .filter(kind -> filter.severity()
                        .map(severity -> canHave(kind, severity))
                        .orElse(true))
                .map(Optional::of)
                .toList();
    }

    /** A test call needs no attention, though its kind does. */
    private static String isTestCall(ReportFilter filter, Optional<Kind> outcome) {
        if (filter.severity().isEmpty() || !outcome.map(Reason.TEST_CALL::fits).orElse(false)) {
            return "";
        }
        String test = "reason = '" + Reason.TEST_CALL + "'";
        return filter.severity().get() == Severity.INFO ? test : "not (" + test + ")";
    }

    private static boolean canHave(Kind kind, Severity severity) {
        return severity == Severity.of(kind, null) || (severity == Severity.INFO && Reason.TEST_CALL.fits(kind));
    }

    @Override
    public List<SummaryRow> summarize(List<Day> days) {
        return transactions.read(
                "summarize",
                handle -> days.stream()
                        .flatMap(day -> summary.read(handle, day).stream())
                        .toList());
    }
}
