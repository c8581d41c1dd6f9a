package dev.attribution.testkit;

import static dev.attribution.testkit.AttributionAssertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AttributionExtensionSettingsTest {
    @RegisterExtension
    static final AttributionExtension REPEATING =
            AttributionExtension.with(settings -> settings.duplicatePolicy(DuplicatePolicy.allowRepeatConversions()));

    @Test
    void changesTheSettings(Attribution attribution) {
        attribution
                .offers()
                .put(Offer.builder("any")
                        .trackingLink("https://google.com?sub1={gk_click_id}")
                        .build());
        ClickId click = attribution.click(ClickRequest.of("any", "member-7")).clickId();

        attribution.postback(PostbackBuilder.forClick(click).url());
        attribution.postback(PostbackBuilder.forClick(click).url());

        assertThat(attribution).hasOutcomes(click, Kind.ATTRIBUTED, Kind.ATTRIBUTED);
    }
}
