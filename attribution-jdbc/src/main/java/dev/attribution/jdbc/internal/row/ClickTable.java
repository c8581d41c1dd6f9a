package dev.attribution.jdbc.internal.row;

import dev.attribution.click.Click;
import dev.attribution.click.ClickFlag;
import dev.attribution.click.ClickId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/** The table of clicks: its columns, and how a row is read. */
public final class ClickTable {
    public static final List<Column<Click>> WRITTEN = List.of(
            new Column<>("click_id", "uuid", click -> click.clickId().uuid()),
            new Column<>("offer_id", "text", Click::offerId),
            new Column<>("member_id", "text", Click::memberId),
            new Column<>("clicked_at", "timestamptz", Click::clickedAt),
            new Column<>("context", "json", click -> Json.of(click.context())),
            new Column<>(
                    "flag", "text", click -> click.flag().map(ClickFlag::rule).orElse(null)),
            new Column<>(
                    "flag_cleared_at",
                    "timestamptz",
                    click -> click.flag().flatMap(ClickFlag::clearedAt).orElse(null)));

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
                ColumnValues.parsed(row, prefix + "context", Json::context),
                flag(row, prefix, context));
    }

    private static Optional<ClickFlag> flag(ResultSet row, String prefix, StatementContext context)
            throws SQLException {
        Instant clearedAt = ColumnValues.instantOrNull(row, prefix + "flag_cleared_at", context);
        return Optional.ofNullable(ColumnValues.parsedOrNull(
                row, prefix + "flag", rule -> new ClickFlag(rule, Optional.ofNullable(clearedAt))));
    }
}
