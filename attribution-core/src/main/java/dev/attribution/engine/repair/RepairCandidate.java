package dev.attribution.engine.repair;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.engine.Attempt;
import dev.attribution.engine.KeptRequest;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.internal.HashedUuid;
import dev.attribution.internal.PercentCode;
import dev.attribution.postback.Caller;
import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.reconcile.Finding;
import dev.attribution.reconcile.TrackerRow;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A postback to judge again, or a tracker's row to judge as a postback. Its attempt id is the time of its click and a hash of
 * its content: two repairs of it, in one process or in two, are one attempt, which the store's keys credit once.
 */
public record RepairCandidate(
        UUID attemptId,
        Instant at,
        Postback postback,
        Origin origin,
        @Nullable UUID replayOf,
        String note,
        Optional<HistoryEntry> entry,
        Optional<Finding> finding,
        @Nullable Conversion target) {
    Attempt attempt() {
        return replayOf != null
                ? Attempt.replayed(attemptId, at, postback, replayOf, note)
                : Attempt.imported(attemptId, at, postback, note, target);
    }

    /**
     * Of postbacks that agree in every character only one is credited by a replay: a tracker that repeats a refused call
     * cannot be distinguished from one that means several conversions.
     */
    public static RepairCandidate replayed(HistoryEntry entry, Caller caller, Instant now) {
        return new RepairCandidate(
                hash(entry.clickId(), "replay", content(entry)),
                entry.receivedAt(),
                caller.read(KeptRequest.of(entry)),
                Origin.REPLAYED,
                entry.attemptId(),
                "replayed at " + now,
                Optional.of(entry),
                Optional.empty(),
                null);
    }

    /** The same text for the calls of one caller that agree in every character, and for no others. */
    private static String content(HistoryEntry entry) {
        boolean isPlain = entry.caller().equals(Caller.STANDARD) && entry.body().isEmpty();
        return isPlain
                ? entry.query()
                : String.join(
                        "\0",
                        "",
                        entry.caller(),
                        entry.query(),
                        entry.contentType().orElse(""),
                        entry.body());
    }

    /** Uses the time of the finding: the row's, corrected if the zone of its source was shifted. */
    public static RepairCandidate imported(Finding finding, Instant now, Caller caller) {
        TrackerRow row = finding.theirs().orElseThrow();
        Instant at = finding.time().orElseThrow();
        StringBuilder query = new StringBuilder(PostbackParameter.CLICK_ID.parameterName())
                .append('=')
                .append(finding.clickId().map(ClickId::value).orElse(""));
        parameter(query, PostbackParameter.EVENT_ID, row.eventId());
        parameter(query, PostbackParameter.TRANSACTION_ID, row.transactionId());
        parameter(query, PostbackParameter.PAYOUT, row.amount().map(BigDecimal::toPlainString));
        parameter(query, PostbackParameter.CURRENCY, row.currency().map(String::strip));
        return new RepairCandidate(
                row.transactionId().isPresent()
                        ? hash(finding.clickId(), "import", query.toString())
                        : hash(finding.clickId(), "import", query + "\0" + at),
                at,
                inOurNames(caller).read(PostbackRequest.get("?" + query).build()),
                Origin.IMPORTED,
                null,
                "imported at " + now + " from " + row,
                Optional.empty(),
                Optional.of(finding),
                null);
    }

    /**
     * A row whose status is to be that of its conversion. It is dated now, since an export says when a conversion happened, not
     * when it was changed. Without a transaction id that both sides have, the row addresses the click's only conversion, as a
     * postback does.
     */
    public static RepairCandidate changed(Finding finding, ConversionStatus status, Instant now, Caller caller) {
        TrackerRow row = finding.theirs().orElseThrow();
        Conversion ours = finding.ours().orElseThrow();
        boolean isOneTransaction = finding.isSameTransaction();
        StringBuilder query = new StringBuilder(PostbackParameter.CLICK_ID.parameterName())
                .append('=')
                .append(ours.clickId());
        boolean isOneEvent = isOneTransaction || row.eventId().equals(ours.eventId());
        parameter(query, PostbackParameter.EVENT_ID, ours.eventId().filter(event -> isOneEvent));
        parameter(query, PostbackParameter.TRANSACTION_ID, ours.transactionId().filter(id -> isOneTransaction));
        parameter(query, PostbackParameter.PAYOUT, row.amount().map(BigDecimal::toPlainString));
        parameter(query, PostbackParameter.CURRENCY, row.currency().map(String::strip));
        parameter(query, PostbackParameter.STATUS, Optional.of(status.name().toLowerCase(Locale.ROOT)));
        return new RepairCandidate(
                hash(
                        Optional.of(ours.clickId()),
                        "import " + status,
                        ours.conversionId().toString()),
                now,
                inOurNames(caller).read(PostbackRequest.get("?" + query).build()),
                Origin.IMPORTED,
                null,
                "status imported at " + now + " from " + row,
                Optional.empty(),
                Optional.of(finding),
                ours);
    }

    /** The caller with our names of parameters: its offers, and what makes two calls the same, stay as they are. */
    private static Caller inOurNames(Caller caller) {
        if (caller.name().equals(Caller.STANDARD)) {
            return Caller.standard();
        }
        Caller.Builder builder = Caller.named(caller.name()).callKey(caller.callKey());
        for (PostbackParameter parameter : PostbackParameter.values()) {
            builder.parameter(parameter, parameter.parameterName());
        }
        return builder.build();
    }

    private static void parameter(StringBuilder query, PostbackParameter name, Optional<String> value) {
        value.ifPresent(text ->
                query.append('&').append(name.parameterName()).append('=').append(PercentCode.encode(text)));
    }

    /** The time of the click is in front: calls that agree in every character have one id, whenever they came. */
    private static UUID hash(Optional<ClickId> clickId, String kind, String text) {
        byte[] bytes = (kind + "\0" + text).getBytes(StandardCharsets.UTF_8);
        return clickId.filter(ClickId::hasTime)
                .map(timed -> HashedUuid.withTimeOf(timed.uuid(), bytes))
                .orElseGet(() -> HashedUuid.of(bytes));
    }
}
