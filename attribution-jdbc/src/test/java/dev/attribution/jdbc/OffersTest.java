package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import dev.attribution.testkit.Race;
import dev.attribution.testkit.contract.ExactIds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OffersTest extends DatabaseTest {
    @Test
    void returnsEveryPartOfAnOffer() {
        Offer offer = Offer.builder("spring-sale")
                .trackingLink("app://open?sub1={gk_click_id}&x=(clickid)")
                .allowScheme("app")
                .literal("(clickid)")
                .literal("[emoji 😀 \"quoted\"]")
                .duplicatePolicy(DuplicatePolicy.atMost(12))
                .minimumDelay(Duration.ofNanos(1_500_000))
                .attributionWindow(Duration.ofDays(36_500))
                .acceptedEvents("win_10_games", "deposit ", "Zürich")
                .requireTransactionId()
                .build();
        store.offers().put(offer);
        assertThat(store.offers().find(List.of("spring-sale"))).containsExactly(Map.entry("spring-sale", offer));
    }

    @Test
    void keepsWhatAnOfferLeavesToTheDefaults() {
        Offer offer = plain("plain");
        store.offers().put(offer);
        assertThat(store.offers().find(List.of("plain"))).containsValue(offer);
    }

    @Test
    void replacesAnOfferAsAWhole() {
        store.offers()
                .put(Offer.builder("a")
                        .trackingLink("https://example.com?x={gk_click_id}")
                        .duplicatePolicy(DuplicatePolicy.onePerEvent())
                        .attributionWindow(Duration.ofDays(30))
                        .acceptedEvents("deposit")
                        .requireTransactionId()
                        .build());
        store.offers().put(plain("a"));
        assertThat(store.offers().find(List.of("a"))).containsExactly(Map.entry("a", plain("a")));
    }

    @Test
    void comparesOfferIdsExactly() {
        List<String> ids = ExactIds.ALL;
        ids.forEach(id -> store.offers().put(plain(id)));
        assertThat(store.offers().find(ids).keySet()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(store.offers().find(List.of("OFFER "))).isEmpty();
    }

    @Test
    void findsAmongMoreIdsThanOneStatementTakes() {
        store.offers().put(plain("offer-7"));
        store.offers().put(plain("offer-2400"));
        List<String> ids = IntStream.range(0, 2500).mapToObj(i -> "offer-" + i).toList();
        assertThat(store.offers().find(ids)).containsOnlyKeys("offer-7", "offer-2400");
        assertThat(store.offers().find(List.of())).isEmpty();
    }

    @Test
    void keepsOneOfManyOffersThatArePutAtOnce() throws Exception {
        Race.run(16, i -> {
            store.offers().put(plain("raced"));
            return i;
        });
        assertThat(store.offers().find(List.of("raced"))).containsValue(plain("raced"));
    }

    private static Offer plain(String offerId) {
        return Offer.builder(offerId)
                .trackingLink("https://example.com?sub1={gk_click_id}")
                .build();
    }
}
