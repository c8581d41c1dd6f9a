package dev.attribution.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Clicks that are inserted if their links are still what the offers say. */
abstract class UnchangedContract extends ContractTest {
    private static final Offer FIRST = Samples.offer("offer-1");
    private static final Offer SECOND = Samples.offer("offer-2");

    UnchangedContract(AttributionStoreContract contract) {
        super(contract);
    }

    private static Click click(Offer offer) {
        return Samples.click(offer.offerId(), Samples.MEMBER, Samples.NOON);
    }

    private static Offer.Builder changed(String link) {
        return Offer.builder(FIRST.offerId()).trackingLink(link);
    }

    private Set<ClickId> stored(Click... clicks) {
        return store().clicks()
                .find(Arrays.stream(clicks).map(Click::clickId).toList())
                .keySet();
    }

    /**
     * unchanged 1: A click is stored, as by an insert, where its offer is kept with the tracking link and the link
     * rules that are given; what else the offer says does not matter.
     */
    @Test
    @DisplayName(
            "unchanged 1: A click is stored, as by an insert, where its offer is kept with the tracking link and the link rules that are given; what else the offer says does not matter.")
    void insertsWhereTheLinkIsUnchanged() {
        store().offers().put(FIRST);
        store().offers().put(SECOND);
        Click one = click(FIRST);
        Click two = click(FIRST);
        Click three = click(SECOND);
        assertThat(store().insertIfUnchanged(Map.of(FIRST, List.of(one, two), SECOND, List.of(three))))
                .isEmpty();
        store().offers()
                .put(changed(FIRST.trackingLink())
                        .duplicatePolicy(DuplicatePolicy.onePerEvent())
                        .acceptedEvents("win")
                        .build());
        Click four = click(FIRST);
        assertThat(store().insertIfUnchanged(Map.of(FIRST, List.of(one, four)))).isEmpty();

        assertThat(store().clicks()
                        .find(List.of(one.clickId(), two.clickId(), three.clickId(), four.clickId()))
                        .values())
                .containsExactlyInAnyOrder(one, two, three, four);
        Click another = Samples.withId(one.clickId(), Samples.click(FIRST.offerId(), "another", Samples.NOON));
        assertThatThrownBy(() -> store().insertIfUnchanged(Map.of(FIRST, List.of(another))))
                .isInstanceOf(AttributionException.class)
                .isNotInstanceOf(StorageException.class);
    }

    /**
     * unchanged 2: An offer that is kept otherwise, or not at all, is returned, and of its clicks none is stored
     * that was not before.
     */
    @Test
    @DisplayName(
            "unchanged 2: An offer that is kept otherwise, or not at all, is returned, and of its clicks none is stored that was not before.")
    void returnsTheOffersThatHaveChanged() {
        store().offers().put(FIRST);
        store().offers().put(SECOND);
        Click before = click(FIRST);
        store().clicks().insert(List.of(before));
        Offer absent = Samples.offer("absent");
        for (Offer now : List.of(
                changed("https://example.com/other?sub1={gk_click_id}").build(),
                changed(FIRST.trackingLink()).allowScheme("myapp").build(),
                changed(FIRST.trackingLink()).literal("(x)").build())) {
            store().offers().put(now);
            Click outdated = click(FIRST);
            Click unchanged = click(SECOND);
            Click unknown = click(absent);

            assertThat(store().insertIfUnchanged(Map.of(
                            FIRST, List.of(before, outdated), SECOND, List.of(unchanged), absent, List.of(unknown))))
                    .containsExactlyInAnyOrder(FIRST, absent);

            assertThat(stored(before, outdated, unchanged, unknown))
                    .containsExactlyInAnyOrder(before.clickId(), unchanged.clickId());
        }
    }

    /**
     * unchanged 3: What was put before the call counts.
     */
    @Test
    @DisplayName("unchanged 3: What was put before the call counts.")
    void goesByWhatWasPutLast() {
        Offer last = changed("https://example.com/0?sub1={gk_click_id}").build();
        store().offers().put(last);
        for (int i = 1; i <= 3; i++) {
            assertThat(store().insertIfUnchanged(Map.of(last, List.of(click(last)))))
                    .isEmpty();
            Offer now =
                    changed("https://example.com/" + i + "?sub1={gk_click_id}").build();
            store().offers().put(now);

            assertThat(store().insertIfUnchanged(Map.of(last, List.of(click(last)))))
                    .containsExactly(last);
            last = now;
        }
    }
}
