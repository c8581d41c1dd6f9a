package dev.attribution.faultinjection;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.behaviour.Servers;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.faultinjection.Load.Wallets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A database server that is killed with {@code kill -9} while clicks and postbacks come in to two applications, one of which
 * keeps wallets, and started again.
 */
class KilledServerTest {
    private static final int ANSWERS_BEFORE_A_KILL = 300;
    private static final int VISITS = 500;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void isAnOutageAndNeverAnOutcome(Servers kind) throws Exception {
        try (OwnServer server = OwnServer.of(kind, directory)) {
            server.start();
            Journal journal = new Journal();
            Semaphore answers = new Semaphore(0); // of both: none is at its end while they got less than one needs
            try (HikariDataSource pool = new HikariDataSource()) {
                pool.setJdbcUrl(server.url());
                Stage stage = new Stage(pool);
                List<String> withWallets = calls(stage, "spring-sale");
                stage.openWallets(members("spring-sale"));
                List<String> withoutWallets = calls(stage, "summer-sale");

                try (LoadProcess one = LoadProcess.start(server.url(), journal, answers);
                        LoadProcess other = LoadProcess.start(server.url(), journal, answers)) {
                    one.fire(Wallets.KEPT, withWallets);
                    other.fire(Wallets.NONE, withoutWallets);
                    killInMidLoad(server, answers, one, other);
                    assertThat(one.end()).as("exit code").isZero();
                    assertThat(other.end()).as("exit code").isZero();
                }

                assertThat(journal.failures())
                        .hasSizeGreaterThanOrEqualTo(2 * Load.THREADS)
                        .containsOnly("transient");
                assertThat(journal.unanswered()).isEmpty();
                assertThat(journal.clicks()).hasSize(2 * VISITS);
                Stored stored = stage.audited(journal);
                assertThat(stored.conversionsByClick().keySet())
                        .containsAll(stage.clicks())
                        .containsAll(journal.clicks().keySet())
                        .hasSameSizeAs(stored.conversions());
            }
        }
    }

    private static List<String> calls(Stage stage, String offerId) {
        stage.putOffer(offerId, DuplicatePolicy.onePerClickAndMember());
        List<String> calls = new ArrayList<>();
        for (ClickId clickId : stage.click(offerId, Stage.members(offerId, 50))) {
            calls.addAll(Collections.nCopies(10, Stage.postback(clickId)));
        }
        Stage.members("visitor-of-" + offerId, VISITS)
                .forEach(visitor -> calls.add("visit " + offerId + " " + visitor));
        Collections.shuffle(calls, new Random(1));
        return calls;
    }

    private static List<String> members(String offerId) {
        List<String> members = new ArrayList<>(Stage.members(offerId, 50));
        members.addAll(Stage.members("visitor-of-" + offerId, VISITS));
        return members;
    }

    private static void killInMidLoad(OwnServer server, Semaphore answers, LoadProcess... processes)
            throws IOException, InterruptedException {
        answers.acquire(ANSWERS_BEFORE_A_KILL);
        server.kill();
        server.start(); // perhaps before any caller gives up
        answers.acquire(ANSWERS_BEFORE_A_KILL);
        server.kill();
        for (LoadProcess process : processes) {
            process.awaitFailures(Load.THREADS);
        }
        server.start();
    }
}
