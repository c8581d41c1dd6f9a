package dev.attribution.jdbc;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Scope;
import dev.attribution.spi.Settlement.Credit;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Currency;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;

/** How a credit is written to the table of conversions, and a conversion read from it. */
final class ConversionTable {
    static final String COLUMNS =
            "conversion_id, attempt_id, click_id, offer_id, member_id, event_id, transaction_id, payout, payout_scale, currency, converted_at";

    private ConversionTable() {}

    static String insert(Tables tables) {
        return "insert into " + tables.conversion() + " (" + COLUMNS + ", slot, sole_scope)"
                + " values (:conversionId, :attemptId, :clickId, :offerId, :memberId, :eventId, :transactionId, :payout,"
                + " :payoutScale, :currency, :convertedAt, :slot, :soleScope)";
    }

    static <S extends SqlStatement<S>> S bind(S insert, Credit credit) {
        Conversion conversion = credit.conversion();
        return insert.bind("conversionId", conversion.conversionId())
                .bind("attemptId", conversion.attemptId())
                .bind("clickId", conversion.clickId().uuid())
                .bind("offerId", conversion.offerId())
                .bind("memberId", conversion.memberId())
                .bind("eventId", conversion.eventId().orElse(null))
                .bind("transactionId", conversion.transactionId().orElse(null))
                .bind("payout", conversion.payout().map(Columns::exact).orElse(null))
                .bind("payoutScale", conversion.payout().map(BigDecimal::scale).orElse(null))
                .bind(
                        "currency",
                        conversion.currency().map(Currency::getCurrencyCode).orElse(null))
                .bind("convertedAt", conversion.convertedAt())
                .bind("slot", credit.slot())
                .bind("soleScope", credit.sole().map(Scope::key).orElse(null));
    }

    static Conversion read(ResultSet row, StatementContext context) throws SQLException {
        BigDecimal payout = row.getBigDecimal("payout");
        return Conversion.builder(Columns.uuid(row, "conversion_id", context))
                .attemptId(Columns.uuid(row, "attempt_id", context))
                .credits(
                        ClickId.of(Columns.uuid(row, "click_id", context)),
                        row.getString("offer_id"),
                        row.getString("member_id"))
                .eventId(Columns.textOrNull(row, "event_id"))
                .transactionId(Columns.textOrNull(row, "transaction_id"))
                .payout(payout == null ? null : payout.setScale(row.getInt("payout_scale")))
                .currency(Columns.parsedOrNull(row, "currency", Currency::getInstance))
                .convertedAt(Columns.instant(row, "converted_at", context))
                .build();
    }
}
