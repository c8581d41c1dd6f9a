package dev.attribution.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.attribution.click.ClickId;
import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackParser;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PostbackBuilderTest {
    private static final ClickId CLICK = ClickId.parse("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32");

    @Test
    void buildsTheDefaultFormat() {
        assertThat(PostbackBuilder.forClick(CLICK).event("win_10_games"))
                .hasToString(
                        "https://api.example.com/postback?gk_click_id=efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32&event_id=win_10_games");
    }

    @Test
    void buildsWhatTheParserReads() {
        String strange = "a b+c&d=e%20\ud83d\ude00";
        PostbackBuilder builder = PostbackBuilder.forClick(CLICK)
                .event(strange)
                .transaction(strange)
                .offer(strange)
                .member(strange)
                .payout("1.10", "EUR")
                .with(strange, strange);

        for (String text : new String[] {builder.url(), builder.query()}) {
            Postback postback = PostbackParser.parse(text);
            assertThat(postback.clickId()).contains(CLICK);
            assertThat(Stream.of(postback.eventId(), postback.transactionId(), postback.offerId(), postback.memberId()))
                    .allSatisfy(id -> assertThat(id).contains(strange));
            assertThat(postback.payout()).contains(new BigDecimal("1.10"));
            assertThat(postback.currency()).contains(Currency.getInstance("EUR"));
        }
    }

    @Test
    void refusesNull() {
        assertThatNullPointerException().isThrownBy(() -> PostbackBuilder.forClick((String) null));
        assertThatNullPointerException()
                .isThrownBy(() -> PostbackBuilder.forClick(CLICK).event(null))
                .withMessage("value");
    }

    @Test
    void buildsWhatTrackersSend() {
        assertThat(PostbackParser.parse(PostbackBuilder.fromAppsFlyer(CLICK).url()))
                .satisfies(postback -> {
                    assertThat(postback.clickId()).contains(CLICK);
                    assertThat(postback.eventId()).contains("win_10_games");
                    assertThat(postback.query()).contains("af_sub1=" + CLICK, "app_id=", "ip=");
                });
        assertThat(PostbackParser.parse(
                        PostbackBuilder.fromTune(CLICK).event("27").url()))
                .satisfies(postback -> {
                    assertThat(postback.clickId()).contains(CLICK);
                    assertThat(postback.eventId()).contains("27");
                    assertThat(postback.transactionId()).isPresent();
                    assertThat(postback.payout()).contains(new BigDecimal("4.50"));
                    assertThat(postback.notes()).isEmpty();
                });
        assertThat(PostbackParser.parse(PostbackBuilder.fromEverflow(CLICK).url()))
                .satisfies(postback -> {
                    assertThat(postback.clickId()).contains(CLICK);
                    assertThat(postback.transactionId()).isPresent();
                    assertThat(postback.notes()).isEmpty();
                });
    }
}
