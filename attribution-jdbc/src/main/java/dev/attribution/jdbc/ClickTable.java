package dev.attribution.jdbc;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.statement.StatementContext;

/** The table of clicks: its columns, and how a row is read. */
final class ClickTable {
    static final List<Column<Click>> WRITTEN = List.of(
            new Column<>("click_id", "uuid", click -> click.clickId().uuid()),
            new Column<>("offer_id", "text", Click::offerId),
            new Column<>("member_id", "text", Click::memberId),
            new Column<>("clicked_at", "timestamptz", Click::clickedAt),
            new Column<>("context", "json", click -> Json.of(click.context())));

    static final String COLUMNS = Column.names(WRITTEN);

    private ClickTable() {}

    static Click read(ResultSet row, StatementContext context) throws SQLException {
        return readPrefixed(row, "", context);
    }

    /** Reads a click from columns whose names begin with a prefix. */
    static Click readPrefixed(ResultSet row, String prefix, StatementContext context) throws SQLException {
        return new Click(
                ClickId.of(ColumnValues.uuid(row, prefix + "click_id", context)),
                row.getString(prefix + "offer_id"),
                row.getString(prefix + "member_id"),
                ColumnValues.instant(row, prefix + "clicked_at", context),
                ColumnValues.parsed(row, prefix + "context", Json::context));
    }
}
