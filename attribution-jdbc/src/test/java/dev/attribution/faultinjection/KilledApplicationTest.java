package dev.attribution.faultinjection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.behaviour.Servers;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.faultinjection.Load.Wallets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application that is killed with {@code kill -9} while it takes clicks and postbacks, and started again. */
@ParameterizedClass(name = "{0}")
@EnumSource
class KilledApplicationTest {
    private static final int KILLED = 128 + 9;
    private static final int ANSWERS_BEFORE_A_KILL = 400;
    private static final String OFFER = "spring-sale";

    @Parameter
    Servers server;

    @ParameterizedTest
    @EnumSource
    void losesNothingThatItAcknowledgedAndCreditsEveryClickOnce(Wallets wallets) throws Exception {
        String url = server.pool().getJdbcUrl();
        Stage stage = new Stage(server.pool());
        List<String> members = Stage.members("member", 50);
        List<String> visitors = Stage.members("visitor", 1_000);
        if (wallets == Wallets.KEPT) {
            stage.openWallets(members);
            stage.openWallets(visitors);
        }
        stage.putOffer(OFFER, DuplicatePolicy.onePerClickAndMember());
        List<ClickId> clicksBefore = stage.click(OFFER, members);
        List<String> calls = new ArrayList<>(visitors.stream()
                .map(visitor -> "visit " + OFFER + " " + visitor)
                .toList());
        for (int i = 0; i < 20; i++) {
            clicksBefore.forEach(clickId -> calls.add(Stage.postback(clickId)));
        }
        Collections.shuffle(calls, new Random(1));
        Journal journal = new Journal();

        killInMidLoad(url, wallets, journal, calls);
        assertThat(journal.unanswered()).as("calls that the kill cut short").isNotEmpty();
        stage.audited(journal);

        killInMidLoad(url, wallets, journal, replayed(journal, calls));
        stage.audited(journal);

        List<String> last = new ArrayList<>(journal.unanswered());
        last.addAll(journal.outcomes().keySet());
        journal.clicks().keySet().forEach(clickId -> last.add(Stage.postback(clickId)));
        clicksBefore.forEach(clickId -> last.add(Stage.postback(clickId)));
        try (LoadProcess process = LoadProcess.start(url, journal, new Semaphore(0))) {
            process.fire(wallets, last);
            assertThat(process.end()).as("exit code").isZero();
        }
        assertThat(journal.failures()).isEmpty();
        Stored stored = stage.audited(journal);
        assertThat(stored.conversionsByClick().keySet())
                .containsAll(clicksBefore)
                .containsAll(journal.clicks().keySet())
                .hasSameSizeAs(stored.conversions());
    }

    private static void killInMidLoad(String url, Wallets wallets, Journal journal, List<String> calls)
            throws Exception {
        Semaphore answers = new Semaphore(0);
        try (LoadProcess process = LoadProcess.start(url, journal, answers)) {
            process.fire(wallets, calls);
            answers.acquire(ANSWERS_BEFORE_A_KILL);
            assertThat(process.kill()).as("exit code").isEqualTo(KILLED);
        }
    }

    /** What was not answered, what was answered with an outcome, and what was not called yet. */
    private static List<String> replayed(Journal journal, List<String> calls) {
        List<String> notCalled = new ArrayList<>(calls);
        notCalled.removeAll(journal.calls().keySet());
        return Stream.of(journal.unanswered(), List.copyOf(journal.outcomes().keySet()), notCalled)
                .flatMap(List::stream)
                .toList();
    }
}
