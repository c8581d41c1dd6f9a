package dev.attribution.jdbc.internal.statement;

import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.jdbc.internal.row.ColumnValues;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.Day;
import dev.attribution.report.SummaryRow;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Counts the clicks, outcomes and conversions of a day per offer, and sums the payouts. The database does so along the
 * indexes by time.
 */
public final class SummaryReader {
    private final String countClicks;
    private final String countOutcomes;
    private final String sumConversions;

    public SummaryReader(TableNames tables) {
        this.countClicks = "select offer_id, count(*) as number from " + tables.click()
                + " where clicked_at >= :from and clicked_at < :until group by offer_id";
        this.countOutcomes =
                "select offer_id, outcome, reason, origin, caller, count(*) as number from " + tables.history()
                        + " where received_at >= :from and received_at < :until group by offer_id, outcome, reason, origin, caller";
        this.sumConversions = "select offer_id, status, currency, count(*) as number, count(payout) as paid,"
                + " sum(payout) as payout, max(payout_scale) as payout_scale from " + tables.conversion()
                + " where converted_at >= :from and converted_at < :until and " + ConversionTable.HAS_PLACE
                + " group by offer_id, status, currency";
    }

    /** Adds what a row of a result counts. */
    @FunctionalInterface
    private interface Counting {
        void count(ResultSet row, Rows rows) throws SQLException;
    }

    public List<SummaryRow> read(Handle handle, Day day) {
        Rows rows = new Rows(day);
        count(handle, countClicks, rows, SummaryReader::countClicks);
        count(handle, countOutcomes, rows, SummaryReader::countOutcomes);
        count(handle, sumConversions, rows, SummaryReader::sumConversions);
        return rows.byOffer.values().stream().map(SummaryRow.Builder::build).toList();
    }

    private static void count(Handle handle, String sql, Rows rows, Counting counting) {
        handle.createQuery(sql)
                .bind("from", rows.day.from())
                .bind("until", rows.day.until())
                .map((row, context) -> {
                    counting.count(row, rows);
                    return true;
                })
                .list();
    }

    private static void countClicks(ResultSet row, Rows rows) throws SQLException {
        rows.of(row.getString("offer_id")).clicks(row.getLong("number"));
    }

    private static void countOutcomes(ResultSet row, Rows rows) throws SQLException {
        Kind kind = ColumnValues.parsed(row, "outcome", Kind::valueOf);
        rows.of(kind == Kind.UNATTRIBUTED ? null : ColumnValues.textOrNull(row, "offer_id"))
                .entries(
                        kind,
                        ColumnValues.parsedOrNull(row, "reason", Reason::valueOf),
                        ColumnValues.parsed(row, "origin", Origin::valueOf),
                        row.getString("caller"),
                        row.getLong("number"));
    }

    private static void sumConversions(ResultSet row, Rows rows) throws SQLException {
        SummaryRow.Builder counted = rows.of(row.getString("offer_id"));
        ConversionStatus status = ColumnValues.parsed(row, "status", ConversionStatus::valueOf);
        long paid = row.getLong("paid");
        counted.conversions(status, row.getLong("number") - paid);
        BigDecimal payout = row.getBigDecimal("payout");
        if (payout != null) {
            counted.conversions(
                    status,
                    ColumnValues.parsedOrNull(row, "currency", Currency::getInstance),
                    paid,
                    payout.setScale(Math.max(0, row.getInt("payout_scale"))));
        }
    }

    private static final class Rows {
        private final Day day;
        private final Map<Optional<String>, SummaryRow.Builder> byOffer = new HashMap<>();

        Rows(Day day) {
            this.day = day;
        }

        SummaryRow.Builder of(@Nullable String offerId) {
            return byOffer.computeIfAbsent(
                    Optional.ofNullable(offerId), added -> SummaryRow.builder(day.date(), offerId));
        }
    }
}
