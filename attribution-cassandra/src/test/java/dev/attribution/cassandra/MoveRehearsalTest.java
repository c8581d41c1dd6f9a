package dev.attribution.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.jdbc.SchemaMode;
import dev.attribution.move.ComparisonResult;
import dev.attribution.move.CopyResult;
import dev.attribution.move.MoveDifference;
import dev.attribution.move.MoveDifference.RowType;
import dev.attribution.move.MoveRange;
import dev.attribution.move.StoreMove;
import dev.attribution.report.ReportFilter;
import dev.attribution.testkit.FaultSwitch;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The move of a running application from PostgreSQL to Cassandra, step by step as the page on scaling says, under load. */
@Execution(ExecutionMode.SAME_THREAD)
@EnabledIf(value = "isAvailable", disabledReason = "no node or no PostgreSQL: see the output")
class MoveRehearsalTest {
    private static final Pattern FENCE = Pattern.compile("```sql\\R(begin;.*?)```", Pattern.DOTALL);

    static boolean isAvailable() {
        String engines = System.getProperty("engines");
        boolean isSelected = engines == null || List.of(engines.split(",", -1)).contains("postgresql");
        if (!isSelected) {
            System.out.println("NOT RUN, since -Dengines=" + engines + ": the move from PostgreSQL to Cassandra");
        }
        return isSelected && TestCluster.isAvailable();
    }

    private static HikariDataSource pool(EmbeddedPostgres postgres, String user) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.getJdbcUrl(user, "postgres"));
        config.setMaximumPoolSize(6);
        return new HikariDataSource(config);
    }

    private static void execute(HikariDataSource pool, String sql) throws Exception {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** What an operator runs, as the page shows it. */
    private static String fence() throws Exception {
        Matcher fence = FENCE.matcher(Files.readString(Path.of("..", "docs", "scaling.md")));
        assertThat(fence.find()).isTrue();
        return fence.group(1);
    }

    private static CassandraAttributionStore cassandra() {
        return CassandraAttributionStore.builder(TestCluster.session())
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix("move_")
                .build();
    }

    @Test
    void losesAndDoublesNothingUnderLoad() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
                HikariDataSource owner = pool(postgres, "postgres")) {
            JdbcAttributionStore.builder(owner).build();
            execute(owner, "create role app login");
            execute(owner, "grant select, insert, update, delete on all tables in schema public to app");
            try (HikariDataSource app = pool(postgres, "app")) {
                rehearse(
                        owner,
                        JdbcAttributionStore.builder(app)
                                .schemaMode(SchemaMode.VALIDATE)
                                .build());
            }
        }
    }

    private static void rehearse(HikariDataSource owner, JdbcAttributionStore source) throws Exception {
        CassandraAttributionStore target = cassandra();
        FaultSwitch targetOfSecond = FaultSwitch.on(target);
        StoreMove first = StoreMove.builder(source, target).build();
        StoreMove second = StoreMove.builder(source, targetOfSecond).build();
        MoveLoad load = new MoveLoad();
        MoveLoad.putOffers(MoveLoad.on(source));
        Instant start = Instant.now();
        load.process(0, source);
        load.process(1, source);
        load.start();
        load.await(300);

        load.process(0, first.doubleWriting()); // the second process is a stage behind
        load.await(200);
        load.process(1, second.doubleWriting());
        targetOfSecond.goDown();
        load.await(100);
        targetOfSecond.comeBack();

        Instant compared = Instant.now().minus(Duration.ofHours(1));
        CopyResult copied = first.copy(MoveRange.all());
        ComparisonResult live = first.compare(MoveRange.all());
        targetOfSecond.goDown(); // what it misses is left to the last copy
        load.await(150);
        targetOfSecond.comeBack();
        load.await(50);

        Instant fenced = Instant.now();
        execute(owner, fence());
        CopyResult rest = first.copy(MoveRange.all().from(compared));
        ComparisonResult last = first.compare(MoveRange.all().from(compared));
        assertThat(rest.left()).isEmpty();
        assertThat(last.differences())
                .filteredOn(difference -> difference.rowType() != RowType.CLICK)
                .isEmpty(); // a click may be on its way to the target
        int outcomes = load.outcomes();

        targetOfSecond.goDown(); // its clicks are in the source only
        load.process(0, first.switched());
        Instant switched = Instant.now();
        load.await(300);
        targetOfSecond.comeBack();
        load.process(1, second.switched());
        load.await(300);
        load.end();

        CopyResult late = first.copyLateClicks(MoveRange.all());
        assertThat(late.left()).isEmpty();
        load.assertThatNothingIsLostOrDoubledIn(target);
        assertThat(first.compare(MoveRange.all().until(fenced)).differences())
                .filteredOn(difference -> difference.type() != MoveDifference.DifferenceType.MISSING_IN_SOURCE)
                .extracting(MoveDifference::rowType)
                .doesNotContain(RowType.CLICK, RowType.ENTRY, RowType.OFFER);
        int entries = entries(target);
        assertThat(entries).isGreaterThanOrEqualTo(load.outcomes());
        System.out.printf(
                "Moved from PostgreSQL to Cassandra under load: %d clicks, %d postbacks, %d credits; %d calls refused with 503 in"
                        + " %d ms between fence and switch; first copy: %d clicks, %d entries; %d differences while it was written to,"
                        + " %d after the fence; %d outcomes before the switch, %d entries in the end; %d s in all%n",
                load.clicks(),
                load.outcomes(),
                load.credits(),
                load.refused(),
                Duration.between(fenced, switched).toMillis(),
                copied.clicks(),
                copied.entries(),
                live.differences().size(),
                last.differences().size(),
                outcomes,
                entries,
                Duration.between(start, Instant.now()).toSeconds());
    }

    private static int entries(CassandraAttributionStore store) {
        return store.reports()
                .orElseThrow()
                .history(ReportFilter.all(), null, 100_000)
                .size();
    }
}
