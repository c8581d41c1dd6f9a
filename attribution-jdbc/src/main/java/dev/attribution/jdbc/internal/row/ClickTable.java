package dev.attribution.jdbc.internal.row;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.statement.StatementContext;

/** The table of clicks: its columns, and how a row is read. */
public final class ClickTable {
    public static final List<Column<Click>> WRITTEN = List.of(
            new Column<>("click_id", "uuid", click -> click.clickId().uuid()),
            new Column<>("offer_id", "text", Click::offerId),
            new Column<>("member_id", "text", Click::memberId),
            new Column<>("clicked_at", "timestamptz", Click::clickedAt),
            new Column<>("context", "json", click -> Json.of(click.context())));

    public static final String COLUMNS = Column.names(WRITTEN);

    private ClickTable() {}

    public static Click read(ResultSet row, StatementContext context) throws SQLException {
        return readPrefixed(row, "", context);
    }

    /** Reads a click from columns with names that begin with a prefix. */
    public static Click readPrefixed(ResultSet row, String prefix, StatementContext context) throws SQLException {
        return new Click(
                ClickId.of(ColumnValues.uuid(row, prefix + "click_id", context)),
                row.getString(prefix + "offer_id"),
                row.getString(prefix + "member_id"),
                ColumnValues.instant(row, prefix + "clicked_at", context),
                ColumnValues.parsed(row, prefix + "context", Json::context));
    }
}
