package com.example;

import static dev.attribution.testkit.AttributionAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.testkit.AttributionExtension;
import dev.attribution.testkit.ClickIds;
import dev.attribution.testkit.FaultSwitch;
import dev.attribution.testkit.MovableClock;
import dev.attribution.testkit.PostbackBuilder;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AttributionExtension.class)
class SpringSaleTest {
    private static final ClickRequest REQUEST = ClickRequest.of("spring-sale", "member-7");

    @BeforeEach
    void putTheOffer(Attribution attribution) {
        attribution
                .offers()
                .put(Offer.builder("spring-sale")
                        .trackingLink("https://google.com?sub1={gk_click_id}")
                        .attributionWindow(Duration.ofDays(30))
                        .build());
    }

    @Test
    void paysOnce(Attribution attribution) {
        ClickId click = attribution.click(REQUEST).clickId();
        String postback = PostbackBuilder.fromTune(click).payout("4.50", "EUR").url();

        PostbackOutcome first = attribution.postback(postback);
        PostbackOutcome again = attribution.postback(postback);

        assertThat(first).isAttributed().toMember("member-7").withPayout("4.50", "EUR");
        assertThat(again).isDuplicateOf(first).because(Reason.TRANSACTION_ALREADY_COUNTED);
        assertThat(attribution).hasCreditedOnce(click).hasOutcomes(click, Kind.ATTRIBUTED, Kind.DUPLICATE);
    }

    @Test
    void endsAfterThirtyDays(Attribution attribution, MovableClock clock, ClickIds clickIds) {
        clickIds.giveNext("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32");
        Redirect redirect = attribution.click(REQUEST);
        assertThat(redirect.location()).hasToString("https://google.com?sub1=efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32");

        clock.moveBy(Duration.ofDays(31));

        String postback = PostbackBuilder.fromAppsFlyer(redirect.clickId()).url();
        assertThat(attribution.postback(postback)).isRejected().because(Reason.OUTSIDE_WINDOW);
    }

    @Test
    void paysOnceWhenAnAnswerIsLost(Attribution attribution, FaultSwitch faults) {
        ClickId click = attribution.click(REQUEST).clickId();
        String postback = PostbackBuilder.forClick(click).url();

        faults.failAfterCommit(1); // 1 is the next call that writes
        assertThatThrownBy(() -> attribution.postback(postback)).isInstanceOf(StorageException.class); // your 5xx

        assertThat(attribution.postback(postback)).isDuplicate().toMember("member-7");
        assertThat(attribution).hasCreditedOnce(click);
    }
}
