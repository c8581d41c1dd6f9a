package dev.attribution.jdbc;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;

/** How a click is written to its table and read from it. */
final class ClickTable {
    static final String COLUMNS = "click_id, offer_id, member_id, clicked_at, context";

    private ClickTable() {}

    static String insert(Tables tables, Dialect dialect) {
        return "insert into " + tables.click() + " (" + COLUMNS
                + ") values (:clickId, :offerId, :memberId, :clickedAt, " + dialect.json(":context") + ")";
    }

    static <S extends SqlStatement<S>> S bind(S insert, Click click) {
        return insert.bind("clickId", click.clickId().uuid())
                .bind("offerId", click.offerId())
                .bind("memberId", click.memberId())
                .bind("clickedAt", click.clickedAt())
                .bind("context", Json.of(click.context()));
    }

    static Click read(ResultSet row, StatementContext context) throws SQLException {
        return new Click(
                ClickId.of(Columns.uuid(row, "click_id", context)),
                row.getString("offer_id"),
                row.getString("member_id"),
                Columns.instant(row, "clicked_at", context),
                Columns.parsed(row, "context", Json::context));
    }
}
