package dev.attribution.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickFlag;
import dev.attribution.click.ClickId;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The repository of clicks. */
abstract class ClickContract extends ContractTest {
    private static final int ROUNDS = 10;

    /** Characters that stores like to strip. */
    static final String CONTROLS = "\t a\r\n\u0001\u001f\u007f\u0085\u2028\ufeff\u200b \n ";

    ClickContract(AttributionStoreContract contract) {
        super(contract);
    }

    private Map<ClickId, Click> find(Click... clicks) {
        return store().clicks().find(Stream.of(clicks).map(Click::clickId).toList());
    }

    private static Click full() {
        ClickContext context = ClickContext.builder()
                .ip("203.0.113.7")
                .userAgent("Mozilla/5.0")
                .referrer("https://example.com/games?page=2")
                .extra("campaign", "spring")
                .extra("note", "{\"quoted\": [1]}\n")
                .build();
        Click click = Samples.click();
        return new Click(click.clickId(), click.offerId(), click.memberId(), click.clickedAt(), context);
    }

    private static Click withTime(Click click, Instant clickedAt) {
        return new Click(click.clickId(), click.offerId(), click.memberId(), clickedAt, click.context());
    }

    /**
     * insert 1: When the method returns, every click of the list is stored with all its parts.
     */
    @Test
    @DisplayName("insert 1: When the method returns, every click of the list is stored with all its parts.")
    void storesEveryClickOfAListWithAllItsParts() {
        Click full = full();
        Click bare = Samples.click();
        Click forgotten = Samples.forgotten(Samples.click());

        store().clicks().insert(List.of(full, bare, forgotten));

        assertThat(find(full, bare, forgotten))
                .containsEntry(full.clickId(), full)
                .containsEntry(bare.clickId(), bare)
                .containsEntry(forgotten.clickId(), forgotten);
        ClickContext empty = ClickContext.builder()
                .ip("")
                .userAgent("")
                .referrer("")
                .extra("empty", "")
                .build();
        ClickContext controls = ClickContext.builder()
                .ip(CONTROLS)
                .userAgent(CONTROLS)
                .referrer(CONTROLS)
                .extra("control", CONTROLS)
                .extra("Control ", "7")
                .build();
        for (ClickContext context : List.of(empty, controls)) {
            Click click = new Click(Samples.click().clickId(), bare.offerId(), bare.memberId(), Samples.NOON, context);
            store().clicks().insert(List.of(click));
            assertReads(click);
        }
        assertReads(full);
        for (ClickFlag flag : List.of(
                ClickFlag.of("head"),
                ClickFlag.of("a.b_c-".repeat(10)),
                ClickFlag.of("x").cleared(Samples.NOON))) {
            Click flagged = full().with(flag);
            Click other = full().with(flag);
            store().clicks().insert(List.of(flagged));
            store().clicks().insert(List.of(other, Samples.click()));
            assertReads(flagged);
            assertReads(other);
        }
    }

    /**
     * flag 1: After the method, each of the clicks whose flag stood has the given time as the time at which the flag was
     * cleared; its other parts stay as they are.
     */
    @Test
    @DisplayName(
            "flag 1: After the method, each of the clicks whose flag stood has the given time as the time at which the flag was cleared; its other parts stay as they are.")
    void clearsTheFlagsOfClicks() {
        Click one = full().with(ClickFlag.of("head"));
        Click two = full().with(ClickFlag.of("crawler"));
        Click other = full().with(ClickFlag.of("crawler"));
        store().clicks().insert(List.of(one, two, other));
        Instant time = Samples.NOON.plusSeconds(7);

        store().clicks().clearFlags(List.of(two.clickId(), one.clickId(), two.clickId()), time);

        assertReads(one.with(ClickFlag.of("head").cleared(time)));
        assertReads(two.with(ClickFlag.of("crawler").cleared(time)));
        assertReads(other);
    }

    /**
     * flag 2: A click without a flag, a click whose flag was cleared before, and an unknown click stay as they are.
     */
    @Test
    @DisplayName(
            "flag 2: A click without a flag, a click whose flag was cleared before, and an unknown click stay as they are.")
    void leavesClicksWithoutAStandingFlag() {
        Click bare = full();
        Click cleared = full().with(ClickFlag.of("head").cleared(Samples.NOON));
        Click absent = Samples.click();
        store().clicks().insert(List.of(bare, cleared));

        store().clicks().clearFlags(List.of(), Samples.NOON);
        store().clicks()
                .clearFlags(List.of(absent.clickId(), bare.clickId(), cleared.clickId()), Samples.NOON.plusSeconds(7));

        assertReads(bare);
        assertReads(cleared);
        assertThat(find(absent)).isEmpty();
    }

    /**
     * insert 2: A stored click that equals the given click in every part stays as it is; repeating an insert therefore
     * completes an insert that has lost its answer.
     */
    @Test
    @DisplayName(
            "insert 2: A stored click that equals the given click in every part stays as it is; repeating an insert therefore completes an insert that has lost its answer.")
    void leavesAClickThatIsStoredAlready() {
        Click before = full();
        Click after = Samples.click();
        store().clicks().insert(List.of(before));

        store().clicks().insert(List.of(before));
        store().clicks().insert(List.of(before, after, before));

        assertThat(find(before, after)).containsEntry(before.clickId(), before).containsEntry(after.clickId(), after);
    }

    /**
     * insert 3: If another click is stored under the id, the method raises AttributionException, but not
     * StorageException, and the stored click stays as it is.
     */
    @Test
    @DisplayName(
            "insert 3: If another click is stored under the id, the method raises AttributionException, but not StorageException, and the stored click stays as it is.")
    void refusesAnIdThatBelongsToAnotherClick() {
        Click first = full();
        store().clicks().insert(List.of(first));

        for (Click second : List.of(
                Samples.withId(first.clickId(), Samples.click("another", first.memberId(), Samples.NOON)),
                Samples.withId(first.clickId(), Samples.click(first.offerId(), "another", Samples.NOON)),
                withTime(first, first.clickedAt().plusNanos(1_000)),
                withTime(first, first.clickedAt().plus(Duration.ofDays(40))),
                withTime(first, first.clickedAt().minus(Duration.ofDays(400))),
                Samples.withId(first.clickId(), Samples.click()))) {
            for (List<Click> clicks : List.of(List.of(second), List.of(Samples.click(), second))) {
                assertThatThrownBy(() -> store().clicks().insert(clicks))
                        .as("an insert of %s where there is %s", second, first)
                        .isInstanceOf(AttributionException.class)
                        .isNotInstanceOf(StorageException.class);
            }
        }
        assertThat(find(first)).containsEntry(first.clickId(), first);
    }

    /**
     * insert 4: If inserts of different clicks under one id race, exactly one click is stored; the other inserts raise
     * this exception.
     */
    @Test
    @DisplayName(
            "insert 4: If inserts of different clicks under one id race, exactly one click is stored; the other inserts raise this exception.")
    void storesOneOfRacingClicksUnderOneId() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            storesOneOfRacingClicks();
        }
    }

    private void storesOneOfRacingClicks() throws InterruptedException {
        ClickId clickId = Samples.click().clickId();

        List<Optional<Click>> stored = Race.run(AttributionStoreContract.THREADS, thread -> {
            Click click = Samples.withId(clickId, Samples.click("offer", "member-" + thread, Samples.NOON));
            try {
                store().clicks().insert(List.of(click));
                return Optional.of(click);
            } catch (StorageException e) {
                throw e;
            } catch (AttributionException e) {
                return Optional.empty();
            }
        });

        assertThat(stored).filteredOn(Optional::isPresent).hasSize(1);
        assertThat(store().clicks().find(List.of(clickId)).values())
                .containsExactlyElementsOf(
                        stored.stream().flatMap(Optional::stream).toList());
    }

    /**
     * find 1: The map contains every click that is stored under one of the ids, and nothing else.
     */
    @Test
    @DisplayName("find 1: The map contains every click that is stored under one of the ids, and nothing else.")
    void findsTheClicksThatExist() {
        Click one = Samples.click();
        Click two = Samples.click();
        Click absent = Samples.click();
        store().clicks().insert(List.of(one, two));

        assertThat(find(one, absent, two, one))
                .containsOnly(Map.entry(one.clickId(), one), Map.entry(two.clickId(), two));
        assertThat(find(absent)).isEmpty();
        long high = one.clickId().uuid().getMostSignificantBits();
        long low = one.clickId().uuid().getLeastSignificantBits();
        for (UUID near : List.of(new UUID(high, ~low), new UUID(~high, low))) {
            assertThat(store().clicks().find(List.of(ClickId.of(near))))
                    .as("what is found under half of an id")
                    .isEmpty();
        }
    }

    /**
     * find 2: The method finds every click that was stored before the call.
     */
    @Test
    @DisplayName("find 2: The method finds every click that was stored before the call.")
    void findsAClickThatWasLookedForBeforeItWasStored() {
        Click click = Samples.click();
        assertThat(find(click)).isEmpty();

        store().clicks().insert(List.of(click));

        assertThat(find(click)).containsEntry(click.clickId(), click);
    }

    /**
     * time 1: A store that needs ids with a time refuses a click id or an attempt id without one with an
     * AttributionException, and writes nothing of the list.
     */
    @Test
    @DisplayName(
            "time 1: A store that needs ids with a time refuses a click id or an attempt id without one with an AttributionException, and writes nothing of the list.")
    void refusesIdsWithoutATime() {
        assumeFalse(
                has(Capability.IDS_WITHOUT_TIME), "The store declares IDS_WITHOUT_TIME: there is nothing to refuse");
        Click click = Samples.click();
        for (UUID id : List.of(new UUID(0, 1), UUID.randomUUID(), new UUID(-1, -1))) {
            Click without = Samples.withId(ClickId.of(id), click);
            assertThatThrownBy(() -> store().clicks().insert(List.of(click, without)))
                    .isInstanceOf(AttributionException.class);
            assertThat(find(click, without)).as("clicks of a refused list").isEmpty();
            Settlement credit = Samples.credit(click).build();
            Settlement unnamed = Samples.credit(Samples.click()).attempt(id).build();
            assertThatThrownBy(() -> append(credit, unnamed)).isInstanceOf(AttributionException.class);
            assertThat(facts(click).count()).as("credits of a refused list").isZero();
        }
        assertThat(store().needsTimeInIds()).isTrue();
    }
}
