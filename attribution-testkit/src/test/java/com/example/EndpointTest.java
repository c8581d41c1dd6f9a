package com.example;

import static com.example.OfferwallTest.OFFERWALL;
import static dev.attribution.testkit.AttributionAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.offer.Offer;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.SignatureVerifier;
import dev.attribution.testkit.AttributionExtension;
import dev.attribution.testkit.FaultSwitch;
import dev.attribution.testkit.MovableClock;
import dev.attribution.testkit.caller.SimulatedCaller;
import dev.attribution.testkit.caller.SimulatedCalls;
import dev.attribution.testkit.caller.SimulatedMessage;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AttributionExtension.class)
class EndpointTest {
    @Test
    void endsWithTheRightBalanceWhateverGetsLost(Attribution attribution, MovableClock clock, FaultSwitch faults) {
        SimulatedCaller offerwall = SimulatedCaller.builder(
                        EndpointTest::request, call -> endpoint(attribution, call), clock)
                .retryDelays(Collections.nCopies(100, Duration.ofMinutes(5)))
                .losingCalls(0.1)
                .losingAnswers(0.1)
                .reordering(Duration.ofMinutes(30))
                .build();
        SimulatedMessage approval = SimulatedMessage.of(click(attribution), "T1", ConversionStatus.APPROVED);
        SimulatedMessage reversed = SimulatedMessage.of(click(attribution), "T2", ConversionStatus.APPROVED);

        offerwall.send(approval);
        offerwall.send(reversed);
        offerwall.send(reversed.withStatus(ConversionStatus.REVERSED), Duration.ofMinutes(10));
        faults.goDown();
        offerwall.runFor(Duration.ofMinutes(20));
        faults.comeBack();
        SimulatedCalls calls = offerwall.run();

        assertThat(attribution).hasCreditedOnce(approval.clickId()).hasNotCredited(reversed.clickId());
        assertThat(calls.abandoned()).isEmpty();
        assertThat(calls.count()).isLessThanOrEqualTo(calls.fewest() + calls.lostAnswers()); // no retry for nothing
    }

    /** What your web framework calls. */
    private static HttpAnswer endpoint(Attribution attribution, PostbackRequest call) {
        try {
            return OFFERWALL.answers().to(attribution.from(OFFERWALL).postback(call), call);
        } catch (StorageException e) {
            return OFFERWALL.answers().unavailable(call);
        }
    }

    /** What the offerwall sends. */
    private static PostbackRequest request(SimulatedMessage message) {
        String state = message.status() == ConversionStatus.REVERSED ? "2" : "1";
        String url = "https://api.example.com/pb?sub1=" + message.clickId() + "&tx=" + message.transactionId()
                + "&state=" + state;
        return ((SignatureVerifier) OFFERWALL.verifier())
                .sign(PostbackRequest.get(url).build());
    }

    private static ClickId click(Attribution attribution) {
        attribution
                .offers()
                .put(Offer.builder("games")
                        .trackingLink("https://google.com?sub1={gk_click_id}")
                        .build());
        return attribution.click(ClickRequest.of("games", "member-7")).clickId();
    }
}
