package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.TransactionMisuseException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickRequest;
import dev.attribution.jdbc.internal.dialect.H2Dialect;
import dev.attribution.jdbc.internal.dialect.H2Url;
import dev.attribution.offer.Offer;
import dev.attribution.testkit.Race;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolTest {
    @TempDir
    Path directory;

    @Test
    void refusesADataSourceThatHandsOutConnectionsWithoutAutoCommit() {
        TestPool pool = new TestPool(TestDatabase.H2_FILE.url(directory));
        pool.autoCommit = false;
        assertThatThrownBy(() -> JdbcAttributionStore.builder(pool).build())
                .isInstanceOf(TransactionMisuseException.class)
                .hasMessageContaining("autoCommit=true")
                .hasMessageContaining("joining()");
    }

    @Test
    void looksAtEveryConnectionThatItIsHanded() {
        TestPool pool = new TestPool(TestDatabase.H2_FILE.url(directory));
        Click click = Given.click();
        try (JdbcAttributionStore store = JdbcAttributionStore.builder(pool).build()) {
            pool.autoCommit = false;
            assertThatThrownBy(() -> store.clicks().insert(List.of(click)))
                    .isInstanceOf(TransactionMisuseException.class)
                    .hasMessageContaining("autoCommit=true");
            assertThatThrownBy(() -> store.clicks().find(List.of(click.clickId())))
                    .isInstanceOf(TransactionMisuseException.class);
            pool.autoCommit = true;
            assertThat(store.clicks().find(List.of(click.clickId()))).isEmpty();
            store.clicks().insert(List.of(click));
            assertThat(store.clicks().find(List.of(click.clickId()))).containsValue(click);
        }
    }

    @Test
    void worksAtReadCommittedAndGivesAConnectionItsIsolationBack() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestDatabase.H2_MEMORY.url(directory));
        config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
        config.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(config);
                JdbcAttributionStore store = JdbcAttributionStore.builder(pool).build()) {
            store.clicks().insert(List.of(Given.click()));
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            }
        }
    }

    @Test
    void leavesTheNextTransactionOfAMariaDbConnectionItsIsolation() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestDatabase.MARIADB.url(directory));
        config.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(config);
                JdbcAttributionStore store = JdbcAttributionStore.builder(pool).build()) {
            Click stored = Given.click();
            Click other =
                    new Click(stored.clickId(), stored.offerId(), "another", stored.clickedAt(), stored.context());
            store.clicks().insert(List.of(stored));
            assertThatThrownBy(() -> store.clicks().insert(List.of(other, Given.click())))
                    .isInstanceOf(AttributionException.class);
            try (Connection host = pool.getConnection();
                    Statement statement = host.createStatement()) {
                host.setAutoCommit(false);
                statement.execute("insert into attribution_offer (offer_id, tracking_link, schemes, literals,"
                        + " minimum_delay_micros, accepted_events, accepted_callers, transaction_id_required)"
                        + " values ('o', 'x', '[]', '[]', 0, '[]', '[]', false)");
                try (ResultSet transaction =
                        statement.executeQuery("select trx_isolation_level from information_schema.innodb_trx"
                                + " where trx_mysql_thread_id = connection_id()")) {
                    transaction.next();
                    assertThat(transaction.getString(1)).isEqualTo("REPEATABLE READ");
                }
                host.rollback();
            }
        }
    }

    @Test
    void answersEveryCallerThatWaitsWhileItIsClosed() throws Exception {
        for (TestDatabase database : TestDatabase.values()) {
            JdbcAttributionStore store = JdbcAttributionStore.open(database.url(directory));
            Attribution attribution = Attribution.builder(store).build();
            attribution
                    .offers()
                    .put(Offer.builder("o")
                            .trackingLink("https://example.com?c={gk_click_id}")
                            .build());
            AtomicInteger written = new AtomicInteger();
            List<Boolean> ended = Race.run(17, thread -> {
                if (thread == 0) {
                    while (written.get() < 100) {
                        Thread.onSpinWait();
                    }
                    store.close();
                    return true;
                }
                try {
                    while (true) {
                        attribution.click(ClickRequest.of("o", "m"));
                        written.incrementAndGet();
                    }
                } catch (StorageException e) {
                    return true;
                }
            });
            assertThat(ended).hasSize(17).doesNotContain(false);
        }
    }

    @Test
    void leavesTheHostsPoolOpenAndClosesItsOwn() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestDatabase.H2_MEMORY.url(directory));
        try (HikariDataSource pool = new HikariDataSource(config)) {
            JdbcAttributionStore.builder(pool).build().close();
            assertThat(pool.isClosed()).isFalse();
        }
        String url = TestDatabase.H2_FILE.url(directory);
        JdbcAttributionStore own = JdbcAttributionStore.open(url);
        own.close();
        own.close();
        try (Connection connection = DriverManager.getConnection(url);
                ResultSet sessions =
                        connection.createStatement().executeQuery("select count(*) from information_schema.sessions")) {
            sessions.next();
            assertThat(sessions.getInt(1)).isEqualTo(1);
        }
    }

    @Test
    void aDatabaseInMemoryLastsAsLongAsTheStore() {
        String url = TestDatabase.H2_MEMORY.url(directory);
        Click click = Given.click();
        try (JdbcAttributionStore store = JdbcAttributionStore.open(url)) {
            store.clicks().insert(List.of(click));
            try (JdbcAttributionStore same = JdbcAttributionStore.open(url)) {
                assertThat(same.clicks().find(List.of(click.clickId()))).containsValue(click);
            }
        }
        try (JdbcAttributionStore next = JdbcAttributionStore.open(url)) {
            assertThat(next.clicks().find(List.of(click.clickId()))).isEmpty();
        }
    }

    @Test
    void opensWithUserAndPassword() {
        String url = TestDatabase.H2_FILE.url(directory);
        JdbcAttributionStore.open(url, "owner", "secret").close();
        JdbcAttributionStore.open(url, "owner", "secret").close();
        assertThatThrownBy(() -> JdbcAttributionStore.open(url, "owner", "wrong"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("check URL, user and password")
                .hasMessageNotContaining("wrong");
    }

    @Test
    void refusesADatabaseInMemoryWithoutAName() {
        for (String url : List.of("jdbc:h2:mem:", "jdbc:h2:mem:;DB_CLOSE_DELAY=-1")) {
            assertThatThrownBy(() -> JdbcAttributionStore.open(url))
                    .isInstanceOf(AttributionException.class)
                    .hasMessageContaining("jdbc:h2:mem:attribution");
        }
    }

    @Test
    void saysWhichDriverIsMissing() {
        assertThatThrownBy(() -> JdbcAttributionStore.open("jdbc:oracle:thin:@localhost"))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("jdbc:h2:")
                .hasMessageContaining("jdbc:postgresql:")
                .hasMessageContaining("jdbc:mariadb:");
    }

    @Test
    void writesBeforeItAnswersWhereItOpensAFileItself() throws SQLException {
        String url = TestDatabase.H2_FILE.url(directory);
        try (JdbcAttributionStore store = JdbcAttributionStore.open(url);
                Connection connection = DriverManager.getConnection(url)) {
            assertThat(new H2Dialect().prepare(connection)).isEmpty();
            store.clicks().insert(List.of(Given.click()));
        }
    }

    @Test
    void warnsOfAHostsFileThatIsAnsweredForBeforeItIsWritten() throws SQLException {
        try (Connection file = DriverManager.getConnection(TestDatabase.H2_FILE.url(directory));
                Connection memory = DriverManager.getConnection(TestDatabase.H2_MEMORY.url(directory))) {
            assertThat(new H2Dialect().prepare(file))
                    .hasValueSatisfying(problem -> assertThat(problem).contains("WRITE_DELAY=0"));
            assertThat(new H2Dialect().prepare(memory)).isEmpty();
            file.createStatement().execute("set write_delay 0");
            assertThat(new H2Dialect().prepare(file)).isEmpty();
        }
    }

    @Test
    void warnsOfAHostsFileThatAnInterruptCloses() throws SQLException {
        try (Connection file = DriverManager.getConnection(
                "jdbc:h2:" + directory.toAbsolutePath().resolve("plain") + ";WRITE_DELAY=0")) {
            assertThat(new H2Dialect().prepare(file))
                    .hasValueSatisfying(problem -> assertThat(problem).contains("jdbc:h2:async:"));
        }
    }

    @Test
    void setsTheWriteDelayOfFilesUnlessTheUrlDoesAndProtectsThemFromInterrupts() {
        assertThat(H2Url.durable("jdbc:h2:./a")).isEqualTo("jdbc:h2:async:./a;WRITE_DELAY=0;OPTIMIZE_REUSE_RESULTS=0");
        assertThat(H2Url.durable("jdbc:h2:file:~/a"))
                .isEqualTo("jdbc:h2:async:~/a;WRITE_DELAY=0;OPTIMIZE_REUSE_RESULTS=0");
        assertThat(H2Url.durable("jdbc:h2:C:/a"))
                .isEqualTo("jdbc:h2:async:C:/a;WRITE_DELAY=0;OPTIMIZE_REUSE_RESULTS=0");
        assertThat(H2Url.durable("jdbc:h2:split:./a"))
                .isEqualTo("jdbc:h2:split:./a;WRITE_DELAY=0;OPTIMIZE_REUSE_RESULTS=0");
        assertThat(H2Url.durable("jdbc:h2:tcp://localhost/./a;IFEXISTS=TRUE"))
                .isEqualTo("jdbc:h2:tcp://localhost/./a;IFEXISTS=TRUE;WRITE_DELAY=0;OPTIMIZE_REUSE_RESULTS=0");
        assertThat(H2Url.durable("jdbc:h2:./a;write_delay=100"))
                .isEqualTo("jdbc:h2:async:./a;write_delay=100;OPTIMIZE_REUSE_RESULTS=0");
        assertThat(H2Url.durable("jdbc:h2:mem:a")).isEqualTo("jdbc:h2:mem:a;OPTIMIZE_REUSE_RESULTS=0");
    }

    @Test
    void needsNoHikariCpOnAHostsPool() throws Exception {
        try (URLClassLoader host = classPathWithout(entry -> entry.contains("HikariCP"))) {
            assertThat(openIn(host, "onHostsPool")).isEqualTo("stored");
        }
    }

    @Test
    void saysThatItNeedsHikariCpForAPoolOfItsOwn() throws Exception {
        try (URLClassLoader host = classPathWithout(entry -> entry.contains("HikariCP"))) {
            assertThat(openIn(host, "byUrl")).contains("com.zaxxer:HikariCP");
        }
    }

    @Test
    void namesAnotherClassThatIsMissing() throws Exception {
        try (URLClassLoader host = classPathWithout(entry -> entry.contains("geantyref"))) {
            assertThat(openIn(host, "byUrl")).contains("io.leangen.geantyref").doesNotContain("HikariCP");
        }
    }

    @Test
    void needsNoDriverOfItsOwnClassLoader() throws Exception {
        DataSource pool = new TestPool(TestDatabase.POSTGRESQL.url(directory)); // with the driver of this one
        try (URLClassLoader host = classPathWithout(entry -> entry.matches(".*[/\\\\]postgresql-[\\d.]+\\.jar"))) {
            assertThat(host.loadClass(WithoutHikari.class.getName())
                            .getMethod("aLongList", DataSource.class)
                            .invoke(null, pool))
                    .isEqualTo(100);
        }
    }

    private static URLClassLoader classPathWithout(Predicate<String> left) throws IOException {
        URL[] urls = Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(left.negate())
                .map(PoolTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private String openIn(ClassLoader host, String method) throws ReflectiveOperationException {
        try {
            return (String) host.loadClass(WithoutHikari.class.getName())
                    .getMethod(method, String.class)
                    .invoke(null, TestDatabase.H2_FILE.url(directory));
        } catch (InvocationTargetException e) {
            return e.getCause().getMessage();
        }
    }

    /** What a host does that has no HikariCP. */
    public static final class WithoutHikari {
        static {
            try {
                Class.forName("org.h2.Driver"); // which registers itself for this class loader
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }

        private WithoutHikari() {}

        public static String onHostsPool(String url) {
            try (JdbcAttributionStore store =
                    JdbcAttributionStore.builder(new TestPool(url)).build()) {
                Click click = Given.click();
                store.clicks().insert(List.of(click));
                return store.clicks().find(List.of(click.clickId())).containsValue(click) ? "stored" : "lost";
            }
        }

        public static int aLongList(DataSource pool) {
            try (JdbcAttributionStore store = JdbcAttributionStore.builder(pool).build()) {
                List<Click> clicks = Stream.generate(Given::click).limit(100).toList();
                store.clicks().insert(clicks);
                return store.clicks()
                        .find(clicks.stream().map(Click::clickId).toList())
                        .size();
            }
        }

        public static String byUrl(String url) {
            JdbcAttributionStore.open(url).close();
            return "opened";
        }
    }
}
