package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.behaviour.Servers;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a store that cannot be opened. */
class OpeningTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "H2, 2, 2",
        "H2, 1, 4",
        "PostgreSQL, 12, 22",
        "PostgreSQL, 9, 6",
        "MariaDB, 10, 5",
        "MariaDB, 5, 5",
        "MySQL, 8, 4",
        "Oracle, 23, 0",
        "Microsoft SQL Server, 16, 0"
    })
    void refusesADatabaseThatIsUnknownOrTooOldAndListsTheOthers(String product, int major, int minor) {
        TestPool real = new TestPool(TestDatabase.H2_MEMORY.url(directory));
        Map<String, Object> answers = Map.of(
                "getDatabaseProductName", product, "getDatabaseMajorVersion", major, "getDatabaseMinorVersion", minor);
        assertThatThrownBy(() -> JdbcAttributionStore.builder(Recorder.withMetaData(
                                real, metaData -> Recorder.answering(DatabaseMetaData.class, metaData, answers)))
                        .build())
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining(product + " " + major + "." + minor)
                .hasMessageContaining("H2 2.3, PostgreSQL 13 and MariaDB 10.6 or later");
    }

    @Test
    void mayHelpToRepeatWhereTheServerIsDown() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        for (String server : new String[] {"postgresql", "mariadb"}) {
            String url = "jdbc:" + server + "://localhost:" + port + "/attribution?user=u";
            assertTransient(() -> JdbcAttributionStore.open(url), true);
            assertTransient(
                    () -> JdbcAttributionStore.builder(new TestPool(url)).build(), true);
        }
    }

    @Test
    void refusesAReplicaOfADatabaseThatDoesNotTellItsLag() {
        TestPool pool = new TestPool(TestDatabase.H2_MEMORY.url(directory));

        assertThatThrownBy(() ->
                        JdbcAttributionStore.builder(pool).reportsFrom(pool).build())
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("reportsFrom(replica) needs PostgreSQL");
    }

    @Test
    void mayHelpToRepeatWhereAnotherProcessHasTheFile() {
        String url = TestDatabase.H2_FILE.url(directory);
        try (JdbcAttributionStore open = JdbcAttributionStore.open(url)) {
            assertThat(open.offers()).isNotNull();
            // to H2, another name is another database
            String again = url.replace("jdbc:h2:async:", "jdbc:h2:");
            assertTransient(
                    () -> JdbcAttributionStore.builder(new TestPool(again)).build(), true);
        }
    }

    @Test
    void doesNotHelpToRepeatWhereThePasswordIsWrongOrThereIsNoSuchDatabase() throws SQLException {
        String h2 = TestDatabase.H2_FILE.url(directory);
        JdbcAttributionStore.open(h2, "sa", "secret").close();
        assertTransient(() -> JdbcAttributionStore.open(h2, "sa", "guess"), false);
        String unknown = Servers.POSTGRESQL.pool().getJdbcUrl().replaceFirst("/\\w+(?=\\?|$)", "/no_such_database");
        assertTransient(() -> JdbcAttributionStore.open(unknown), false);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(unknown);
        config.setConnectionTimeout(2_000);
        config.setInitializationFailTimeout(-1);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            assertTransient(() -> JdbcAttributionStore.builder(pool).build(), false);
        }
    }

    private static void assertTransient(Runnable opening, boolean isTransient) {
        assertThatThrownBy(opening::run)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        fault -> assertThat(fault.isTransient()).isEqualTo(isTransient))
                .hasMessageContaining("check URL, user and password");
    }
}
