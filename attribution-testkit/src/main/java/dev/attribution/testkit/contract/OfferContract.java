package dev.attribution.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The repository of offers. */
abstract class OfferContract extends ContractTest {
    OfferContract(AttributionStoreContract contract) {
        super(contract);
    }

    private static Offer full(String offerId) {
        return Offer.builder(offerId)
                .trackingLink("myapp://open/path?sub1={gk_click_id}&x=(clickid)&y=%20")
                .allowScheme("myapp")
                .literal("(clickid)")
                .duplicatePolicy(DuplicatePolicy.atMost(3))
                .minimumDelay(Duration.ofMillis(1_500))
                .attributionWindow(Duration.ofDays(30).plusNanos(1_000))
                .acceptedEvents("install", "Install", "win_10_games ")
                .requireTransactionId()
                .build();
    }

    /**
     * offers 1: The map contains every offer that is stored under one of the ids, with all its parts, and nothing else.
     */
    @Test
    @DisplayName(
            "offers 1: The map contains every offer that is stored under one of the ids, with all its parts, and nothing else.")
    void findsTheOffersThatExistWithAllTheirParts() {
        store().offers().put(full("full"));
        store().offers().put(Samples.offer("plain"));

        assertThat(store().offers().find(List.of("full", "absent", "plain", "full")))
                .containsOnlyKeys("full", "plain")
                .containsEntry("full", full("full"))
                .containsEntry("plain", Samples.offer("plain"));
    }

    /**
     * offers 2: The method finds each offer as it was last put before the call.
     */
    @Test
    @DisplayName("offers 2: The method finds each offer as it was last put before the call.")
    void findsWhatWasPutLast() {
        assertThat(store().offers().find(List.of("offer"))).isEmpty();
        for (int i = 1; i <= 3; i++) {
            Offer offer = Offer.builder("offer")
                    .trackingLink("https://example.com/" + i + "?sub1={gk_click_id}")
                    .build();
            store().offers().put(offer);

            assertThat(store().offers().find(List.of("offer"))).containsEntry("offer", offer);
        }
    }

    /**
     * put 1: An offer replaces the stored offer with the same id completely: no part of the old offer remains.
     */
    @Test
    @DisplayName(
            "put 1: An offer replaces the stored offer with the same id completely: no part of the old offer remains.")
    void replacesAnOfferAsAWhole() {
        store().offers().put(full("offer"));

        store().offers().put(Samples.offer("offer"));

        assertThat(store().offers().find(List.of("offer"))).containsEntry("offer", Samples.offer("offer"));
    }
}
