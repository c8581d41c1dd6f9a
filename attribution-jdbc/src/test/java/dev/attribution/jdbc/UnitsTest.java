package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.conversion.Conversion;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AppendResult.Appended;
import dev.attribution.spi.AppendResult.Known;
import dev.attribution.spi.AppendResult.Stale;
import dev.attribution.spi.Settlement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lists of settlements that are written as a whole if nothing prevents it: short ones and long ones, which take two ways. */
class UnitsTest extends DatabaseTest {
    private static final int[] LENGTHS = {1, 2, 15, 16, 64};

    @Test
    void nothingOfAListThatIsUndoneIsCommittedWithTheNextWork() throws SQLException {
        for (int length : LENGTHS) {
            try (HikariDataSource pool = pool(database.url(directory));
                    JdbcAttributionStore own =
                            JdbcAttributionStore.builder(pool).build()) {
                List<Settlement> list = credits(length);
                Click taken = click(list.get(length - 1));
                own.conversions().append(List.of(Given.credit(taken, 1)));
                List<AppendResult> results = own.conversions().append(list);
                assertThat(results.subList(0, length - 1)).allMatch(Appended.class::isInstance);
                assertThat(results.get(length - 1)).isInstanceOf(Stale.class);
                assertThat(isInNoTransaction(pool)).isTrue();
                own.clicks().insert(List.of(taken));
                assertThat(stored(list)).hasSize(length - 1);
                assertThat(store.clicks().find(List.of(taken.clickId()))).hasSize(1);
            }
        }
    }

    @Test
    void aListWhoseAnswerWasLostIsWrittenOnce() {
        for (int length : LENGTHS) {
            Recorder recorder = new Recorder();
            JdbcAttributionStore own = JdbcAttributionStore.builder(recorder.over(store.dataSource()))
                    .build();
            List<Settlement> list = credits(length);
            recorder.insteadOfTheAnswer.set(new SQLException("connection reset", "08006"));
            List<AppendResult> results = own.conversions().append(list);
            assertThat(stored(list)).hasSize(length);
            if (recorder.insteadOfTheAnswer.get() == null) { // one statement commits by itself on PostgreSQL
                assertThat(results).allMatch(Known.class::isInstance);
            }
        }
    }

    @Test
    void aListInAHostsTransactionIsTheHostsToCommit() throws SQLException {
        for (int length : LENGTHS) {
            List<Settlement> list = credits(length);
            List<Settlement> entries = duplicates(length);
            try (Connection host = store.dataSource().getConnection()) {
                host.setAutoCommit(false);
                store.joining(host).conversions().append(list);
                store.joining(host).conversions().append(entries);
                host.rollback();
                host.setAutoCommit(true);
            }
            assertThat(stored(list)).isEmpty();
            assertThat(store.conversions().append(entries)).allMatch(Appended.class::isInstance);
            assertThat(store.conversions().append(entries)).allMatch(Known.class::isInstance);
        }
    }

    @Test
    void theSettingsOfConnectionsToMariaDbDoNotMatter() throws SQLException {
        assumeTrue(database == TestDatabase.MARIADB, "only MariaDB has these settings");
        for (String settings : List.of(
                "sessionVariables=sql_mode='ORACLE'", // takes no compound statement
                "sessionVariables=completion_type=1", // begins a transaction after each
                "useServerPrepStmts=true")) {
            String url = database.url(directory);
            try (HikariDataSource pool = pool(url + (url.contains("?") ? "&" : "?") + settings);
                    JdbcAttributionStore own =
                            JdbcAttributionStore.builder(pool).build()) {
                for (int length : LENGTHS) {
                    List<Settlement> list = credits(length);
                    assertThat(own.conversions().append(list)).allMatch(Appended.class::isInstance);
                    assertThat(isInNoTransaction(pool)).as(settings).isTrue();
                    assertThat(stored(list)).hasSize(length);
                    List<Settlement> again = credits(length);
                    own.conversions().append(List.of(Given.credit(click(again.get(0)), 1)));
                    assertThat(own.conversions().append(again))
                            .last()
                            .isInstanceOf(length > 1 ? Appended.class : Stale.class);
                    assertThat(isInNoTransaction(pool)).as(settings).isTrue();
                    assertThat(stored(again)).hasSize(length - 1);
                }
            }
        }
    }

    @Test
    void aPoolWithoutAutoCommitGetsItsConnectionsBackOutsideOfATransaction() throws SQLException {
        for (int length : LENGTHS) {
            HikariConfig config = config(database.url(directory));
            config.setAutoCommit(false);
            try (HikariDataSource pool = new HikariDataSource(config);
                    JdbcAttributionStore own = JdbcAttributionStore.builder(pool)
                            .switchAutoCommitOn()
                            .build()) {
                List<Settlement> list = credits(length);
                own.conversions().append(list.subList(0, 1));
                assertThat(own.conversions().append(list)).first().isInstanceOf(Known.class);
                try (Connection host = pool.getConnection()) {
                    assertThat(host.getAutoCommit()).isFalse();
                    host.rollback();
                }
                assertThat(stored(list)).hasSize(length);
            }
        }
    }

    private static HikariDataSource pool(String url) {
        return new HikariDataSource(config(url));
    }

    private static HikariConfig config(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(1);
        return config;
    }

    private boolean isInNoTransaction(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            if (!connection.getAutoCommit() || database != TestDatabase.MARIADB) {
                return connection.getAutoCommit();
            }
            try (ResultSet row = statement.executeQuery("select @@in_transaction")) {
                row.next();
                return row.getInt(1) == 0;
            }
        }
    }

    private static List<Settlement> credits(int length) {
        // in the order in which they are written, the last one last
        String run = UUID.randomUUID().toString();
        return IntStream.range(0, length)
                .mapToObj(i -> Given.click("offer", String.format(Locale.ROOT, "%s-%03d", run, i), Given.NOON))
                .sorted(Comparator.comparing(Click::memberScope))
                .map(click -> click.memberId().endsWith("0") ? Given.credit(click, 1) : Given.soleCredit(click))
                .toList();
    }

    private static List<Settlement> duplicates(int length) {
        return Stream.generate(() -> Given.duplicate(Given.click(), Given.conversionOf(Given.credit(Given.click(), 1))))
                .limit(length)
                .toList();
    }

    private static Click click(Settlement settlement) {
        Conversion conversion = Given.conversionOf(settlement);
        return new Click(
                conversion.clickId(), conversion.offerId(), conversion.memberId(), Given.NOON, ClickContext.empty());
    }

    private List<Conversion> stored(List<Settlement> list) {
        return List.copyOf(store.conversions()
                .findConversions(list.stream()
                        .map(settlement -> Given.conversionOf(settlement).conversionId())
                        .toList())
                .values());
    }
}
