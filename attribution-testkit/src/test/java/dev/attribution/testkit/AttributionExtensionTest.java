package dev.attribution.testkit;

import static dev.attribution.testkit.AttributionAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.UnknownCallerException;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.Reason;
import dev.attribution.spi.AttributionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AttributionExtension.class)
class AttributionExtensionTest {
    private ClickId click;

    @BeforeEach
    void clickOnAnOffer(Attribution attribution) {
        attribution
                .offers()
                .put(Offer.builder("spring-sale")
                        .trackingLink("https://google.com?sub1={gk_click_id}")
                        .attributionWindow(Duration.ofDays(30))
                        .build());
        click = attribution.click(ClickRequest.of("spring-sale", "member-7")).clickId();
    }

    @Test
    void countsClickIdsUp(Attribution attribution) {
        assertThat(click.value()).isEqualTo("00000000-0000-7000-8000-000000000001");
        assertThat(attribution.click(ClickRequest.of("spring-sale", "member-7")).clickId())
                .isEqualTo(ClickIds.number(2));
    }

    @Test
    void givesTheClickIdsThatTheTestChose(Attribution attribution, ClickIds clickIds) {
        clickIds.giveNext("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32");

        assertThat(attribution.click(ClickRequest.of("spring-sale", "member-7")).location())
                .hasToString("https://google.com?sub1=efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32");
        assertThat(clickIds.next()).isEqualTo(ClickIds.number(2));
    }

    @Test
    void movesItsClock(Attribution attribution, MovableClock clock) {
        clock.moveBy(Duration.ofDays(31));
        assertThat(attribution.postback(PostbackBuilder.forClick(click).url()))
                .isRejected()
                .because(Reason.OUTSIDE_WINDOW);

        clock.moveTo(Instant.parse("2026-03-01T12:00:00.000001Z"));
        assertThat(attribution.postback(PostbackBuilder.forClick(click).url())).isAttributed();
    }

    @Test
    void givesTheStoreBehindItsAttribution(Attribution attribution, AttributionStore store, FaultSwitch faults) {
        assertThat(store).isSameAs(faults);
        assertThat(attribution.trace(click).click())
                .contains(store.clicks().find(List.of(click)).get(click));
    }

    @Test
    void findsTheCallersThatTheTestPuts(Attribution attribution, TestCallers callers) {
        Caller.Builder offerwall = Caller.named("offerwall")
                .parameter(PostbackParameter.CLICK_ID, "sub1")
                .parameter(PostbackParameter.STATUS, "state");
        callers.put(offerwall.status("1", ConversionStatus.PENDING).build());
        assertThat(attribution.from("offerwall").postback("sub1=" + click + "&state=2"))
                .isRejected()
                .because(Reason.UNKNOWN_STATUS);

        callers.put(offerwall.status("2", ConversionStatus.APPROVED).build());
        assertThat(attribution.from("offerwall").postback("sub1=" + click + "&state=2"))
                .isAttributed();

        callers.remove("offerwall");
        callers.remove("unknown");
        assertThatThrownBy(() -> attribution.from("offerwall")).isInstanceOf(UnknownCallerException.class);
    }
}
