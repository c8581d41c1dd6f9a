package dev.attribution.jdbc.internal.row;

import dev.attribution.click.ClickId;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The table of history entries: its columns, and how a row is read. */
public final class HistoryTable {
    public static final List<Column<HistoryEntry>> WRITTEN = List.of(
            new Column<>("attempt_id", "uuid", HistoryEntry::attemptId),
            new Column<>("received_at", "timestamptz", HistoryEntry::receivedAt),
            new Column<>("outcome", "text", entry -> entry.kind().name()),
            new Column<>(
                    "reason", "text", entry -> entry.reason().map(Reason::name).orElse(null)),
            new Column<>("received_click_id", "text", HistoryTable::received),
            new Column<>(
                    "click_id",
                    "uuid",
                    entry -> entry.clickId().map(ClickId::uuid).orElse(null)),
            new Column<>("offer_id", "text", entry -> entry.offerId().orElse(null)),
            new Column<>("member_id", "text", entry -> entry.memberId().orElse(null)),
            new Column<>("event_id", "text", entry -> entry.eventId().orElse(null)),
            new Column<>(
                    "transaction_id", "text", entry -> entry.transactionId().orElse(null)),
            new Column<>("conversion_id", "uuid", entry -> entry.conversionId().orElse(null)),
            new Column<>(
                    "status_change",
                    "json",
                    entry -> entry.change().map(Json::of).orElse(null)),
            new Column<>("origin", "text", entry -> entry.origin().name()),
            new Column<>("replay_of", "uuid", entry -> entry.replayOf().orElse(null)),
            new Column<>("query", "text", HistoryEntry::query),
            new Column<>("truncated", "bool", HistoryEntry::truncated),
            new Column<>("request_body", "text", HistoryEntry::body),
            new Column<>("content_type", "text", entry -> entry.contentType().orElse(null)),
            new Column<>("caller", "text", HistoryEntry::caller),
            new Column<>("notes", "json", entry -> Json.of(entry.notes())));

    public static final String COLUMNS = Column.names(WRITTEN);

    private HistoryTable() {}

    /**
     * With a click id, null stands for that id in its usual spelling. That spelling, which is never stored for itself, stands for
     * no received text.
     */
    private static @Nullable String received(HistoryEntry entry) {
        String received = entry.receivedClickId().orElse(null);
        ClickId clickId = entry.clickId().orElse(null);
        if (clickId == null) {
            return received;
        }
        return received == null ? clickId.value() : received.equals(clickId.value()) ? null : received;
    }

    private static @Nullable String received(@Nullable String column, @Nullable UUID clickId) {
        if (clickId == null) {
            return column;
        }
        return column == null ? clickId.toString() : column.equals(clickId.toString()) ? null : column;
    }

    public static HistoryEntry read(ResultSet row, StatementContext context) throws SQLException {
        UUID clickId = ColumnValues.uuidOrNull(row, "click_id", context);
        return HistoryEntry.builder(ColumnValues.uuid(row, "attempt_id", context))
                .receivedAt(ColumnValues.instant(row, "received_at", context))
                .outcome(
                        ColumnValues.parsed(row, "outcome", Kind::valueOf),
                        ColumnValues.parsedOrNull(row, "reason", Reason::valueOf))
                .clickId(
                        received(ColumnValues.textOrNull(row, "received_click_id"), clickId),
                        clickId == null ? null : ClickId.of(clickId))
                .click(ColumnValues.textOrNull(row, "offer_id"), ColumnValues.textOrNull(row, "member_id"))
                .eventId(ColumnValues.textOrNull(row, "event_id"))
                .transactionId(ColumnValues.textOrNull(row, "transaction_id"))
                .conversionId(ColumnValues.uuidOrNull(row, "conversion_id", context))
                .change(ColumnValues.parsedOrNull(row, "status_change", Json::change))
                .origin(
                        ColumnValues.parsed(row, "origin", Origin::valueOf),
                        ColumnValues.uuidOrNull(row, "replay_of", context))
                .query(row.getString("query"), row.getBoolean("truncated"))
                .body(row.getString("request_body"), ColumnValues.textOrNull(row, "content_type"))
                .caller(row.getString("caller"))
                .notes(ColumnValues.parsed(row, "notes", Json::texts))
                .build();
    }
}
