package dev.attribution.testkit.contract;

import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionChange;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.Settlement;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Sample clicks, offers and settlements, each with its own id. */
final class Samples {
    static final String OFFER = "spring-sale";
    static final String MEMBER = "member-7";
    static final String TOKEN = "forgotten-9a2f1c52-7f6d-4c35-9d0e-5a8f3f0f8c11";
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

    private static final ClickIdGenerator CLICK_IDS = ClickIdGenerator.timeOrdered();

    private Samples() {}

    static Offer offer(String offerId) {
        return Offer.builder(offerId)
                .trackingLink("https://example.com/path?sub1={gk_click_id}")
                .build();
    }

    static Click click() {
        return click(OFFER, MEMBER, NOON);
    }

    static Click click(String offerId, String memberId, Instant clickedAt) {
        return new Click(CLICK_IDS.next(), offerId, memberId, clickedAt, ClickContext.empty());
    }

    /** The click of a member who was forgotten since: with a hash that its member does not have. */
    static Click forgotten(Click click) {
        return new Click(
                click.clickId(),
                click.offerId(),
                TOKEN,
                click.clickedAt(),
                ClickContext.empty(),
                click.flag(),
                click.memberScope());
    }

    /** The click with a hash that only the application's key makes. */
    static Click hashed(Click click) {
        return new Click(
                click.clickId(),
                click.offerId(),
                click.memberId(),
                click.clickedAt(),
                click.context(),
                click.flag(),
                UUID.randomUUID());
    }

    static Click withId(ClickId clickId, Click click) {
        return new Click(
                clickId,
                click.offerId(),
                click.memberId(),
                click.clickedAt(),
                click.context(),
                click.flag(),
                click.memberScope());
    }

    /** A new id of an attempt, which contains its time. */
    static UUID attemptId() {
        return CLICK_IDS.next().uuid();
    }

    /** Describes a filter for the message of a failure. */
    static String text(ReportFilter filter) {
        Map<String, Optional<?>> conditions = new LinkedHashMap<>();
        conditions.put("click id", filter.clickId());
        conditions.put("received click id", filter.receivedClickId());
        conditions.put("offer", filter.offerId());
        conditions.put("member", filter.memberId());
        conditions.put("event", filter.eventId());
        conditions.put("status", filter.status());
        conditions.put("outcome", filter.kind());
        conditions.put("reason", filter.reason());
        conditions.put("severity", filter.severity());
        conditions.put("origin", filter.origin());
        conditions.put("caller", filter.caller());
        conditions.put("attempt", filter.attemptId());
        conditions.put("from", filter.from());
        conditions.put("until", filter.until());
        conditions.values().removeIf(Optional::isEmpty);
        return "the filter " + conditions;
    }

    static SampleCredit credit(Click click) {
        return new SampleCredit(click);
    }

    static Settlement reservation(Click click, String transactionId) {
        return reservation(click, NOON.plusSeconds(65), transactionId);
    }

    static Settlement reservation(Click click, Instant at, String transactionId) {
        UUID attemptId = attemptId();
        Conversion reservation = Conversion.builder(UUID.randomUUID())
                .attemptId(attemptId)
                .credits(click)
                .convertedAt(at)
                .transactionId(transactionId)
                .reservation(true)
                .status(ConversionStatus.REVERSED, 1)
                .changedAt(null, at, null)
                .build();
        HistoryEntry entry = entry(attemptId, click, at)
                .outcome(Kind.REJECTED, Reason.NOTHING_TO_REVERSE)
                .transactionId(transactionId)
                .conversionId(reservation.conversionId())
                .build();
        return new Settlement(entry, Optional.of(new Settlement.Reservation(reservation)));
    }

    /** A change to the next status, with an instant, an amount and a note of its own. */
    static Settlement change(Conversion before) {
        return change(Settlement.Change.of(before, next(before)));
    }

    static Settlement change(Settlement.Change change) {
        Conversion after = change.conversion();
        HistoryEntry entry = HistoryEntry.builder(attemptId())
                .receivedAt(NOON.plusSeconds(80))
                .outcome(Kind.ADJUSTED, null)
                .clickId(after.clickId().value(), after.clickId())
                .click(after.offerId(), after.memberId())
                .transactionId(after.transactionId().orElse(null))
                .conversionId(after.conversionId())
                .change(new ConversionChange(change.before().state(), after.state()))
                .query("gk_click_id=" + after.clickId() + "&status=x", false)
                .build();
        return new Settlement(entry, Optional.of(change));
    }

    /** A reservation that an operator reinstates at a slot. */
    static Settlement reinstated(Conversion reservation, long slot) {
        return change(new Settlement.Change(reservation, next(reservation), OptionalLong.of(slot), Optional.empty()));
    }

    static Settlement reinstatedAsSole(Conversion reservation, long slot) {
        return change(new Settlement.Change(
                reservation, next(reservation), OptionalLong.of(slot), Optional.of(Scope.ofMember(reservation))));
    }

    /** The conversion approved, reversed or reinstated; a pending one is approved with an amount. */
    static Conversion next(Conversion before) {
        Conversion.Builder after = before.toBuilder();
        int revision = before.revision() + 1;
        Instant at = NOON.plusSeconds(80 + revision).plusNanos(123_000);
        return switch (before.status()) {
            case PENDING ->
                after.status(ConversionStatus.APPROVED, revision)
                        .changedAt(at, null, null)
                        .payout(new BigDecimal("2.500"))
                        .currency(Currency.getInstance("EUR"))
                        .build();
            case APPROVED ->
                after.status(ConversionStatus.REVERSED, revision)
                        .changedAt(before.approvedAt().orElse(null), at, null)
                        .build();
            case REVERSED ->
                after.reservation(false)
                        .status(ConversionStatus.APPROVED, revision)
                        .changedAt(
                                before.approvedAt().orElse(at),
                                before.reversedAt().orElse(null),
                                at)
                        .build();
        };
    }

    static Settlement duplicate(Click click, Conversion original) {
        return entryOnly(entry(click, NOON.plusSeconds(70))
                .outcome(Kind.DUPLICATE, Reason.ALREADY_CREDITED)
                .conversionId(original.conversionId())
                .build());
    }

    static Settlement rejected(Click click, Instant at) {
        return entryOnly(
                entry(click, at).outcome(Kind.REJECTED, Reason.OFFER_MISMATCH).build());
    }

    static Settlement unattributed(String receivedClickId, Instant at) {
        return entryOnly(HistoryEntry.builder(attemptId())
                .receivedAt(at)
                .outcome(Kind.UNATTRIBUTED, Reason.MALFORMED_CLICK_ID)
                .clickId(receivedClickId, null)
                .query("gk_click_id=" + receivedClickId, false)
                .build());
    }

    static HistoryEntry entry(Click click, Instant at, UUID attemptId) {
        return entry(attemptId, click, at)
                .outcome(Kind.REJECTED, Reason.OFFER_MISMATCH)
                .build();
    }

    static HistoryEntry.Builder entry(Click click, Instant at) {
        return entry(attemptId(), click, at);
    }

    private static HistoryEntry.Builder entry(UUID attemptId, Click click, Instant at) {
        return HistoryEntry.builder(attemptId)
                .receivedAt(at)
                .clickId(click.clickId().value(), click.clickId())
                .click(click.offerId(), click.memberId())
                .query("gk_click_id=" + click.clickId(), false);
    }

    static Settlement entryOnly(HistoryEntry entry) {
        return new Settlement(entry, Optional.empty());
    }
}
