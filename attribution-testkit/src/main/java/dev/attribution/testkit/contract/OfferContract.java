package dev.attribution.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
     * offers 1: The map contains every offer that is stored under one of the ids, with all its parts, and nothing
     * else.
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
        List<Offer> offers = List.of(
                Offer.builder("longest")
                        .trackingLink("https://example.com/?sub1={gk_click_id}&x="
                                + "y".repeat(2_048 - "https://example.com/?sub1={gk_click_id}&x=".length()))
                        .acceptedEvents(ExactIds.ALL)
                        .literal("\u20ac".repeat(255))
                        .literal("'\"; \\ ")
                        .literal(" ")
                        .allowScheme("a".repeat(64))
                        .allowScheme("b")
                        .minimumDelay(Duration.ofDays(36_500))
                        .attributionWindow(Duration.ofDays(36_500))
                        .duplicatePolicy(DuplicatePolicy.atMost(999_999_999))
                        .build(),
                policy("a", DuplicatePolicy.onePerClickAndMember()),
                policy("b", DuplicatePolicy.allowRepeatConversions()),
                policy("c", DuplicatePolicy.onePerEvent()),
                policy("d", DuplicatePolicy.onePerMemberAndOffer()),
                policy("e", DuplicatePolicy.atMost(2)));
        offers.forEach(store().offers()::put);
        Map<String, Offer> found =
                store().offers().find(offers.stream().map(Offer::offerId).toList());
        assertThat(found.values()).containsExactlyInAnyOrderElementsOf(offers);
        offers.forEach(this::assertReads);
        assertReads(full("full"));
        Offer.Builder many = Offer.builder("many").trackingLink("myapp://?sub1={gk_click_id}");
        IntStream.range(0, 60).forEach(i -> many.allowScheme("app" + i));
        ExactIds.ALL.forEach(many::literal);
        store().offers().put(many.build());
        assertReads(many.build());
    }

    private static Offer policy(String offerId, DuplicatePolicy policy) {
        return Offer.builder(offerId)
                .trackingLink("https://example.com/%7B?sub1={gk_click_id}&Case=A+b%2f")
                .duplicatePolicy(policy)
                .minimumDelay(Duration.ofNanos(1_000))
                .build();
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
     * put 3: While an offer is being replaced, it is found: as it was before or as it is afterwards.
     */
    @Test
    @DisplayName("put 3: While an offer is being replaced, it is found: as it was before or as it is afterwards.")
    void findsAnOfferWhileItIsReplaced() throws InterruptedException {
        List<Offer> offers = List.of(full("offer"), Samples.offer("offer"));
        store().offers().put(full("offer"));

        readWhile(
                () -> {
                    for (int i = 1; i <= 200; i++) {
                        store().offers().put(offers.get(i % 2));
                    }
                },
                () -> assertThat(store().offers().find(List.of("offer")).get("offer"))
                        .isIn(offers));
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
