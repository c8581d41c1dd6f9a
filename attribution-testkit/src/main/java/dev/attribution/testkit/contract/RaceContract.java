package dev.attribution.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.Click;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.Race;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What racing appends write and return. */
abstract class RaceContract extends ContractTest {
    private static final int ROUNDS = 20; // a store that looks before it writes may pass some of them
    private static final AppendResult STALE = new AppendResult.Stale();

    RaceContract(AttributionStoreContract contract) {
        super(contract);
    }

    /**
     * append 5: If appends under one attempt id race, exactly one is appended; the others are known.
     */
    @Test
    @DisplayName("append 5: If appends under one attempt id race, exactly one is appended; the others are known.")
    void appendsOneOfRacingAppendsUnderOneAttemptId() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            Click click = Samples.click();
            Settlement settlement = Samples.credit(click).transaction("t-1").build();

            List<AppendResult> results = Race.run(AttributionStoreContract.THREADS, thread -> append(settlement));

            assertThat(results)
                    .filteredOn(AppendResult.Appended.class::isInstance)
                    .hasSize(1);
            assertThat(results).filteredOn(known(settlement)::equals).hasSize(AttributionStoreContract.THREADS - 1);
            assertThat(facts(click).count()).isOne();
        }
    }

    /**
     * append 11: If appends with one (click, slot) race, exactly one is appended; the others are stale.
     */
    @Test
    @DisplayName("append 11: If appends with one (click, slot) race, exactly one is appended; the others are stale.")
    void appendsOneOfRacingCreditsOfASlot() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            Click click = Samples.click();

            assertOneIsAppended(thread -> Samples.credit(click).build());

            assertThat(facts(click).count()).isOne();
        }
    }

    /**
     * append 12: If appends with one (click, call key) race, exactly one is appended; the others are stale.
     */
    @Test
    @DisplayName(
            "append 12: If appends with one (click, call key) race, exactly one is appended; the others are stale.")
    void appendsOneOfRacingCreditsOfATransaction() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            Click click = Samples.click();

            assertOneIsAppended(thread -> Samples.credit(click)
                    .slot(thread + 1)
                    .transaction("t-1")
                    .at(Samples.NOON.plus(Duration.ofDays(thread)))
                    .build());

            assertThat(facts(click).count()).isOne();
            racesACreditWithAReservation();
        }
    }

    private void racesACreditWithAReservation() throws InterruptedException {
        Click click = Samples.click();

        assertOneIsAppended(thread -> thread % 2 == 0
                ? Samples.reservation(click, "r")
                : Samples.credit(click).slot(thread).transaction("r").build());
    }

    /**
     * append 13: If appends with one exclusive scope race, exactly one is appended; the others are stale.
     */
    @Test
    @DisplayName("append 13: If appends with one exclusive scope race, exactly one is appended; the others are stale.")
    void appendsOneOfRacingSoleCredits() throws InterruptedException {
        needs(Capability.MEMBER_AND_OFFER_SCOPE);
        for (int round = 0; round < ROUNDS; round++) {
            Click click = Samples.click(Samples.OFFER, "member-" + round, Samples.NOON);

            assertOneIsAppended(thread -> Samples.credit(Samples.click(click.offerId(), click.memberId(), Samples.NOON))
                    .sole()
                    .build());

            assertThat(facts(click, ofMember(click), null, null).count()).isOne();
        }
    }

    private void assertOneIsAppended(IntFunction<Settlement> racer) throws InterruptedException {
        List<Settlement> racing = IntStream.range(0, AttributionStoreContract.THREADS)
                .mapToObj(racer)
                .toList();

        List<AppendResult> results = Race.run(AttributionStoreContract.THREADS, thread -> append(racing.get(thread)));

        assertThat(results).filteredOn(AppendResult.Appended.class::isInstance).hasSize(1);
        assertThat(results).filteredOn(STALE::equals).hasSize(AttributionStoreContract.THREADS - 1);
        for (int i = 0; i < racing.size(); i++) {
            boolean won = !results.get(i).equals(STALE);
            assertThat(append(racing.get(i)))
                    .as("what is stored of racer %d", i)
                    .isEqualTo(won ? known(racing.get(i)) : STALE);
        }
    }
}
