package dev.attribution.jdbc.internal.row;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.Scope;
import dev.attribution.spi.Settlement;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The table of conversions: the columns of a row, and how a conversion is read. A reservation has no slot. */
public final class ConversionTable {
    /** What tells a conversion that has a place from a reservation. */
    public static final String HAS_PLACE = "slot is not null";

    /** Whether a conversion is pending or became a credit at a time or later, which is bound {@link #SETTLED_TIMES} times. */
    public static final String IS_UNSETTLED = "(status = '" + ConversionStatus.PENDING
            + "' or converted_at >= ? or approved_at >= ? or reinstated_at >= ?)";

    /** The number of parameters of {@link #IS_UNSETTLED}. */
    public static final int SETTLED_TIMES = 3;

    /** The columns of a conversion's state, which a change replaces. */
    public static final List<Column<Row>> STATE = List.of(
            column("status", "text", conversion -> conversion.status().name()),
            column("revision", "int4", Conversion::revision),
            column("event_id", "text", conversion -> conversion.eventId().orElse(null)),
            column(
                    "payout",
                    "numeric",
                    conversion -> conversion.payout().map(ColumnValues::exact).orElse(null)),
            column(
                    "payout_scale",
                    "int2",
                    conversion -> conversion.payout().map(BigDecimal::scale).orElse(null)),
            column(
                    "currency",
                    "text",
                    conversion ->
                            conversion.currency().map(Currency::getCurrencyCode).orElse(null)),
            column(
                    "approved_at",
                    "timestamptz",
                    conversion -> conversion.approvedAt().orElse(null)),
            column(
                    "reversed_at",
                    "timestamptz",
                    conversion -> conversion.reversedAt().orElse(null)),
            column(
                    "reinstated_at",
                    "timestamptz",
                    conversion -> conversion.reinstatedAt().orElse(null)));

    /** The columns that a change replaces if it takes a place. */
    public static final List<Column<Row>> STATE_AND_PLACE = Stream.concat(
                    STATE.stream(), Stream.of(new Column<Row>("slot", "int8", Row::slot)))
            .toList();

    private static final List<Column<Row>> FIXED = List.of(
            column("conversion_id", "uuid", Conversion::conversionId),
            column("attempt_id", "uuid", Conversion::attemptId),
            column("click_id", "uuid", conversion -> conversion.clickId().uuid()),
            column("offer_id", "text", Conversion::offerId),
            column("member_id", "text", Conversion::memberId),
            column("member_scope", "uuid", Conversion::memberScope),
            column(
                    "transaction_id",
                    "text",
                    conversion -> conversion.transactionId().orElse(null)),
            column("call_key", "text", conversion -> conversion.callKey().orElse(null)),
            column("converted_at", "timestamptz", Conversion::convertedAt));

    /** The columns of a new row. */
    public static final List<Column<Row>> WRITTEN =
            Stream.concat(FIXED.stream(), STATE_AND_PLACE.stream()).toList();

    /** The columns from which a conversion is read. */
    public static final String COLUMNS = Column.names(WRITTEN);

    /**
     * A conversion with the places that it takes.
     *
     * @param slot its slot, or {@code null} for a reservation
     */
    public record Row(Conversion conversion, @Nullable Long slot, Optional<Scope.OfMember> exclusiveScope) {}

    private ConversionTable() {}

    /** Returns the row that a settlement adds, or empty if it adds none. */
    public static Optional<Row> added(Settlement settlement) {
        return settlement
                .effect()
                .filter(effect -> !(effect instanceof Settlement.Change))
                .map(effect -> effect instanceof Settlement.Credit credit
                        ? new Row(credit.conversion(), credit.slot(), credit.exclusiveScope())
                        : new Row(effect.conversion(), null, Optional.empty()));
    }

    /** Returns the row that a change leaves; its places count only if it takes one. */
    public static Row changed(Settlement.Change change) {
        Long slot = change.slot().isPresent() ? change.slot().getAsLong() : null;
        return new Row(change.conversion(), slot, change.exclusiveScope());
    }

    private static Column<Row> column(
            String name, String type, Function<Conversion, ? extends @Nullable Object> value) {
        return new Column<>(name, type, row -> value.apply(row.conversion()));
    }

    public static Conversion read(ResultSet row, StatementContext context) throws SQLException {
        BigDecimal payout = row.getBigDecimal("payout");
        return Conversion.builder(ColumnValues.uuid(row, "conversion_id", context))
                .attemptId(ColumnValues.uuid(row, "attempt_id", context))
                .credits(
                        ClickId.of(ColumnValues.uuid(row, "click_id", context)),
                        row.getString("offer_id"),
                        row.getString("member_id"))
                .memberScope(ColumnValues.uuid(row, "member_scope", context))
                .eventId(ColumnValues.textOrNull(row, "event_id"))
                .transactionId(ColumnValues.textOrNull(row, "transaction_id"))
                .callKey(ColumnValues.textOrNull(row, "call_key"))
                .payout(payout == null ? null : payout.setScale(row.getInt("payout_scale")))
                .currency(ColumnValues.parsedOrNull(row, "currency", Currency::getInstance))
                .convertedAt(ColumnValues.instant(row, "converted_at", context))
                .reservation(ColumnValues.longOrNull(row, "slot") == null)
                .status(ColumnValues.parsed(row, "status", ConversionStatus::valueOf), row.getInt("revision"))
                .changedAt(
                        ColumnValues.instantOrNull(row, "approved_at", context),
                        ColumnValues.instantOrNull(row, "reversed_at", context),
                        ColumnValues.instantOrNull(row, "reinstated_at", context))
                .build();
    }

    public static Conversion readFrom(PostgresRow row) throws SQLException {
        BigDecimal payout = row.amountOrNull("payout");
        return Conversion.builder(row.uuid("conversion_id"))
                .attemptId(row.uuid("attempt_id"))
                .credits(ClickId.of(row.uuid("click_id")), row.text("offer_id"), row.text("member_id"))
                .memberScope(row.uuid("member_scope"))
                .eventId(row.textOrNull("event_id"))
                .transactionId(row.textOrNull("transaction_id"))
                .callKey(row.textOrNull("call_key"))
                .payout(payout == null ? null : payout.setScale((int) row.number("payout_scale")))
                .currency(row.parsedOrNull("currency", Currency::getInstance))
                .convertedAt(row.instant("converted_at"))
                .reservation(row.numberOrNull("slot") == null)
                .status(row.parsed("status", ConversionStatus::valueOf), (int) row.number("revision"))
                .changedAt(
                        row.instantOrNull("approved_at"),
                        row.instantOrNull("reversed_at"),
                        row.instantOrNull("reinstated_at"))
                .build();
    }
}
