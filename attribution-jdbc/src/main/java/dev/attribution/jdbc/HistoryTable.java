package dev.attribution.jdbc;

import dev.attribution.click.ClickId;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;

/** How a history entry is written to its table and read from it. */
final class HistoryTable {
    static final String COLUMNS =
            "attempt_id, received_at, outcome, reason, received_click_id, click_id, offer_id, member_id, event_id, transaction_id, conversion_id, origin, replay_of, query, truncated, notes";

    private HistoryTable() {}

    static String insert(Tables tables, Dialect dialect) {
        return "insert into " + tables.history() + " (" + COLUMNS + ")"
                + " values (:entryAttemptId, :receivedAt, :outcome, :reason, :receivedClickId, :entryClickId, :entryOfferId, :entryMemberId,"
                + " :entryEventId, :entryTransactionId, :entryConversionId, :origin, :replayOf, :query, :truncated, "
                + dialect.json(":notes") + ")";
    }

    static <S extends SqlStatement<S>> S bind(S insert, HistoryEntry entry) {
        return insert.bind("entryAttemptId", entry.attemptId())
                .bind("receivedAt", entry.receivedAt())
                .bind("outcome", entry.kind().name())
                .bind("reason", entry.reason().map(Reason::name).orElse(null))
                .bind("receivedClickId", entry.receivedClickId().orElse(null))
                .bind("entryClickId", entry.clickId().map(ClickId::uuid).orElse(null))
                .bind("entryOfferId", entry.offerId().orElse(null))
                .bind("entryMemberId", entry.memberId().orElse(null))
                .bind("entryEventId", entry.eventId().orElse(null))
                .bind("entryTransactionId", entry.transactionId().orElse(null))
                .bind("entryConversionId", entry.conversionId().orElse(null))
                .bind("origin", entry.origin().name())
                .bind("replayOf", entry.replayOf().orElse(null))
                .bind("query", entry.query())
                .bind("truncated", entry.truncated())
                .bind("notes", Json.of(entry.notes()));
    }

    static HistoryEntry read(ResultSet row, StatementContext context) throws SQLException {
        UUID clickId = Columns.uuidOrNull(row, "click_id", context);
        return HistoryEntry.builder(Columns.uuid(row, "attempt_id", context))
                .receivedAt(Columns.instant(row, "received_at", context))
                .outcome(
                        Columns.parsed(row, "outcome", Kind::valueOf),
                        Columns.parsedOrNull(row, "reason", Reason::valueOf))
                .clickId(Columns.textOrNull(row, "received_click_id"), clickId == null ? null : ClickId.of(clickId))
                .click(Columns.textOrNull(row, "offer_id"), Columns.textOrNull(row, "member_id"))
                .event(Columns.textOrNull(row, "event_id"), Columns.textOrNull(row, "transaction_id"))
                .conversionId(Columns.uuidOrNull(row, "conversion_id", context))
                .origin(Columns.parsed(row, "origin", Origin::valueOf), Columns.uuidOrNull(row, "replay_of", context))
                .query(row.getString("query"), row.getBoolean("truncated"))
                .notes(Columns.parsed(row, "notes", Json::texts))
                .build();
    }
}
