package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.behaviour.Engine;
import dev.attribution.behaviour.Servers;
import dev.attribution.click.Click;
import dev.attribution.click.ClickRequest;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.ReportRepository;
import dev.attribution.testkit.Race;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of servers, drivers, pools and poolers that docs/schema.md lists: each works, or is refused with its cause. */
class DeploymentTest {
    @TempDir
    Path directory;

    /** Clicks and postbacks, single, in lists and at the same time, their replays, and reports. */
    private static void everythingWorks(JdbcAttributionStore store) throws Exception {
        Attribution attribution = Attribution.builder(store).build();
        String offer = "offer-" + UUID.randomUUID();
        attribution
                .offers()
                .put(Offer.builder(offer)
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
        List<String> postbacks = new ArrayList<>(Race.run(
                8,
                i -> "gk_click_id="
                        + attribution.click(ClickRequest.of(offer, "m😀" + i)).clickId() + "&event_id=e"));
        List<Click> clicks = IntStream.range(0, 20)
                .mapToObj(i -> Given.click(offer, "n" + i, Given.NOON))
                .toList();
        attribution.importClicks(clicks);
        attribution.importClicks(clicks); // as after a fault
        clicks.forEach(click -> postbacks.add("gk_click_id=" + click.clickId() + "&transaction_id=t"));
        List<PostbackOutcome> raced = Race.run(8, i -> attribution.postback(postbacks.get(i)));
        assertThat(raced).allSatisfy(outcome -> assertThat(outcome.kind()).isEqualTo(Kind.ATTRIBUTED));
        assertThat(attribution.postbacks(postbacks.subList(8, 28)))
                .allSatisfy(outcome -> assertThat(outcome.kind()).isEqualTo(Kind.ATTRIBUTED));
        assertThat(attribution.postbacks(postbacks))
                .allSatisfy(outcome -> assertThat(outcome.kind()).isEqualTo(Kind.DUPLICATE));
        List<Click> copied = IntStream.range(0, 80)
                .mapToObj(i -> Given.click("another " + offer, "n" + i, Given.NOON))
                .toList();
        attribution.importClicks(copied);
        assertThat(store.clicks()
                        .find(copied.stream().map(Click::clickId).toList())
                        .values())
                .containsExactlyInAnyOrderElementsOf(copied);
        assertThat(attribution.postback(""))
                .satisfies(outcome -> assertThat(outcome.kind()).isEqualTo(Kind.UNATTRIBUTED));
        ReportFilter filter = ReportFilter.builder().offerId(offer).build();
        assertThat(attribution.reports().conversions(filter, 50).rows()).hasSize(28);
        assertThat(attribution.reports().history(filter, 100).rows()).hasSize(56);
        LocalDate today = LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC);
        assertThat(attribution.reports().summary(today, today, ZoneOffset.UTC)).isNotEmpty();
    }

    private static HikariDataSource pool(String url, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setInitializationFailTimeout(60_000); // a pooler that was just started may not listen yet
        return new HikariDataSource(config);
    }

    private String postgres(String parameters) {
        return TestDatabase.POSTGRESQL.url(directory) + parameters;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&preferQueryMode=simple",
                "&prepareThreshold=0",
                "&preferQueryMode=extendedForPrepared",
                "&binaryTransfer=false"
            })
    void everyQueryModeOfPostgresWorks(String mode) throws Exception {
        try (JdbcAttributionStore store = JdbcAttributionStore.open(postgres(mode))) {
            everythingWorks(store);
        }
    }

    @Test
    void arraysWithoutNullsAreRefused() {
        String url = postgres("&options=-c%20array_nulls=off");
        assertThatThrownBy(() -> JdbcAttributionStore.open(url))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("array_nulls=off");
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aPoolOfOneConnectionWorks(TestDatabase database) throws Exception {
        try (HikariDataSource pool = pool(database.url(directory), 1)) {
            everythingWorks(JdbcAttributionStore.builder(pool).build());
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aPoolWithoutAutoCommitWorksWhereTheStoreSwitchesItOn(TestDatabase database) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url(directory));
        config.setAutoCommit(false);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            assertThatThrownBy(() -> JdbcAttributionStore.builder(pool).build())
                    .hasMessageContaining("switchAutoCommitOn()");
            JdbcAttributionStore store =
                    JdbcAttributionStore.builder(pool).switchAutoCommitOn().build();
            everythingWorks(store);
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getAutoCommit()).isFalse();
                Attribution joined = Attribution.builder(store).build().on(store.joining(connection));
                joined.offers()
                        .put(Offer.builder("joined")
                                .trackingLink("https://e.com?c={gk_click_id}")
                                .build());
                connection.rollback();
            }
            assertThat(store.offers().find(List.of("joined"))).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void twoPrefixesSideBySideAreTwoStores(TestDatabase database) throws Exception {
        try (HikariDataSource pool = pool(database.url(directory), 4)) {
            JdbcAttributionStore one =
                    JdbcAttributionStore.builder(pool).tablePrefix("one_").build();
            JdbcAttributionStore two =
                    JdbcAttributionStore.builder(pool).tablePrefix("two_").build();
            everythingWorks(one);
            everythingWorks(two);
            assertThat(one.reports().orElseThrow().conversions(ReportFilter.all(), null, 100))
                    .hasSize(28);
        }
    }

    @Test
    void aReadOnlySessionIsRefusedWithItsCause() {
        String url = postgres("&options=-c%20default_transaction_read_only=on");
        assertThatThrownBy(() -> JdbcAttributionStore.open(url))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("could not be created")
                .hasMessageContaining("25006")
                .hasRootCauseInstanceOf(SQLException.class);
    }

    @Test
    void aMissingSchemaIsNamedAsTheCause() {
        String url = postgres("");
        assertThatThrownBy(() -> JdbcAttributionStore.builder(pool(url, 1))
                        .schemaName("nowhere")
                        .build())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("could not be created")
                .rootCause()
                .hasMessageContaining("nowhere");
    }

    /** What a copy of the table in front of the search path would take part in, if statements did not name the schema. */
    @Test
    void aTableThatAppearsInFrontOfTheSearchPathChangesNothing() throws Exception {
        String url = postgres("");
        String schema = url.replaceFirst(".*currentSchema=", "");
        String front = schema + "_front";
        execute(url, "create schema " + front);
        try (HikariDataSource creating = pool(url, 1)) {
            JdbcAttributionStore.builder(creating).build();
        }
        try (HikariDataSource pool = pool(url.replace(schema, front + "," + schema), 4)) {
            JdbcAttributionStore store = JdbcAttributionStore.builder(pool).build();
            Attribution attribution = Attribution.builder(store).build();
            attribution
                    .offers()
                    .put(Offer.builder("o")
                            .trackingLink("https://e.com?c={gk_click_id}")
                            .build());
            String postback = "gk_click_id="
                    + attribution.click(ClickRequest.of("o", "m")).clickId();
            assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
            execute(url, "create table " + front + ".attribution_conversion (like attribution_conversion)");
            assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.DUPLICATE);
            try (Connection connection = DriverManager.getConnection(pool.getJdbcUrl())) {
                connection.setAutoCommit(false);
                assertThat(attribution
                                .on(store.joining(connection))
                                .postback(postback)
                                .kind())
                        .isEqualTo(Kind.DUPLICATE);
            }
        }
    }

    @Test
    void aDatabaseThatCannotHoldEveryTextIsRefused() throws SQLException {
        String latin = "latin" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = Servers.POSTGRESQL.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create database " + latin + " encoding 'LATIN1' template template0 lc_collate 'C' lc_ctype 'C'");
        }
        String url = Servers.POSTGRESQL.pool().getJdbcUrl().replaceFirst("(?<=[^/]/)\\w+(?=$|\\?)", latin);
        assertThatThrownBy(() -> JdbcAttributionStore.open(url))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("UTF8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set character set utf8",
                "set character_set_results = latin1",
                "set names latin1",
                "set names utf8"
            })
    void aConnectionThatChangesTextsIsRefused(String statement) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestDatabase.MARIADB.url(directory));
        config.setConnectionInitSql(statement);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            assertThatThrownBy(() -> JdbcAttributionStore.builder(pool).build())
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("utf8mb4");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "STRICT_ALL_TABLES",
                "ANSI",
                "TRADITIONAL",
                "ORACLE",
                "NO_BACKSLASH_ESCAPES",
                "ANSI_QUOTES",
                "PAD_CHAR_TO_FULL_LENGTH"
            })
    void modesOfMariaDbWorkOrAreRefused(String mode) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestDatabase.MARIADB.url(directory));
        config.setConnectionInitSql("set sql_mode = '" + mode + "'");
        try (HikariDataSource pool = new HikariDataSource(config)) {
            everythingWorks(JdbcAttributionStore.builder(pool).build());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "useBulkStmts=false",
                "useBulkStmtsForInserts=false",
                "disablePipeline=true",
                "useServerPrepStmts=true",
                "sessionVariables=completion_type=1",
                "sessionVariables=completion_type=2"
            })
    void settingsOfConnectionsToMariaDbWork(String setting) throws Exception {
        String url = TestDatabase.MARIADB.url(directory);
        try (JdbcAttributionStore store = JdbcAttributionStore.open(url + (url.contains("?") ? "&" : "?") + setting)) {
            everythingWorks(store);
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void connectionsThatReadWhatIsNotCommittedAreRefused(TestDatabase database) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url(directory));
        config.setTransactionIsolation("TRANSACTION_READ_UNCOMMITTED");
        try (HikariDataSource pool = new HikariDataSource(config)) {
            if (database == TestDatabase.POSTGRESQL) { // reads what is committed at that level, too
                everythingWorks(JdbcAttributionStore.builder(pool).build());
                return;
            }
            assertThatThrownBy(() -> JdbcAttributionStore.builder(pool).build())
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("READ UNCOMMITTED");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "REGULAR",
                "STRICT",
                "LEGACY",
                "DB2",
                "Derby",
                "HSQLDB",
                "MSSQLServer",
                "MariaDB",
                "MySQL",
                "PostgreSQL"
            })
    void modesOfH2Work(String mode) throws Exception {
        Engine.require(TestDatabase.H2_MEMORY);
        try (JdbcAttributionStore store =
                JdbcAttributionStore.open("jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=" + mode)) {
            everythingWorks(store);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MODE=Oracle", "OLD_INFORMATION_SCHEMA=TRUE", "IGNORECASE=TRUE"})
    void settingsOfH2UnderWhichNothingWorksAreRefused(String setting) {
        Engine.require(TestDatabase.H2_MEMORY);
        assertThatThrownBy(() -> JdbcAttributionStore.open("jdbc:h2:mem:" + UUID.randomUUID() + ";" + setting))
                .isInstanceOf(StorageException.class)
                .hasMessageMatching("(?s).*(MODE=Oracle|OLD_INFORMATION_SCHEMA|exact comparison).*");
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aColumnThatIsAddedWhileTheStoreRunsDoesNoHarm(TestDatabase database) throws Exception {
        try (JdbcAttributionStore store = JdbcAttributionStore.open(database.url(directory))) {
            everythingWorks(store);
            execute(database.url(directory), "alter table attribution_conversion add column host_note varchar(40)");
            execute(database.url(directory), "alter table attribution_click add column host_note varchar(40)");
            everythingWorks(store);
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aConstraintOfTheHostThatRefusesARowLeavesNoRowInTheMessages(TestDatabase database) throws Exception {
        try (JdbcAttributionStore store = JdbcAttributionStore.open(database.url(directory))) {
            execute(
                    database.url(directory),
                    "alter table attribution_click add constraint host_rule check (member_id <> 'secret-member')");
            Attribution attribution = Attribution.builder(store).build();
            attribution
                    .offers()
                    .put(Offer.builder("o")
                            .trackingLink("https://e.com?c={gk_click_id}")
                            .build());
            assertThatThrownBy(() -> attribution.click(ClickRequest.of("o", "secret-member")))
                    .isInstanceOf(StorageException.class)
                    .satisfies(fault -> {
                        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
                            assertThat(cause.toString()).doesNotContain("secret-member");
                        }
                    })
                    .rootCause()
                    .message()
                    .containsIgnoringCase("host_rule");
        }
    }

    @Test
    void aHandlerThatCallsTheStoreOutsideItsTransactionHearsOfIt() throws Exception {
        Engine.require(TestDatabase.H2_MEMORY);
        List<Attribution> self = new ArrayList<>();
        try (JdbcAttributionStore tables = JdbcAttributionStore.open("jdbc:h2:mem:" + UUID.randomUUID())) {
            JdbcAttributionStore store = JdbcAttributionStore.builder(tables.dataSource())
                    .onCredit((conversion, connection) -> self.get(0).postback("gk_click_id=" + conversion.clickId()))
                    .build();
            self.add(Attribution.builder(store).build());
            self.get(0)
                    .offers()
                    .put(Offer.builder("o")
                            .trackingLink("https://e.com?c={gk_click_id}")
                            .build());
            String postback = "gk_click_id="
                    + self.get(0).click(ClickRequest.of("o", "m")).clickId();
            assertThatThrownBy(() -> self.get(0).postback(postback))
                    .isInstanceOf(AttributionException.class)
                    .hasMessageContaining("store.joining(connection)");
            assertThat(store.reports().orElseThrow().history(ReportFilter.all(), null, 10))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void theStoresOwnPoolHidesThePasswordAndLimitsItsWaiting(TestDatabase database) {
        boolean h2 = database == TestDatabase.H2_FILE || database == TestDatabase.H2_MEMORY;
        String url = database.url(directory) + (h2 ? ";USER=sa;Password=secret" : "");
        try (JdbcAttributionStore store = JdbcAttributionStore.open(url)) {
            HikariDataSource pool = (HikariDataSource) store.dataSource();
            if (h2) {
                assertThat(pool.getJdbcUrl()).doesNotContain("secret").doesNotContainIgnoringCase("password");
                assertThat(pool.getUsername()).isEqualTo("sa");
            } else {
                assertThat(pool.getDataSourceProperties().getProperty("socketTimeout"))
                        .isEqualTo(database == TestDatabase.POSTGRESQL ? "60" : "60000");
            }
        }
        if (!h2) {
            try (JdbcAttributionStore store =
                    JdbcAttributionStore.open(url + (url.contains("?") ? "&" : "?") + "socketTimeout=70000")) {
                assertThat(((HikariDataSource) store.dataSource()).getDataSourceProperties())
                        .doesNotContainKey("socketTimeout");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void textsThatCannotBeStoredFindNothing(TestDatabase database) {
        try (JdbcAttributionStore store = JdbcAttributionStore.open(database.url(directory))) {
            Attribution attribution = Attribution.builder(store).build();
            attribution.postback("gk_click_id=%3F");
            ReportRepository reports = store.reports().orElseThrow();
            for (String text : List.of("\0", "a\0", "\ud83d")) {
                ReportFilter received = ReportFilter.builder().clickId(text).build();
                assertThat(reports.history(received, null, 10)).isEmpty();
                assertThat(attribution.reports().clicks(received, 10).rows()).isEmpty();
                assertThat(attribution.reports().conversions(received, 10).rows())
                        .isEmpty();
                assertThat(attribution.reports().history(received, 10).rows()).isEmpty();
                for (ReportFilter filter : List.of(
                        ReportFilter.builder().offerId(text).build(),
                        ReportFilter.builder().memberId(text).build(),
                        ReportFilter.builder().eventId(text).build())) {
                    assertThat(reports.clicks(filter, null, 10)).isEmpty();
                    assertThat(reports.conversions(filter, null, 10)).isEmpty();
                    assertThat(reports.history(filter, null, 10)).isEmpty();
                    assertThat(attribution.reports().conversions(filter, 10).rows())
                            .isEmpty();
                    assertThat(attribution.reports().history(filter, 10).rows()).isEmpty();
                }
                assertThat(store.offers().find(List.of(text))).isEmpty();
            }
        }
    }

    /** Version 1.18 of Debian knows no prepared statements in this mode. */
    @Test
    void pgBouncerInTransactionModeWorksWithoutPreparedStatements() throws Exception {
        String url = postgres("");
        execute(url, "select 1");
        try (PgBouncer pooler = PgBouncer.start(directory, url);
                HikariDataSource pool = pool(pooler.url() + "&prepareThreshold=0", 16)) {
            everythingWorks(JdbcAttributionStore.builder(pool)
                    .schemaName(url.replaceFirst(".*currentSchema=", ""))
                    .build());
        }
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
