package dev.attribution.fire;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.behaviour.Servers;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.DuplicatePolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database server that is killed with {@code kill -9} while clicks and postbacks come in, and started again. */
class KilledServerTest {
    private static final String OFFER = "spring-sale";
    private static final int ANSWERS_BEFORE_A_KILL = 300;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void isAnOutageAndNeverAnOutcome(Servers kind) throws Exception {
        try (OwnServer server = OwnServer.of(kind, directory)) {
            server.start();
            List<String> members = Stage.members("member", 50);
            List<String> visitors = Stage.members("visitor", 1_000);
            Journal journal = new Journal();
            try (HikariDataSource pool = new HikariDataSource()) {
                pool.setJdbcUrl(server.url());
                Stage stage = new Stage(pool);
                stage.openWallets(members);
                stage.openWallets(visitors);
                stage.putOffer(OFFER, DuplicatePolicy.onePerClickAndMember());
                List<ClickId> clicksBefore = stage.click(OFFER, members);
                List<String> calls = new ArrayList<>(visitors.stream()
                        .map(visitor -> "visit " + OFFER + " " + visitor)
                        .toList());
                for (int i = 0; i < 20; i++) {
                    clicksBefore.forEach(clickId -> calls.add(Stage.postback(clickId)));
                }
                Collections.shuffle(calls, new Random(1));

                killInMidLoad(server, journal, calls);

                assertThat(journal.failures())
                        .hasSizeGreaterThanOrEqualTo(Load.THREADS)
                        .containsOnly("transient");
                assertThat(journal.unanswered()).isEmpty();
                Stored stored = stage.audited(journal);
                assertThat(stored.conversionsByClick().keySet())
                        .containsAll(clicksBefore)
                        .containsAll(journal.clicks().keySet())
                        .hasSameSizeAs(stored.conversions());
                assertThat(journal.clicks()).hasSameSizeAs(visitors);
            }
        }
    }

    private static void killInMidLoad(OwnServer server, Journal journal, List<String> calls) throws Exception {
        try (LoadProcess process =
                LoadProcess.start(server.url(), journal, List.of(calls)).get(0)) {
            process.awaitAnswers(ANSWERS_BEFORE_A_KILL);
            server.kill();
            server.start(); // perhaps before any caller gives up
            process.awaitAnswers(ANSWERS_BEFORE_A_KILL);
            server.kill();
            process.awaitFailures(Load.THREADS);
            server.start();
            assertThat(process.end()).as("exit code").isZero();
        }
    }
}
