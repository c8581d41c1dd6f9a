package dev.attribution.examples.quickstart;

import static dev.attribution.testkit.AttributionAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.testkit.MovableClock;
import dev.attribution.testkit.caller.SimulatedCaller;
import dev.attribution.testkit.caller.SimulatedCalls;
import dev.attribution.testkit.caller.SimulatedMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Fires at the quickstart's store as a tracker does that loses half of its answers. */
class LostAnswersTest {
    private static PostbackRequest request(SimulatedMessage message) {
        return PostbackRequest.get("https://api.example.com/postback?gk_click_id=" + message.clickId()
                        + "&transaction_id=" + message.transactionId() + "&status=" + message.status())
                .build();
    }

    @Test
    void paysOnceWhateverTheTrackerRepeats() {
        MovableClock clock = MovableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        try (JdbcAttributionStore store = JdbcAttributionStore.open("jdbc:h2:mem:lost-answers")) {
            Attribution attribution = Attribution.builder(store).clock(clock).build();
            attribution
                    .offers()
                    .put(Offer.builder("spring-sale")
                            .trackingLink("https://google.com?sub1={gk_click_id}")
                            .build());
            ClickId click = attribution
                    .click(ClickRequest.of("spring-sale", "member-7"))
                    .clickId();

            SimulatedCaller tracker = SimulatedCaller.builder(
                            LostAnswersTest::request,
                            call -> attribution.postback(call).httpAnswer(),
                            clock)
                    .retryDelays(Collections.nCopies(100, Duration.ofMinutes(5)))
                    .losingAnswers(0.5)
                    .seed(1)
                    .build();
            tracker.send(SimulatedMessage.of(click, "T1", ConversionStatus.PENDING));
            tracker.send(SimulatedMessage.of(click, "T1", ConversionStatus.APPROVED), Duration.ofHours(1));
            SimulatedCalls calls = tracker.run();

            assertThat(attribution).hasCreditedOnce(click);
            assertThat(calls.lostAnswers()).isPositive();
            assertThat(calls.count()).isLessThanOrEqualTo(calls.fewest() + calls.lostAnswers());
        }
    }
}
