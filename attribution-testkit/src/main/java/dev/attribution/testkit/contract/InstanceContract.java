package dev.attribution.testkit.contract;

import static dev.attribution.testkit.contract.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.offer.Offer;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.Race;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Several stores on the same data. */
abstract class InstanceContract extends ContractTest {
    private static final int ROUNDS = 5;
    private static final AppendResult APPENDED = new AppendResult.Appended();
    private static final AppendResult STALE = new AppendResult.Stale();

    InstanceContract(AttributionStoreContract contract) {
        super(contract);
    }

    /**
     * every 9: Several open stores on the same data act as one store: every sentence holds for the calls of all of
     * them together.
     */
    @Test
    @DisplayName(
            "every 9: Several open stores on the same data act as one store: every sentence holds for the calls of all of them together.")
    void actsAsOneStoreWithOthersOnItsData() throws Exception {
        AttributionStore other = openAgain();
        try {
            appendsToOneStore(other);
            writesOffersAndClicksToOneStore(other);
            for (int round = 0; round < ROUNDS; round++) {
                races(List.of(store(), other), "member-" + round);
            }
        } finally {
            close(other);
        }
    }

    private static AppendResult append(AttributionStore store, Settlement settlement) {
        return store.conversions().append(List.of(settlement)).get(0);
    }

    private static Facts facts(AttributionStore store, Click click) {
        return store.conversions()
                .facts(List.of(query(new Scope.OfClick(click.clickId()), null, null)))
                .get(0);
    }

    private void appendsToOneStore(AttributionStore other) {
        Click click = Samples.click();
        AttributionStore writer = store();
        AttributionStore reader = other;
        for (int i = 1; i <= 4; i++) {
            Settlement credit =
                    Samples.credit(click).slot(i).transaction("t-" + i).build();
            assertThat(facts(reader, click).count()).isEqualTo(i - 1);
            assertThat(append(writer, credit)).isEqualTo(APPENDED);

            assertThat(facts(reader, click).count())
                    .as("the conversions that another store has appended")
                    .isEqualTo(i);
            assertThat(append(reader, Samples.credit(click).slot(i).build()))
                    .as("a credit at a slot that is taken in another store")
                    .isEqualTo(STALE);
            assertThat(append(
                            reader,
                            Samples.credit(click)
                                    .slot(i + 10)
                                    .transaction("t-" + i)
                                    .build()))
                    .as("a credit with a transaction id that is taken in another store")
                    .isEqualTo(STALE);
            assertThat(append(reader, credit))
                    .as("an attempt that is stored in another store")
                    .isEqualTo(known(credit));
            writer = i % 2 == 0 ? store() : other; // both write and both read
            reader = i % 2 == 0 ? other : store();
        }
        if (has(Capability.MEMBER_AND_OFFER_SCOPE)) {
            Click first = Samples.click("an offer", "a member", NOON);
            assertThat(append(store(), Samples.credit(first).sole().build())).isEqualTo(APPENDED);
            assertThat(append(
                            other,
                            Samples.credit(Samples.click("an offer", "a member", NOON))
                                    .sole()
                                    .build()))
                    .as("a credit with a scope that is taken in another store")
                    .isEqualTo(STALE);
        }
    }

    private void writesOffersAndClicksToOneStore(AttributionStore other) {
        Click click = Samples.click("offer", "member", NOON);
        store().clicks().insert(List.of(click));
        assertThatThrownBy(() -> other.clicks()
                        .insert(List.of(Samples.withId(click.clickId(), Samples.click("offer", "another", NOON)))))
                .as("an insert under an id that another store has")
                .isInstanceOf(AttributionException.class)
                .isNotInstanceOf(StorageException.class);
        Optional<Offer> before = Optional.empty();
        for (int i = 1; i <= 3; i++) {
            assertThat(lookUp(other, click).flatMap(LookUpResult::offer)).isEqualTo(before);
            Offer offer = Offer.builder("offer")
                    .trackingLink("https://example.com/" + i + "?sub1={gk_click_id}")
                    .build();
            store().offers().put(offer);

            assertThat(other.offers().find(List.of("offer"))).containsEntry("offer", offer);
            assertThat(lookUp(other, click).flatMap(LookUpResult::offer)).contains(offer);
            before.ifPresent(old -> assertThat(
                            other.insertIfUnchanged(Map.of(old, List.of(Samples.click("offer", "member", NOON)))))
                    .as("the offers that another store has changed")
                    .containsExactly(old));
            before = Optional.of(offer);
        }
        if (has(Capability.REPORTS)) {
            ReportFilter filter = ReportFilter.builder().memberId("reported").build();
            for (int i = 1; i <= 3; i++) {
                Click reported = Samples.click("offer", "reported", NOON);
                store().clicks().insert(List.of(reported));
                append(store(), Samples.credit(reported).build());
                assertThat(other.reports().orElseThrow().clicks(filter, null, 10))
                        .hasSize(i);
                assertThat(other.reports().orElseThrow().conversions(filter, null, 10))
                        .hasSize(i);
                assertThat(other.reports().orElseThrow().history(filter, null, 10))
                        .hasSize(i);
            }
        }
    }

    private static Optional<LookUpResult> lookUp(AttributionStore store, Click click) {
        return store.lookUp(List.of(lookUpOf(click, null, null)), DuplicatePolicy.onePerClickAndMember())
                .get(0);
    }

    private void races(List<AttributionStore> stores, String memberId) throws InterruptedException {
        Click click = Samples.click();
        Settlement same = Samples.credit(click).build();
        assertOneIsAppended(stores, thread -> same);
        assertOneIsAppended(stores, thread -> Samples.credit(click).slot(2).build());
        assertOneIsAppended(
                stores,
                thread -> Samples.credit(click)
                        .slot(10 + thread)
                        .transaction("t-1")
                        .at(NOON.plus(Duration.ofDays(thread)))
                        .build());
        if (has(Capability.MEMBER_AND_OFFER_SCOPE)) {
            assertOneIsAppended(
                    stores,
                    thread -> Samples.credit(Samples.click(Samples.OFFER, memberId, NOON))
                            .sole()
                            .build());
        }
        Click conflict = Samples.click();
        List<Boolean> inserted = Race.run(AttributionStoreContract.THREADS, thread -> {
            try {
                stores.get(thread % 2)
                        .clicks()
                        .insert(List.of(
                                Samples.withId(conflict.clickId(), Samples.click("offer", "member-" + thread, NOON))));
                return true;
            } catch (StorageException e) {
                throw e;
            } catch (AttributionException e) {
                return false;
            }
        });
        assertThat(inserted)
                .as("racing inserts of different clicks under one id")
                .containsOnlyOnce(true);
    }

    private static void assertOneIsAppended(List<AttributionStore> stores, IntFunction<Settlement> racer)
            throws InterruptedException {
        assertThat(Race.run(
                        AttributionStoreContract.THREADS,
                        thread -> append(stores.get(thread % 2), racer.apply(thread))))
                .as("the results of a race on two stores")
                .containsOnlyOnce(APPENDED);
    }
}
