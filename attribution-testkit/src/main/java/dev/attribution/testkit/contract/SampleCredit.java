package dev.attribution.testkit.contract;

import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.spi.Settlement;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A builder of a credit of a click, with its own ids. */
final class SampleCredit {
    private final Click click;
    private UUID attemptId = Samples.attemptId();
    private UUID conversionId = UUID.randomUUID();
    private Instant at = Samples.NOON.plusSeconds(60);
    private long slot = 1;
    private ConversionStatus status = ConversionStatus.APPROVED;
    private boolean sole;
    private @Nullable String eventId;
    private @Nullable String transactionId;
    private @Nullable String callKey;
    private @Nullable BigDecimal payout;
    private @Nullable Currency currency;

    SampleCredit(Click click) {
        this.click = click;
    }

    SampleCredit attempt(UUID id) {
        attemptId = id;
        return this;
    }

    SampleCredit conversion(UUID id) {
        conversionId = id;
        return this;
    }

    SampleCredit at(Instant instant) {
        at = instant;
        return this;
    }

    SampleCredit slot(long number) {
        slot = number;
        return this;
    }

    SampleCredit sole() {
        sole = true;
        return this;
    }

    SampleCredit event(@Nullable String id) {
        eventId = id;
        return this;
    }

    SampleCredit callKey(String key) {
        callKey = key;
        return this;
    }

    SampleCredit transaction(@Nullable String id) {
        transactionId = id;
        return this;
    }

    SampleCredit payout(String amount) {
        payout = new BigDecimal(amount);
        return currency("EUR");
    }

    SampleCredit currency(@Nullable String code) {
        currency = code == null ? null : Currency.getInstance(code);
        return this;
    }

    SampleCredit pending() {
        status = ConversionStatus.PENDING;
        return this;
    }

    Settlement build() {
        Conversion conversion = Conversion.builder(conversionId)
                .attemptId(attemptId)
                .credits(click)
                .convertedAt(at)
                .eventId(eventId)
                .transactionId(transactionId)
                .callKey(callKey)
                .payout(payout)
                .currency(currency)
                .status(status, 1)
                .build();
        HistoryEntry entry = HistoryEntry.builder(attemptId)
                .receivedAt(at)
                .outcome(status == ConversionStatus.PENDING ? Kind.HELD : Kind.ATTRIBUTED, null)
                .clickId(click.clickId().value(), click.clickId())
                .click(click.offerId(), click.memberId())
                .eventId(eventId)
                .transactionId(transactionId)
                .conversionId(conversionId)
                .query("gk_click_id=" + click.clickId(), false)
                .notes(List.of("currency is blank: taken as absent"))
                .build();
        Optional<Scope.OfMember> scope = sole ? Optional.of(Scope.ofMember(click)) : Optional.empty();
        return new Settlement(entry, Optional.of(new Settlement.Credit(conversion, slot, scope)));
    }
}
