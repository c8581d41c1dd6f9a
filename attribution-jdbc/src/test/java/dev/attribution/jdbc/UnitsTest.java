package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.conversion.Conversion;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AppendResult.Appended;
import dev.attribution.spi.AppendResult.Known;
import dev.attribution.spi.AppendResult.Stale;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.Race;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
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
                "sessionVariables=sql_mode='ORACLE'", // has a syntax of its own for blocks
                "sessionVariables=completion_type=1", // begins a transaction after each
                "sessionVariables=completion_type=2", // ends the connection after each
                "useServerPrepStmts=true",
                "useBulkStmts=true",
                "useBulkStmtsForInserts=false",
                "disablePipeline=true")) {
            String url = database.url(directory);
            try (HikariDataSource pool = pool(url + (url.contains("?") ? "&" : "?") + settings);
                    JdbcAttributionStore own =
                            JdbcAttributionStore.builder(pool).build()) {
                for (int length : LENGTHS) {
                    List<Settlement> list = credits(length);
                    int connection = answer(pool, "select connection_id()");
                    assertThat(own.conversions().append(list)).allMatch(Appended.class::isInstance);
                    if (length <= 15) { // committed by one statement
                        assertThat(answer(pool, "select connection_id()"))
                                .as(settings)
                                .isEqualTo(connection);
                    }
                    assertThat(isInNoTransaction(pool)).as(settings).isTrue();
                    assertThat(stored(list)).hasSize(length);
                    List<Settlement> again = credits(length);
                    own.conversions().append(List.of(Given.credit(click(again.get(0)), 1)));
                    connection = answer(pool, "select connection_id()");
                    assertThat(own.conversions().append(again))
                            .last()
                            .isInstanceOf(length > 1 ? Appended.class : Stale.class);
                    if (length == 1) { // undone by one statement, and then only read
                        assertThat(answer(pool, "select connection_id()"))
                                .as(settings)
                                .isEqualTo(connection);
                    }
                    assertThat(isInNoTransaction(pool)).as(settings).isTrue();
                    assertThat(stored(again)).hasSize(length - 1);
                    assertThatListsOfClicksAreOneInsert(own, pool, length);
                }
            }
        }
    }

    private void assertThatListsOfClicksAreOneInsert(JdbcAttributionStore own, HikariDataSource pool, int length)
            throws SQLException {
        List<Click> clicks = Stream.generate(Given::click).limit(length).toList();
        int before = answer(pool, "show session status like 'Com_insert'");
        own.clicks().insert(clicks);
        assertThat(answer(pool, "show session status like 'Com_insert'")).isEqualTo(before + 1);
        own.clicks().insert(clicks); // as by an import that is run again
        assertThat(store.clicks().find(clicks.stream().map(Click::clickId).toList()))
                .hasSize(length);
    }

    private static int answer(HikariDataSource pool, String query) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(row.getMetaData().getColumnCount());
        }
    }

    @Test
    void aServerThatTakesNoCompoundStatementIsReportedOnce() {
        assumeTrue(database == TestDatabase.MARIADB, "only MariaDB takes them");
        List<LogRecord> warnings = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (entry.getLevel().equals(Level.WARNING)
                        && entry.getLoggerName().startsWith("dev.attribution")) {
                    warnings.add(entry);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Recorder recorder = new Recorder();
        JdbcAttributionStore own =
                JdbcAttributionStore.builder(recorder.over(store.dataSource())).build();
        recorder.beforeEach = sql -> {
            if (sql.contains("begin not atomic")) {
                recorder.insteadOfExecuting.set(new SQLException("syntax", "42000", 1064));
            }
        };
        Logger root = Logger.getLogger("");
        Level before = root.getLevel();
        root.setLevel(Level.WARNING);
        root.addHandler(handler);
        try {
            for (int i = 0; i < 2; i++) {
                List<Settlement> list = credits(2);
                assertThat(own.conversions().append(list)).allMatch(Appended.class::isInstance);
                assertThat(stored(list)).hasSize(2);
            }
        } finally {
            root.removeHandler(handler);
            root.setLevel(before);
        }
        assertThat(recorder.told)
                .filteredOn(sql -> sql.contains("begin not atomic"))
                .hasSize(1);
        assertThat(warnings)
                .extracting(LogRecord::getMessage)
                .singleElement()
                .asString()
                .contains("proxy", "1064");
    }

    @Test
    void ofTwoListsThatWaitForEachOtherOneIsRepeated() throws Exception {
        assumeTrue(database == TestDatabase.MARIADB, "two compound statements of MariaDB");
        HikariDataSource pool = (HikariDataSource) store.dataSource();
        String deadlocks = "show global status like 'Innodb_deadlocks'";
        int before = answer(pool, deadlocks);
        while (answer(pool, deadlocks) == before) {
            List<UUID> attempts =
                    new ArrayList<>(Stream.generate(UUID::randomUUID).limit(15).toList());
            List<Settlement> one = rejections(attempts);
            Collections.reverse(attempts); // written in the order of the clicks, which differ
            List<Settlement> other = rejections(attempts);

            List<List<AppendResult>> results =
                    Race.run(2, i -> store.conversions().append(i == 0 ? one : other));

            for (int i = 0; i < 15; i++) {
                assertThat(List.of(results.get(0).get(i), results.get(1).get(14 - i)))
                        .hasAtLeastOneElementOfType(Appended.class)
                        .hasAtLeastOneElementOfType(Known.class);
            }
        }
    }

    private static List<Settlement> rejections(List<UUID> attempts) {
        return attempts.stream()
                .map(attempt -> Given.entryOnly(Given.entry(attempt, Given.click(), Given.NOON)
                        .outcome(Kind.REJECTED, Reason.OUTSIDE_WINDOW)
                        .build()))
                .toList();
    }

    @Test
    void nothingIsCommittedWithTheNextWorkIfARollbackEndsWithAnError() {
        assumeTrue(database != TestDatabase.POSTGRESQL, "a list is one statement there");
        for (int length : LENGTHS) {
            if (database == TestDatabase.MARIADB && length > 15) {
                continue; // undone to a savepoint
            }
            Recorder recorder = new Recorder();
            try (HikariDataSource pool = pool(database.url(directory));
                    JdbcAttributionStore own =
                            JdbcAttributionStore.builder(recorder.over(pool)).build()) {
                List<Settlement> list = credits(length);
                own.conversions().append(List.of(Given.credit(click(list.get(length - 1)), 1)));
                recorder.beforeRollback = () -> {
                    throw new StackOverflowError("thrown by the test");
                };
                assertThatThrownBy(() -> own.conversions().append(list)).isInstanceOf(StackOverflowError.class);
                recorder.beforeRollback = () -> {};
                assertThat(own.conversions().append(credits(2))).allMatch(Appended.class::isInstance);
                assertThat(own.conversions().append(list)).noneMatch(Known.class::isInstance);
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
