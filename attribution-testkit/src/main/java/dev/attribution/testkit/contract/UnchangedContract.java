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

/** Inserts of clicks whose offers must be unchanged. */
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
     * unchanged 1: If the stored offer has the given tracking link and link rules, its clicks are inserted under the
     * rules of an insert; the other parts of the offer may differ.
     */
    @Test
    @DisplayName(
            "unchanged 1: If the stored offer has the given tracking link and link rules, its clicks are inserted under the rules of an insert; the other parts of the offer may differ.")
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
     * unchanged 2: If the stored offer has another tracking link or other link rules, or does not exist, the method
     * returns the offer and inserts none of its clicks.
     */
    @Test
    @DisplayName(
            "unchanged 2: If the stored offer has another tracking link or other link rules, or does not exist, the method returns the offer and inserts none of its clicks.")
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
        returnsOffersThatDifferInAnyPartOfTheirLinks();
    }

    private void returnsOffersThatDifferInAnyPartOfTheirLinks() {
        String longLink = "https://example.com/?sub1={gk_click_id}&x=" + "y".repeat(500);
        Offer given = changed(longLink).allowScheme("myapp").literal("(x)").build();
        for (Offer now : List.of(
                changed(longLink + "z").allowScheme("myapp").literal("(x)").build(),
                changed(longLink.replace("yyy", "yYy"))
                        .allowScheme("myapp")
                        .literal("(x)")
                        .build(),
                changed(longLink).allowScheme("yourapp").literal("(x)").build(),
                changed(longLink).allowScheme("myapp").literal("(X)").build())) {
            store().offers().put(now);
            Click click = click(FIRST);
            assertThat(store().insertIfUnchanged(Map.of(given, List.of(click)))).containsExactly(given);
            assertThat(stored(click)).isEmpty();
        }
    }

    /**
     * unchanged 3: The method sees every offer that was put before the call.
     */
    @Test
    @DisplayName("unchanged 3: The method sees every offer that was put before the call.")
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
