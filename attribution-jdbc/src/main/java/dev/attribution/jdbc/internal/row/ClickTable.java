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
import org.jspecify.annotations.Nullable;

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
                    click -> click.flag().flatMap(ClickFlag::clearedAt).orElse(null)),
            new Column<>("member_scope", "uuid", Click::memberScope));

    public static final String COLUMNS = Column.names(WRITTEN);

    private ClickTable() {}

    public static Click read(ResultSet row, StatementContext context) throws SQLException {
        return new Click(
                ClickId.of(ColumnValues.uuid(row, "click_id", context)),
                row.getString("offer_id"),
                row.getString("member_id"),
                ColumnValues.instant(row, "clicked_at", context),
                ColumnValues.parsed(row, "context", Json::context),
                flag(ColumnValues.textOrNull(row, "flag"), ColumnValues.instantOrNull(row, "flag_cleared_at", context)),
                ColumnValues.uuid(row, "member_scope", context));
    }

    public static Click readFrom(PostgresRow row) throws SQLException {
        return new Click(
                ClickId.of(row.uuid("click_id")),
                row.text("offer_id"),
                row.text("member_id"),
                row.instant("clicked_at"),
                row.parsed("context", Json::context),
                flag(row.textOrNull("flag"), row.instantOrNull("flag_cleared_at")),
                row.uuid("member_scope"));
    }

    private static Optional<ClickFlag> flag(@Nullable String rule, @Nullable Instant clearedAt) throws SQLException {
        return rule == null
                ? Optional.empty()
                : Optional.of(
                        ColumnValues.parsed("flag", rule, some -> new ClickFlag(some, Optional.ofNullable(clearedAt))));
    }
}
