package dev.attribution.faultinjection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.behaviour.Servers;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.faultinjection.Load.Wallets;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Four processes that fire the same postbacks from sixteen threads each. */
class ProcessesTest {
    private static final int PROCESSES = 4;
    private static final int TIMES = 2;
    private static final String OFFER = "spring-sale";

    /** What is fired for a click: with and without an event, and with transaction ids that are used for two of them. */
    private static final List<String> QUERIES = List.of(
            "",
            "&event_id=a",
            "&event_id=a&transaction_id=t1",
            "&event_id=b&transaction_id=t1",
            "&event_id=b&transaction_id=t2");

    /** The processes on each server, the same for all tests. */
    private static final Map<Servers, List<LoadProcess>> RUNNING = new EnumMap<>(Servers.class);

    @AfterAll
    static void end() throws Exception {
        for (List<LoadProcess> processes : RUNNING.values()) {
            for (LoadProcess process : processes) {
                try (process) {
                    assertThat(process.end()).as("exit code").isZero();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void creditEveryClickOnceBetweenThem(Servers server) throws Exception {
        Stage stage = new Stage(server.pool());
        List<String> members = Stage.members("member", 100);
        stage.openWallets(members);
        stage.putOffer(OFFER, DuplicatePolicy.onePerClickAndMember());
        List<String> postbacks = stage.click(OFFER, times(5, members)).stream()
                .map(Stage::postback)
                .toList();

        Stored stored = fire(server, Wallets.KEPT, stage, postbacks, List.of());

        assertThat(stored.conversions()).hasSize(500);
        assertThat(stored.conversionsByClick()).hasSize(500);
        assertThat(stored.amount()).isEqualTo(500);
        assertThat(stored.history()).hasSize(500 * PROCESSES * TIMES);
        assertThat(stored.entries(Kind.ATTRIBUTED)).isEqualTo(500);
        assertThat(stored.entries(Kind.DUPLICATE)).isEqualTo(500 * (PROCESSES * TIMES - 1));
    }

    @ParameterizedTest
    @EnumSource
    void creditWhatEachPolicyAllows(Servers server) throws Exception {
        Stage stage = new Stage(server.pool());
        List<String> members = Stage.members("member", 5);
        stage.openWallets(members);
        List<DuplicatePolicy> policies = List.of(
                DuplicatePolicy.onePerClickAndMember(),
                DuplicatePolicy.onePerMemberAndOffer(),
                DuplicatePolicy.atMost(3),
                DuplicatePolicy.onePerEvent(),
                DuplicatePolicy.allowRepeatConversions());
        List<String> postbacks = new ArrayList<>();
        for (DuplicatePolicy policy : policies) {
            stage.putOffer(policy.toString(), policy);
            postbacks.addAll(postbacks(stage.click(policy.toString(), times(2, members))));
        }

        Stored stored = fire(server, Wallets.KEPT, stage, postbacks, List.of());

        int withoutTransaction = 2 * PROCESSES * TIMES;
        assertThat(policies.stream().map(policy -> creditsOf(stored, policy.toString())))
                .containsExactly(10L, 5L, 10 * 3L, 10 * 3L, 10 * (withoutTransaction + 2L));
        assertThat(stored.history()).hasSize(postbacks.size() * PROCESSES * TIMES);
    }

    @ParameterizedTest
    @EnumSource
    void creditNoMoreThanTheLaxestPolicyAllowsWhileItIsSwitched(Servers server) throws Exception {
        Stage stage = new Stage(server.pool());
        List<String> members = Stage.members("member", 10);
        List<List<DuplicatePolicy>> switches = List.of(
                List.of(
                        DuplicatePolicy.onePerClickAndMember(),
                        DuplicatePolicy.onePerMemberAndOffer(),
                        DuplicatePolicy.atMost(3)),
                List.of(
                        DuplicatePolicy.onePerEvent(),
                        DuplicatePolicy.onePerClickAndMember(),
                        DuplicatePolicy.atMost(2)),
                List.of(DuplicatePolicy.onePerMemberAndOffer(), DuplicatePolicy.allowRepeatConversions()));
        List<String> postbacks = new ArrayList<>();
        List<String> policies = new ArrayList<>();
        for (int i = 0; i < switches.size(); i++) {
            String offer = "offer-" + i;
            stage.putOffer(offer, switches.get(i).toArray(DuplicatePolicy[]::new));
            postbacks.addAll(postbacks(stage.click(offer, times(2, members))));
            switches.get(i)
                    .forEach(policy -> policies.addAll(Collections.nCopies(20, "policy " + offer + " " + policy)));
        }

        Stored stored = fire(server, Wallets.NONE, stage, postbacks, policies);

        assertThat(stored.history()).hasSize(postbacks.size() * PROCESSES * TIMES);
        assertThat(stored.conversions().stream()
                        .map(won -> won.offerId() + " " + won.memberId())
                        .distinct())
                .as("members that were credited for an offer")
                .hasSize(switches.size() * members.size());
    }

    /** Has each process fire all postbacks, and switch policies in between, two of them in one order to meet more often. */
    private static Stored fire(
            Servers server, Wallets wallets, Stage stage, List<String> postbacks, List<String> policies)
            throws Exception {
        List<List<String>> calls = IntStream.range(0, PROCESSES)
                .mapToObj(process -> {
                    List<String> shuffled = new ArrayList<>(times(TIMES, postbacks));
                    shuffled.addAll(policies);
                    Collections.shuffle(shuffled, new Random(process / 2));
                    return shuffled;
                })
                .map(List::copyOf)
                .toList();
        Journal journal = new Journal();
        if (!RUNNING.containsKey(server)) {
            RUNNING.put(server, LoadProcess.start(server.pool().getJdbcUrl(), PROCESSES));
        }
        LoadProcess.fire(RUNNING.get(server), wallets, journal, calls);
        assertThat(journal.failures()).isEmpty();
        assertThat(journal.unanswered()).isEmpty();
        return stage.audited(journal);
    }

    private static List<String> postbacks(List<ClickId> clickIds) {
        return clickIds.stream()
                .flatMap(clickId -> QUERIES.stream().map(more -> Journal.POSTBACK + "gk_click_id=" + clickId + more))
                .toList();
    }

    private static List<String> times(int times, List<String> texts) {
        return Stream.generate(() -> texts).limit(times).flatMap(List::stream).collect(Collectors.toList());
    }

    private static long creditsOf(Stored stored, String offerId) {
        return stored.conversions().stream()
                .filter(won -> won.offerId().equals(offerId))
                .count();
    }
}
