package dev.attribution.jdbc;

import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.conversion.CallKey;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Credit;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Clicks and settlements for tests. */
final class Given {
    static final Instant NOON = Instant.parse("2025-03-01T12:00:00.123456Z");

    private static final ClickIdGenerator CLICK_IDS = ClickIdGenerator.timeOrdered();

    private Given() {}

    static Click click() {
        return click("spring-sale", "member-7", NOON);
    }

    static Click click(String offerId, String memberId, Instant at) {
        return new Click(CLICK_IDS.next(), offerId, memberId, at, ClickContext.empty());
    }

    static Click withId(ClickId clickId, Click click) {
        return new Click(clickId, click.offerId(), click.memberId(), click.clickedAt(), click.context());
    }

    /** A settlement that credits a click at a slot, and perhaps names a transaction. */
    static Settlement credit(Click click, long slot, String transactionId) {
        return credit(click, slot, conversion -> conversion.transactionId(transactionId));
    }

    static Settlement credit(Click click, long slot) {
        return credit(click, slot, UnaryOperator.identity());
    }

    static Settlement credit(Click click, long slot, UnaryOperator<Conversion.Builder> more) {
        return credit(click, slot, Optional.empty(), more, UnaryOperator.identity());
    }

    /** A settlement that credits a click at a slot, with parts of its own in conversion and entry. */
    static Settlement credit(
            Click click,
            long slot,
            UnaryOperator<Conversion.Builder> more,
            UnaryOperator<HistoryEntry.Builder> moreOfEntry) {
        return credit(click, slot, Optional.empty(), more, moreOfEntry);
    }

    /** A settlement that credits a click as the member's only one on the offer. */
    static Settlement soleCredit(Click click) {
        Scope.OfMember member = new Scope.OfMember(click.offerId(), click.memberId());
        return credit(click, 1, Optional.of(member), UnaryOperator.identity(), UnaryOperator.identity());
    }

    private static Settlement credit(
            Click click,
            long slot,
            Optional<Scope.OfMember> sole,
            UnaryOperator<Conversion.Builder> more,
            UnaryOperator<HistoryEntry.Builder> moreOfEntry) {
        Conversion conversion = more.apply(Conversion.builder(UUID.randomUUID())
                        .attemptId(UUID.randomUUID())
                        .credits(click.clickId(), click.offerId(), click.memberId())
                        .convertedAt(NOON.plusSeconds(60)))
                .build();
        HistoryEntry.Builder entry = entry(conversion.attemptId(), click, conversion.convertedAt())
                .outcome(Kind.ATTRIBUTED, null)
                .eventId(conversion.eventId().orElse(null))
                .transactionId(conversion.transactionId().orElse(null))
                .conversionId(conversion.conversionId());
        return new Settlement(moreOfEntry.apply(entry).build(), Optional.of(new Credit(conversion, slot, sole)));
    }

    static Settlement withConversionId(UUID conversionId, Settlement settlement) {
        Credit credit = settlement.credit().orElseThrow();
        Conversion conversion = credit.conversion();
        return new Settlement(
                HistoryEntry.builder(conversion.attemptId())
                        .receivedAt(conversion.convertedAt())
                        .outcome(Kind.ATTRIBUTED, null)
                        .conversionId(conversionId)
                        .build(),
                Optional.of(new Credit(
                        Conversion.builder(conversionId)
                                .attemptId(conversion.attemptId())
                                .credits(conversion.clickId(), conversion.offerId(), conversion.memberId())
                                .convertedAt(conversion.convertedAt())
                                .build(),
                        credit.slot(),
                        credit.exclusiveScope())));
    }

    static Settlement duplicate(Click click, Conversion original) {
        return entryOnly(entry(UUID.randomUUID(), click, NOON.plusSeconds(70))
                .outcome(Kind.DUPLICATE, Reason.ALREADY_CREDITED)
                .conversionId(original.conversionId())
                .build());
    }

    static Settlement rejected(Click click, Reason reason, Instant at) {
        return entryOnly(entry(UUID.randomUUID(), click, at)
                .outcome(Kind.REJECTED, reason)
                .build());
    }

    static Settlement unattributed(String receivedClickId, Instant at) {
        return entryOnly(HistoryEntry.builder(UUID.randomUUID())
                .receivedAt(at)
                .outcome(Kind.UNATTRIBUTED, Reason.MALFORMED_CLICK_ID)
                .clickId(receivedClickId, null)
                .query("gk_click_id=" + receivedClickId, false)
                .build());
    }

    static Settlement entryOnly(HistoryEntry entry) {
        return new Settlement(entry, Optional.empty());
    }

    static HistoryEntry.Builder entry(UUID attemptId, Click click, Instant at) {
        return HistoryEntry.builder(attemptId)
                .receivedAt(at)
                .clickId(click.clickId().value(), click.clickId())
                .click(click.offerId(), click.memberId())
                .query("gk_click_id=" + click.clickId(), false)
                .notes(List.of("event_id is blank: taken as absent"));
    }

    static Conversion conversionOf(Settlement settlement) {
        return settlement.credit().orElseThrow().conversion();
    }

    /** The query for an approval. For the scope of a member it asks for a click that is not stored. */
    static FactsQuery query(Scope scope, String eventId, String transactionId) {
        ClickId clickId = scope instanceof Scope.OfClick ofClick ? ofClick.clickId() : click().clickId();
        return new FactsQuery(clickId, scope, eventId, keyOf(transactionId), ConversionStatus.APPROVED);
    }

    /** The query for an approval. */
    static LookUpQuery lookUp(ClickId clickId, String eventId, String transactionId) {
        return new LookUpQuery(clickId, eventId, keyOf(transactionId), ConversionStatus.APPROVED);
    }

    static String keyOf(String transactionId) {
        return CallKey.TRANSACTION_ID.of(transactionId, null);
    }
}
