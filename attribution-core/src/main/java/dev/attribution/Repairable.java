package dev.attribution;

import dev.attribution.click.ClickId;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.internal.PercentCode;
import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackParser;
import dev.attribution.reconcile.Finding;
import dev.attribution.reconcile.TrackerRow;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A postback to judge again, or a tracker's row to judge as a postback. Its attempt id follows from what it says: repairing
 * it twice, in one process or in two, is one attempt, which the store's keys let win once.
 */
record Repairable(
        UUID attemptId,
        Instant at,
        Postback postback,
        Origin origin,
        @Nullable UUID replayOf,
        String note,
        Optional<HistoryEntry> entry,
        Optional<Finding> finding) {
    /** What became of it: as decided now, or, where the attempt is known, as it is stored. */
    record Outcome(PostbackOutcome outcome, boolean known) {}

    /**
     * Of postbacks that agree in every character only one wins by being replayed: a tracker that calls again and again after
     * a refusal cannot be told from one that means several conversions.
     */
    static Repairable replay(HistoryEntry entry, Instant now) {
        return new Repairable(
                hash("replay", entry.query()),
                entry.receivedAt(),
                PostbackParser.parse("?" + entry.query()), // never taken for a URL
                Origin.REPLAYED,
                entry.attemptId(),
                "replayed at " + now,
                Optional.of(entry),
                Optional.empty());
    }

    /** The time of the finding is the row's, set right where a whole zone was shifted. */
    static Repairable of(Finding finding, Instant now) {
        TrackerRow row = finding.theirs().orElseThrow();
        Instant at = finding.time().orElseThrow();
        StringBuilder query = new StringBuilder("gk_click_id=")
                .append(finding.clickId().map(ClickId::value).orElse(""));
        parameter(query, "event_id", row.eventId());
        parameter(query, "transaction_id", row.transactionId());
        parameter(query, "payout", row.amount().map(BigDecimal::toPlainString));
        parameter(query, "currency", row.currency().map(String::strip));
        return new Repairable(
                row.transactionId().isPresent() ? hash("import", query.toString()) : hash("import", query + "\0" + at),
                at,
                PostbackParser.parse(query.toString()),
                Origin.IMPORTED,
                null,
                "imported at " + now + " from " + row,
                Optional.empty(),
                Optional.of(finding));
    }

    private static void parameter(StringBuilder query, String name, Optional<String> value) {
        value.ifPresent(text -> query.append('&').append(name).append('=').append(PercentCode.encode(text)));
    }

    /** A version 8 UUID (RFC 9562, section 5.8) from SHA-256. */
    private static UUID hash(String kind, String text) {
        try {
            ByteBuffer hash = ByteBuffer.wrap(
                    MessageDigest.getInstance("SHA-256").digest((kind + "\0" + text).getBytes(StandardCharsets.UTF_8)));
            return new UUID(
                    (hash.getLong() & ~0xf000L) | 0x8000L,
                    (hash.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
