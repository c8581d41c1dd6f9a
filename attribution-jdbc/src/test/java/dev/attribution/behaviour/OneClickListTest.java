package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.Attribution;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.ForwardingStore;
import dev.attribution.testkit.Race;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lists of postbacks that name one click. */
class OneClickListTest extends BehaviourTest {
    private static final List<DuplicatePolicy> POLICIES = List.of(
            DuplicatePolicy.onePerClickAndMember(),
            DuplicatePolicy.allowRepeatConversions(),
            DuplicatePolicy.onePerEvent(),
            DuplicatePolicy.onePerMemberAndOffer(),
            DuplicatePolicy.atMost(70));

    /** Counts the calls that a façade makes, and runs something once between a look-up and the append after it. */
    private class Watched extends ForwardingStore {
        final AtomicInteger calls = new AtomicInteger();
        private final Runnable between;
        private final AtomicBoolean once = new AtomicBoolean();

        Watched(Runnable between) {
            super(OneClickListTest.this.store);
            this.between = between;
        }

        @Override
        public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
            calls.incrementAndGet();
            List<Optional<LookUpResult>> results = super.lookUp(lookUps, defaultPolicy);
            if (!once.getAndSet(true)) {
                between.run();
            }
            return results;
        }

        @Override
        public List<AppendResult> append(List<Settlement> settlements) {
            calls.incrementAndGet();
            return super.append(settlements);
        }
    }

    private static List<String> postbacks(Redirect click, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> query(click, "event_id=e" + i % 90 + "&transaction_id=t" + i % 120))
                .toList();
    }

    private static int allowed(DuplicatePolicy policy, int postbacks) {
        return switch (policy.toString()) {
            case "allow-repeat-conversions" -> Math.min(120, postbacks);
            case "one-per-event" -> Math.min(90, postbacks);
            case "at-most-70" -> Math.min(70, postbacks);
            default -> 1;
        };
    }

    private Attribution on(ForwardingStore watched) {
        return Attribution.builder(watched).clock(clock).build();
    }

    @Test
    void takesAsManyCallsOfTheStoreHoweverLongItIs() {
        for (DuplicatePolicy policy : POLICIES) {
            putOffer(policy);
            for (int size : List.of(100, 200, 400)) {
                Redirect click = attribution.click(ClickRequest.of(OFFER, policy + " " + size));
                Watched watched = new Watched(() -> {});

                List<PostbackOutcome> outcomes = on(watched).postbacks(postbacks(click, 0, size));

                assertThat(count(outcomes, Kind.ATTRIBUTED)).as("%s", policy).isEqualTo(allowed(policy, size));
                assertThat(count(outcomes, Kind.DUPLICATE)).isEqualTo(size - allowed(policy, size));
                assertThat(watched.calls).as("%s, a list of %d", policy, size).hasValue(2);
                assertIsStored(click, outcomes);
            }
        }
    }

    /** Every outcome has its entry, and every entry a conversion that is stored. */
    private void assertIsStored(Redirect click, List<PostbackOutcome> outcomes) {
        List<HistoryEntry> history = attribution.trace(click.clickId()).history();
        List<Conversion> conversions = attribution.trace(click.clickId()).conversions();
        assertThat(history).hasSize(outcomes.size());
        assertThat(conversions)
                .extracting(Conversion::conversionId)
                .doesNotHaveDuplicates()
                .containsAll(outcomes.stream()
                        .flatMap(outcome -> outcome.conversionId().stream())
                        .toList())
                .containsAll(history.stream()
                        .flatMap(entry -> entry.conversionId().stream())
                        .toList());
        assertThat(conversions).hasSize((int) count(outcomes, Kind.ATTRIBUTED));
    }

    @Test
    void hasTheOutcomesOfItsPostbacksOneByOne() {
        Random random = new Random(7);
        for (DuplicatePolicy policy : POLICIES) {
            putOffer(policy);
            for (int round = 0; round < 2; round++) {
                Redirect one = attribution.click(ClickRequest.of(OFFER, policy + " one by one " + round));
                Redirect all = attribution.click(ClickRequest.of(OFFER, policy + " all " + round));
                clock.moveBy(Duration.ofMinutes(1));
                List<String> texts = IntStream.range(0, 30)
                        .mapToObj(i -> (random.nextInt(3) == 0 ? "" : "&event_id=e" + random.nextInt(6))
                                + (random.nextInt(3) == 0 ? "" : "&transaction_id=t" + random.nextInt(12))
                                + (random.nextInt(9) == 0 ? "&offer_id=another" : ""))
                        .toList();

                List<PostbackOutcome> outcomes = attribution.postbacks(
                        texts.stream().map(text -> query(all, text)).toList());

                for (int i = 0; i < texts.size(); i++) {
                    PostbackOutcome expected = attribution.postback(query(one, texts.get(i)));
                    assertThat(outcomes.get(i).kind())
                            .as("%s: %s", policy, texts)
                            .isEqualTo(expected.kind());
                    assertThat(outcomes.get(i).reason()).isEqualTo(expected.reason());
                }
                assertIsStored(all, outcomes);
            }
        }
    }

    /** Another list of the same click is stored between the look-up and the append. */
    @Test
    void isDecidedAgainFromWhereAnotherListOvertookIt() {
        for (DuplicatePolicy policy : POLICIES) {
            putOffer(policy);
            Redirect click = attribution.click(ClickRequest.of(OFFER, policy + " overtaken"));
            List<String> own = postbacks(click, 0, 60);
            List<String> others = new ArrayList<>(postbacks(click, 40, 100));
            Collections.reverse(others);
            List<PostbackOutcome> overtaking = new ArrayList<>();
            Watched watched = new Watched(() -> overtaking.addAll(attribution.postbacks(others)));

            List<PostbackOutcome> outcomes = new ArrayList<>(on(watched).postbacks(own));

            outcomes.addAll(overtaking);
            assertThat(count(outcomes, Kind.ATTRIBUTED)).as("%s", policy).isEqualTo(allowed(policy, 100));
            assertThat(watched.calls).hasValueLessThanOrEqualTo(4);
            assertIsStored(click, outcomes);
            assertTakesMore(click, policy, 100);
        }
    }

    @Test
    void racesWithOthersOfItsClickAndNothingIsCreditedTwice() throws Exception {
        Random random = new Random(11);
        for (DuplicatePolicy policy : POLICIES) {
            putOffer(policy);
            Redirect click = attribution.click(ClickRequest.of(OFFER, policy + " raced for"));
            List<List<String>> lists = Stream.generate(() -> {
                        List<String> list = new ArrayList<>(postbacks(click, 0, 60));
                        Collections.shuffle(list, random);
                        return list;
                    })
                    .limit(4)
                    .toList();

            List<List<PostbackOutcome>> raced = Race.run(lists.size(), list -> attribution.postbacks(lists.get(list)));

            List<PostbackOutcome> outcomes =
                    raced.stream().flatMap(List::stream).toList();
            assertThat(count(outcomes, Kind.ATTRIBUTED)).as("%s", policy).isEqualTo(allowed(policy, 60));
            assertThat(count(outcomes, Kind.DUPLICATE)).isEqualTo(240 - allowed(policy, 60));
            assertIsStored(click, outcomes);
            assertNothingTwice(policy, attribution.trace(click.clickId()).conversions());
            assertTakesMore(click, policy, 60);
        }
    }

    /** In joined transactions, whose deadlocks are not repeated by the store. */
    @Test
    void racesWithoutADeadlock() throws Exception {
        assumeTrue(store instanceof JdbcAttributionStore, "a store in memory has no transactions to join");
        JdbcAttributionStore jdbc = (JdbcAttributionStore) store;
        for (DuplicatePolicy policy : POLICIES) {
            putOffer(policy);
            Redirect click = attribution.click(ClickRequest.of(OFFER, policy + " raced for in transactions"));
            List<List<PostbackOutcome>> raced = Race.run(4, racer -> {
                List<String> list = new ArrayList<>(postbacks(click, 0, 100));
                Collections.shuffle(list, new Random(racer));
                try (Connection connection = jdbc.dataSource().getConnection()) {
                    connection.setAutoCommit(false);
                    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                    List<PostbackOutcome> outcomes =
                            attribution.on(jdbc.joining(connection)).postbacks(list);
                    connection.commit();
                    connection.setAutoCommit(true);
                    return outcomes;
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });

            List<PostbackOutcome> outcomes =
                    raced.stream().flatMap(List::stream).toList();
            assertThat(count(outcomes, Kind.ATTRIBUTED)).as("%s", policy).isEqualTo(allowed(policy, 100));
            assertIsStored(click, outcomes);
        }
    }

    private static void assertNothingTwice(DuplicatePolicy policy, List<Conversion> conversions) {
        Set<Object> seen = new HashSet<>();
        for (Conversion won : conversions) {
            assertThat(seen.add(won.transactionId().orElseThrow()))
                    .as("%s", policy)
                    .isTrue();
            if (policy.equals(DuplicatePolicy.onePerEvent())) {
                assertThat(seen.add(won.eventId().orElseThrow())).isTrue();
            }
        }
    }

    /** A slot that is skipped would make every later credit of the click stale, for ever. */
    private void assertTakesMore(Redirect click, DuplicatePolicy policy, int before) {
        List<PostbackOutcome> more = attribution.postbacks(postbacks(click, before, 130));
        assertThat(count(more, Kind.ATTRIBUTED))
                .as("%s", policy)
                .isEqualTo(allowed(policy, 130) - allowed(policy, before));
    }
}
