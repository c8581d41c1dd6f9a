package dev.attribution.jdbc.internal.row;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Scope;
import dev.attribution.spi.Settlement.Credit;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Currency;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The table of conversions: the columns of a credit, and how a conversion is read. */
public final class ConversionTable {
    private static final List<Column<Credit>> OF_CONVERSION = List.of(
            column("conversion_id", "uuid", Conversion::conversionId),
            column("attempt_id", "uuid", Conversion::attemptId),
            column("click_id", "uuid", conversion -> conversion.clickId().uuid()),
            column("offer_id", "text", Conversion::offerId),
            column("member_id", "text", Conversion::memberId),
            column("event_id", "text", conversion -> conversion.eventId().orElse(null)),
            column(
                    "transaction_id",
                    "text",
                    conversion -> conversion.transactionId().orElse(null)),
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
            column("converted_at", "timestamptz", Conversion::convertedAt));

    /** The columns of a credit: those of its conversion, and its places. */
    public static final List<Column<Credit>> WRITTEN = Stream.concat(
                    OF_CONVERSION.stream(),
                    Stream.of(
                            new Column<Credit>("slot", "int8", Credit::slot),
                            new Column<Credit>(
                                    "sole_scope",
                                    "uuid",
                                    credit -> credit.exclusiveScope()
                                            .map(Scope::key)
                                            .orElse(null))))
            .toList();

    /** The columns from which a conversion is read. */
    public static final String COLUMNS = Column.names(OF_CONVERSION);

    private ConversionTable() {}

    private static Column<Credit> column(
            String name, String type, Function<Conversion, ? extends @Nullable Object> value) {
        return new Column<>(name, type, credit -> value.apply(credit.conversion()));
    }

    public static Conversion read(ResultSet row, StatementContext context) throws SQLException {
        return readPrefixed(row, "", context);
    }

    /** Reads a conversion from columns with names that begin with a prefix. */
    public static Conversion readPrefixed(ResultSet row, String prefix, StatementContext context) throws SQLException {
        BigDecimal payout = row.getBigDecimal(prefix + "payout");
        return Conversion.builder(ColumnValues.uuid(row, prefix + "conversion_id", context))
                .attemptId(ColumnValues.uuid(row, prefix + "attempt_id", context))
                .credits(
                        ClickId.of(ColumnValues.uuid(row, prefix + "click_id", context)),
                        row.getString(prefix + "offer_id"),
                        row.getString(prefix + "member_id"))
                .eventId(ColumnValues.textOrNull(row, prefix + "event_id"))
                .transactionId(ColumnValues.textOrNull(row, prefix + "transaction_id"))
                .payout(payout == null ? null : payout.setScale(row.getInt(prefix + "payout_scale")))
                .currency(ColumnValues.parsedOrNull(row, prefix + "currency", Currency::getInstance))
                .convertedAt(ColumnValues.instant(row, prefix + "converted_at", context))
                .build();
    }
}
