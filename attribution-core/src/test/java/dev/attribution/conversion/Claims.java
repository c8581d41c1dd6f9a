package dev.attribution.conversion;

import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import java.time.Instant;
import java.util.UUID;

/** A click, and claims for it. */
final class Claims {
    static final Instant CLICKED = Instant.parse("2026-02-03T04:05:06.123456Z");
    static final Click CLICK = new Click(
            ClickId.parse("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32"),
            "spring-sale",
            "member-7",
            CLICKED,
            ClickContext.empty());

    private UUID attemptId = new UUID(0x0123456789ab7000L, 0x0123456789abcdefL);
    private Instant receivedAt = CLICKED.plusSeconds(60);
    private String offerId;
    private String memberId;
    private String eventId;
    private String transactionId;
    private ConversionStatus status = ConversionStatus.APPROVED;

    private Claims() {}

    static Claims claim() {
        return new Claims();
    }

    Claims attemptId(UUID attemptId) {
        this.attemptId = attemptId;
        return this;
    }

    Claims at(Instant receivedAt) {
        this.receivedAt = receivedAt;
        return this;
    }

    Claims offer(String offerId) {
        this.offerId = offerId;
        return this;
    }

    Claims member(String memberId) {
        this.memberId = memberId;
        return this;
    }

    Claims event(String eventId) {
        this.eventId = eventId;
        return this;
    }

    Claims transaction(String transactionId) {
        this.transactionId = transactionId;
        return this;
    }

    Claims status(ConversionStatus status) {
        this.status = status;
        return this;
    }

    Claim build() {
        return new Claim(
                attemptId,
                receivedAt,
                offerId,
                memberId,
                eventId,
                CallKey.TRANSACTION_ID.of(transactionId, eventId),
                status);
    }

    static Conversion conversion(long id, String eventId, String transactionId) {
        return Conversion.builder(new UUID(0, id))
                .attemptId(new UUID(1, id))
                .credits(CLICK.clickId(), CLICK.offerId(), CLICK.memberId())
                .convertedAt(CLICKED.plusSeconds(id))
                .eventId(eventId)
                .transactionId(transactionId)
                .build();
    }
}
