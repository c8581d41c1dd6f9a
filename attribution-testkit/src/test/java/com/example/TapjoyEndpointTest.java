package com.example;

import static dev.attribution.testkit.AttributionAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.testkit.AttributionExtension;
import dev.attribution.testkit.MovableClock;
import dev.attribution.testkit.caller.PresetMessages;
import dev.attribution.testkit.caller.SimulatedCaller;
import dev.attribution.testkit.caller.SimulatedMessage;
import dev.attribution.trackers.CallerPreset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AttributionExtension.class)
class TapjoyEndpointTest {
    private static final CallerPreset TAPJOY = CallerPreset.tapjoy().secrets("the secret that Tapjoy shows");
    private static final Caller CALLER = TAPJOY.caller();

    private Attribution attribution;

    @BeforeEach
    void putTheOffer(Attribution injected) {
        attribution = injected;
        attribution
                .offers()
                .put(Offer.builder("games")
                        .trackingLink("https://google.com?sub1={gk_click_id}")
                        .build());
    }

    @Test
    void creditsOnceWhateverTapjoyRepeats(MovableClock clock) {
        ClickId click = attribution.click(ClickRequest.of("games", "member-7")).clickId();

        SimulatedCaller tapjoy = PresetMessages.of(TAPJOY, "https://api.example.com/tapjoy")
                .caller(this::endpoint, clock)
                .losingAnswers(0.5)
                .build();
        tapjoy.send(SimulatedMessage.of(click, "T1", ConversionStatus.APPROVED));
        assertThat(tapjoy.run().abandoned()).isEmpty();
        assertThat(attribution).hasCreditedOnce(click);
    }

    /** What your web framework calls. */
    private HttpAnswer endpoint(PostbackRequest call) {
        try {
            return CALLER.answers().to(attribution.from(CALLER).postback(call), call);
        } catch (StorageException e) {
            return CALLER.answers().unavailable(call);
        }
    }
}
