package dev.attribution.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextFieldsTest {
    private static final ClickId CLICK = ClickId.parse("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32");
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00.000001Z");
    private static final UUID ID = new UUID(1, 2);

    @Test
    void readsAClickAsItWasWritten() {
        ClickContext.Builder context = ClickContext.builder()
                .ip("203.0.113.7")
                .userAgent("")
                .referrer(" a\n\ud83d\ude00 ")
                .extra("z", "")
                .extra("a.0", "b=c");
        IntStream.range(0, 12).forEach(i -> context.extra("extra " + i, "value " + i));
        Click full = new Click(CLICK, "offer ", "member", AT, context.build());
        Click bare = new Click(CLICK, "offer", "member", AT, ClickContext.empty());

        assertThat(TextFields.readClick(TextFields.write(full))).isEqualTo(full);
        assertThat(TextFields.readClick(TextFields.write(full))
                        .context()
                        .extras()
                        .keySet())
                .containsExactlyElementsOf(full.context().extras().keySet());
        assertThat(TextFields.readClick(TextFields.write(bare))).isEqualTo(bare);
    }

    @Test
    void readsAnOfferAsItWasWritten() {
        Offer full = Offer.builder("offer")
                .trackingLink("myapp://open?sub1={gk_click_id}&x=(clickid)")
                .allowScheme("myapp")
                .literal("(clickid)")
                .duplicatePolicy(DuplicatePolicy.atMost(3))
                .minimumDelay(Duration.ofNanos(1_500_001_000))
                .attributionWindow(Duration.ofDays(30))
                .acceptedEvents("install", "Install ")
                .requireTransactionId()
                .build();
        Offer bare = Offer.builder("offer")
                .trackingLink("https://example.com?sub1={gk_click_id}")
                .build();

        assertThat(TextFields.readOffer(TextFields.write(full))).isEqualTo(full);
        assertThat(TextFields.readOffer(TextFields.write(bare))).isEqualTo(bare);
    }

    @Test
    void readsAConversionAsItWasWritten() {
        Conversion full = conversion()
                .eventId("win")
                .transactionId("t-1")
                .payout(new BigDecimal("0.000000000000000010"))
                .currency(Currency.getInstance("EUR"))
                .build();

        assertThat(TextFields.readConversion(TextFields.write(full))).isEqualTo(full);
        assertThat(TextFields.readConversion(TextFields.write(conversion().build())))
                .isEqualTo(conversion().build());
    }

    private static Conversion.Builder conversion() {
        return Conversion.builder(ID)
                .attemptId(new UUID(3, 4))
                .credits(CLICK, "offer", "member")
                .convertedAt(AT);
    }

    @Test
    void readsAHistoryEntryAsItWasWritten() {
        HistoryEntry full = HistoryEntry.builder(ID)
                .receivedAt(AT)
                .outcome(Kind.DUPLICATE, Reason.ALREADY_CREDITED)
                .clickId("EFB2A7D2-C01A-4E3F-B8A1-81B4568E9F32", CLICK)
                .click("offer", "member")
                .eventId("win")
                .transactionId("t-1")
                .conversionId(new UUID(5, 6))
                .query("gk_click_id=x", true)
                .notes(List.of("one", "", "two"))
                .origin(HistoryEntry.Origin.REPLAYED, ID)
                .build();
        HistoryEntry bare = HistoryEntry.builder(ID)
                .receivedAt(AT)
                .outcome(Kind.UNATTRIBUTED, Reason.MISSING_CLICK_ID)
                .build();

        assertThat(TextFields.readHistoryEntry(TextFields.write(full))).isEqualTo(full);
        assertThat(TextFields.readHistoryEntry(TextFields.write(bare))).isEqualTo(bare);
        assertThat(TextFields.write(bare)).doesNotContainKeys("clickId", "note.0", "conversionId");
    }

    @Test
    void passesOverNamesItDoesNotKnow() {
        Map<String, String> fields = TextFields.write(conversion().build());
        fields.put("addedLater", "x");

        assertThat(TextFields.readConversion(fields)).isEqualTo(conversion().build());
    }

    @Test
    void refusesWhatIsIncomplete() {
        for (String name : List.of("conversionId", "clickId", "convertedAt")) {
            Map<String, String> fields = TextFields.write(conversion().build());
            fields.remove(name);

            assertThatThrownBy(() -> TextFields.readConversion(fields))
                    .isInstanceOf(StorageException.class)
                    .hasRootCauseMessage("The field '" + name + "' is missing");
        }
    }
}
