package dev.attribution.testkit.contract;

import dev.attribution.click.Click;
import dev.attribution.conversion.Claim;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionMatcher;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Terms;
import dev.attribution.conversion.Verdict;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.SettleQuery;
import dev.attribution.spi.Settlement;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A builder of a postback of a click, with its own ids, that is decided as the library decides. */
final class SamplePostback {
    private final Click click;
    private final DuplicatePolicy defaultPolicy;
    private UUID attemptId = Samples.attemptId();
    private final UUID conversionId = UUID.randomUUID();
    private Instant at = Samples.NOON.plusSeconds(60);
    private ConversionStatus status = ConversionStatus.APPROVED;
    private String caller = "standard";
    private @Nullable String offerId;
    private @Nullable String memberId;
    private @Nullable String eventId;
    private @Nullable String transactionId;
    private @Nullable BigDecimal payout;

    SamplePostback(Click click, DuplicatePolicy defaultPolicy) {
        this.click = click;
        this.defaultPolicy = defaultPolicy;
    }

    SamplePostback attempt(UUID id) {
        attemptId = id;
        return this;
    }

    SamplePostback at(Instant instant) {
        at = instant;
        return this;
    }

    SamplePostback status(ConversionStatus said) {
        status = said;
        return this;
    }

    SamplePostback caller(String name) {
        caller = name;
        return this;
    }

    SamplePostback naming(@Nullable String offer, @Nullable String member) {
        offerId = offer;
        memberId = member;
        return this;
    }

    SamplePostback event(@Nullable String id) {
        eventId = id;
        return this;
    }

    SamplePostback transaction(@Nullable String id) {
        transactionId = id;
        return this;
    }

    SamplePostback payout(@Nullable String amount) {
        payout = amount == null ? null : new BigDecimal(amount);
        return this;
    }

    SettleQuery query() {
        return new SettleQuery(
                new LookUpQuery(click.clickId(), eventId, ContractTest.keyOf(transactionId), status),
                at,
                caller,
                offerId,
                memberId,
                this::decide);
    }

    Settlement decide(LookUpResult found) {
        if (found.offer()
                .filter(offer -> !offer.acceptedCallers().isEmpty()
                        && !offer.acceptedCallers().contains(caller))
                .isPresent()) {
            return entryOnly(found, Kind.REJECTED, Reason.CALLER_NOT_ACCEPTED, null);
        }
        Terms terms = found.offer().map(offer -> offer.terms(defaultPolicy)).orElse(Terms.of(defaultPolicy));
        Claim claim = new Claim(attemptId, at, offerId, memberId, eventId, ContractTest.keyOf(transactionId), status);
        Verdict verdict = ConversionMatcher.match(claim, found.click(), terms, found.facts());
        if (verdict instanceof Verdict.Permitted permitted) {
            Conversion conversion = conversion(found.click()).build();
            return new Settlement(
                    entry(found)
                            .outcome(status == ConversionStatus.PENDING ? Kind.HELD : Kind.ATTRIBUTED, null)
                            .conversionId(conversionId)
                            .build(),
                    Optional.of(new Settlement.Credit(conversion, permitted.slot(), permitted.exclusiveScope())));
        }
        if (verdict instanceof Verdict.Repeat repeat) {
            return entryOnly(
                    found,
                    Kind.DUPLICATE,
                    switch (repeat.cause()) {
                        case TRANSACTION_COUNTED -> Reason.TRANSACTION_ALREADY_COUNTED;
                        case CREDITED -> Reason.ALREADY_CREDITED;
                        case PENDING -> Reason.PLACE_HELD;
                        case REVERSED -> Reason.CONVERSION_REVERSED;
                        case REINSTATED -> Reason.CONVERSION_REINSTATED;
                    },
                    repeat.original());
        }
        if (verdict instanceof Verdict.Changed changed) {
            Settlement change = Samples.change(changed.addressed());
            return new Settlement(
                    entry(found)
                            .outcome(Kind.ADJUSTED, null)
                            .conversionId(changed.addressed().conversionId())
                            .change(change.entry().change().orElseThrow())
                            .build(),
                    change.effect());
        }
        return entryOnly(found, Kind.REJECTED, Reason.TOO_EARLY, null);
    }

    private Conversion.Builder conversion(Click credited) {
        return Conversion.builder(conversionId)
                .attemptId(attemptId)
                .credits(credited)
                .convertedAt(at)
                .eventId(eventId)
                .transactionId(transactionId)
                .payout(payout)
                .currency(payout == null ? null : Currency.getInstance("EUR"))
                .status(status, 1);
    }

    private HistoryEntry.Builder entry(LookUpResult found) {
        return HistoryEntry.builder(attemptId)
                .receivedAt(at)
                .clickId(click.clickId().value(), click.clickId())
                .click(found.click().offerId(), found.click().memberId())
                .eventId(eventId)
                .transactionId(transactionId)
                .query("gk_click_id=" + click.clickId() + "&x=y", false)
                .caller(caller)
                .notes(List.of("currency is blank: taken as absent"));
    }

    /** The library notes an amount that it does not take over, which a store must not overlook. */
    private Settlement entryOnly(LookUpResult found, Kind kind, Reason reason, @Nullable Conversion original) {
        HistoryEntry.Builder entry =
                entry(found).outcome(kind, reason).conversionId(original == null ? null : original.conversionId());
        boolean isOtherAmount = original != null
                && payout != null
                && original.transactionId().isPresent()
                && original.transactionId().equals(Optional.ofNullable(transactionId))
                && original.payout().filter(kept -> kept.compareTo(payout) == 0).isEmpty();
        return Samples.entryOnly(
                (isOtherAmount ? entry.notes(List.of("the postback says another amount")) : entry).build());
    }
}
