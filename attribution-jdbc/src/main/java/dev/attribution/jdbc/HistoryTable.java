package dev.attribution.jdbc;

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

/** How a history entry is written to its table and read from it. */
final class HistoryTable {
    static final String COLUMNS =
            "attempt_id, received_at, outcome, reason, received_click_id, click_id, offer_id, member_id, event_id, transaction_id, conversion_id, origin, replay_of, query, truncated, notes";

    static final List<Column<HistoryEntry>> WRITTEN = List.of(
            new Column<>("attempt_id", "uuid", HistoryEntry::attemptId),
            new Column<>("received_at", "timestamptz", HistoryEntry::receivedAt),
            new Column<>("outcome", "text", entry -> entry.kind().name()),
            new Column<>(
                    "reason", "text", entry -> entry.reason().map(Reason::name).orElse(null)),
            new Column<>(
                    "received_click_id",
                    "text",
                    entry -> entry.receivedClickId().orElse(null)),
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
            new Column<>("origin", "text", entry -> entry.origin().name()),
            new Column<>("replay_of", "uuid", entry -> entry.replayOf().orElse(null)),
            new Column<>("query", "text", HistoryEntry::query),
            new Column<>("truncated", "bool", HistoryEntry::truncated),
            new Column<>("notes", "json", entry -> Json.of(entry.notes())));

    private HistoryTable() {}

    static HistoryEntry read(ResultSet row, StatementContext context) throws SQLException {
        UUID clickId = Columns.uuidOrNull(row, "click_id", context);
        return HistoryEntry.builder(Columns.uuid(row, "attempt_id", context))
                .receivedAt(Columns.instant(row, "received_at", context))
                .outcome(
                        Columns.parsed(row, "outcome", Kind::valueOf),
                        Columns.parsedOrNull(row, "reason", Reason::valueOf))
                .clickId(Columns.textOrNull(row, "received_click_id"), clickId == null ? null : ClickId.of(clickId))
                .click(Columns.textOrNull(row, "offer_id"), Columns.textOrNull(row, "member_id"))
                .eventId(Columns.textOrNull(row, "event_id"))
                .transactionId(Columns.textOrNull(row, "transaction_id"))
                .conversionId(Columns.uuidOrNull(row, "conversion_id", context))
                .origin(Columns.parsed(row, "origin", Origin::valueOf), Columns.uuidOrNull(row, "replay_of", context))
                .query(row.getString("query"), row.getBoolean("truncated"))
                .notes(Columns.parsed(row, "notes", Json::texts))
                .build();
    }
}
