package dev.attribution.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.behaviour.Servers;
import dev.attribution.spi.AttributionStore;
import dev.attribution.testkit.contract.AttributionStoreContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** The contract on PostgreSQL, in a schema of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PostgresContract extends AttributionStoreContract {
    private final String schema;
    private final String driverSetting;
    HikariDataSource pool;

    PostgresContract(String schema, String driverSetting) {
        this.schema = schema;
        this.driverSetting = driverSetting;
    }

    @BeforeAll
    void open() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url(Servers.POSTGRESQL.pool().getJdbcUrl()));
        config.setMaximumPoolSize(THREADS + 1);
        config.setConnectionInitSql(session());
        pool = new HikariDataSource(config);
        createTables();
    }

    /** Returns the URL by which the store reaches a server. */
    String url(String server) throws Exception {
        return server + (server.contains("?") ? "&" : "?") + driverSetting;
    }

    /** Returns what each new connection begins with. */
    String session() {
        return "create schema if not exists " + schema + "; set search_path to " + schema;
    }

    /** Creates the tables. By default the store creates them. */
    void createTables() throws SQLException {}

    @AfterAll
    void close() throws Exception {
        if (pool != null) {
            pool.close();
        }
    }

    @Override
    protected AttributionStore openStore() throws SQLException {
        AttributionStore store = store();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : List.of("offer", "click", "conversion", "exclusive_scope", "history")) {
                statement.execute("delete from " + schema + ".attribution_" + table);
            }
        }
        return store;
    }

    @Override
    protected Optional<AttributionStore> openAgain(AttributionStore store) {
        return Optional.of(store());
    }

    private AttributionStore store() {
        return JdbcAttributionStore.builder(pool).schemaName(schema).build();
    }
}
