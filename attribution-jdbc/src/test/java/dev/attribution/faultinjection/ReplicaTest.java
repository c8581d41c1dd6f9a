package dev.attribution.faultinjection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.behaviour.Servers;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.faultinjection.Load.Wallets;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.repair.RepairStep.Result;
import dev.attribution.report.ReportFilter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A streaming replica of PostgreSQL: reports that it serves, and the moment when it takes over. */
class ReplicaTest {
    private static final int VISITS = 500;
    private static final int ANSWERS_BEFORE_THE_KILL = 300;

    @TempDir
    Path directory;

    private OwnPostgres primary;
    private OwnPostgres standby;

    @BeforeEach
    void start() throws Exception {
        Servers.POSTGRESQL.pool(); // which aborts the test if this engine is not selected
        primary = new OwnPostgres(directory);
        primary.start();
        standby = primary.standby(directory);
        standby.start();
    }

    @AfterEach
    void stop() throws Exception {
        try (OwnPostgres first = primary;
                OwnPostgres second = standby) {
            if (second != null) { // this engine is selected
                second.kill();
                first.kill();
            }
        }
    }

    @Test
    void showsItsLagAndDecidesNothing() throws Exception {
        try (HikariDataSource pool = pool(primary.url());
                HikariDataSource replica = pool(standby.url())) {
            JdbcAttributionStore store =
                    JdbcAttributionStore.builder(pool).reportsFrom(replica).build();
            Attribution attribution = Attribution.builder(store).build();
            attribution.offers().put(Stage.offer("spring-sale", DuplicatePolicy.onePerClickAndMember()));
            ClickId first =
                    attribution.click(ClickRequest.of("spring-sale", "m1")).clickId();
            awaitReplay(pool, replica);

            assertThat(attribution.reports().lag()).contains(Duration.ZERO);
            assertThat(attribution.reports().clicks(ReportFilter.all(), 10).rows())
                    .extracting(click -> click.clickId())
                    .containsExactly(first);

            execute(replica.getJdbcUrl(), "select pg_wal_replay_pause()");
            ClickId second =
                    attribution.click(ClickRequest.of("spring-sale", "m2")).clickId();
            String postback = Stage.query(second);
            assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
            assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.DUPLICATE);
            attribution
                    .offers()
                    .put(Offer.builder("spring-sale")
                            .trackingLink("https://google.com?sub1={gk_click_id}")
                            .acceptedEvents("another")
                            .build());

            assertThat(attribution.reports().clicks(ReportFilter.all(), 10).rows())
                    .hasSize(1);
            assertThat(attribution.reports().history(ReportFilter.all(), 10).rows())
                    .isEmpty();
            assertThat(attribution.reports().lag())
                    .hasValueSatisfying(lag -> assertThat(lag).isPositive());
            assertThat(attribution.trace(second).conversions()).hasSize(1);
            assertThat(attribution.postback(Stage.query(first)).kind()).isEqualTo(Kind.REJECTED);
            attribution.offers().put(Stage.offer("spring-sale", DuplicatePolicy.onePerClickAndMember()));
            assertThat(attribution.replay(ReportFilter.all()).run(step -> {}).count(Result.CREDITED))
                    .as("a replay reads what is stored")
                    .isEqualTo(1);

            execute(replica.getJdbcUrl(), "select pg_wal_replay_resume()");
            awaitReplay(pool, replica);
            assertThat(attribution.reports().lag()).contains(Duration.ZERO);
            assertThat(attribution.reports().history(ReportFilter.all(), 10).rows())
                    .hasSize(4);

            standby.kill();
            assertThatThrownBy(() -> attribution.reports().clicks(ReportFilter.all(), 10))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.isTransient()).isTrue());
            assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.DUPLICATE);
        }
    }

    @Test
    void servesReportsWhileThePrimaryIsAway() throws Exception {
        try (HikariDataSource pool = pool(primary.url());
                HikariDataSource replica = pool(standby.url())) {
            Attribution attribution = Attribution.builder(JdbcAttributionStore.builder(pool)
                            .reportsFrom(replica)
                            .build())
                    .build();
            attribution.offers().put(Stage.offer("spring-sale", DuplicatePolicy.onePerClickAndMember()));
            attribution.click(ClickRequest.of("spring-sale", "m1"));
            awaitReplay(pool, replica);
            primary.kill();

            assertThat(attribution.reports().lag()).as("unknown").isEmpty();
            assertThat(attribution.reports().clicks(ReportFilter.all(), 10).rows())
                    .hasSize(1);
        }
    }

    @Test
    void takesOverInMidLoadWithoutLosingOrDoublingAnything() throws Exception {
        execute(primary.url(), "alter system set synchronous_standby_names = 'standby'");
        execute(primary.url(), "select pg_reload_conf()");
        awaitSynchronous();
        String url = primary.urlOfPrimaryAmong(standby);
        Journal journal = new Journal();
        Semaphore answers = new Semaphore(0);
        Stage stage;
        try (HikariDataSource pool = pool(url)) {
            stage = new Stage(pool);
            List<String> calls = calls(stage);
            try (LoadProcess load = LoadProcess.start(url, journal, answers)) {
                load.fire(Wallets.NONE, calls);
                answers.acquire(ANSWERS_BEFORE_THE_KILL);
                primary.kill(); // and it stays down: no caller can reach it
                long killed = System.nanoTime();
                load.awaitFailures(Load.THREADS);
                answers.drainPermits();
                long promoted = System.nanoTime();
                execute(standby.url(), "select pg_promote()");
                answers.acquire();
                System.out.printf(
                        "A synchronous standby took over: %,d ms from its promotion to the first answer, %,d ms from the kill%n",
                        (System.nanoTime() - promoted) / 1_000_000, (System.nanoTime() - killed) / 1_000_000);
                assertThat(load.end()).as("exit code").isZero();
            }

            assertThat(journal.failures())
                    .hasSizeGreaterThanOrEqualTo(Load.THREADS)
                    .containsOnly("transient");
            assertThat(journal.unanswered()).isEmpty();
            assertThat(journal.clicks()).hasSize(VISITS);
            Stored stored = stage.audited(journal);
            assertThat(stored.conversionsByClick().keySet())
                    .containsAll(journal.clicks().keySet())
                    .hasSameSizeAs(stored.conversions());
        }
    }

    private static List<String> calls(Stage stage) {
        stage.putOffer("spring-sale", DuplicatePolicy.onePerClickAndMember());
        List<String> calls = new ArrayList<>();
        for (ClickId clickId : stage.click("spring-sale", Stage.members("spring-sale", 50))) {
            calls.addAll(Collections.nCopies(10, Stage.postback(clickId)));
        }
        visitors().forEach(visitor -> calls.add("visit spring-sale " + visitor));
        Collections.shuffle(calls, new Random(1));
        return calls;
    }

    private static List<String> visitors() {
        return Stage.members("visitor", VISITS);
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(4);
        config.setConnectionTimeout(1_000);
        return new HikariDataSource(config);
    }

    private void awaitSynchronous() throws SQLException {
        while (!"sync".equals(text(primary.url(), "select max(sync_state) from pg_stat_replication"))) {
            Thread.onSpinWait();
        }
    }

    private static void awaitReplay(HikariDataSource primary, HikariDataSource replica) throws SQLException {
        String written = text(primary.getJdbcUrl(), "select cast(pg_current_wal_lsn() as text)");
        String isReplayed = "select cast(pg_last_wal_replay_lsn() >= '" + written + "' as text)";
        while (!"true".equals(text(replica.getJdbcUrl(), isReplayed))) {
            Thread.onSpinWait();
        }
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(String url, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }
}
