package dev.attribution.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.behaviour.Servers;
import dev.attribution.spi.AttributionStore;
import dev.attribution.testkit.contract.AttributionStoreContract;
import dev.attribution.testkit.contract.Capability;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** The contract over tables on PostgreSQL that are partitioned by month. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PartitionedContractTest extends AttributionStoreContract {
    private static final String SCHEMA = "partitioned_contract";

    private HikariDataSource pool;

    @BeforeAll
    void open() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(Servers.POSTGRESQL.pool().getJdbcUrl());
        config.setMaximumPoolSize(THREADS + 1);
        config.setConnectionInitSql("create schema if not exists " + SCHEMA + "; set search_path to " + SCHEMA);
        pool = new HikariDataSource(config);
        YearMonth now = YearMonth.now(ZoneOffset.UTC);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(JdbcSchema.partitionedScript("attribution_"));
            statement.execute(JdbcSchema.partitions("attribution_", now.minusMonths(1), now.plusMonths(1)));
        }
    }

    @AfterAll
    void close() {
        if (pool != null) {
            pool.close();
        }
    }

    @Override
    protected Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.IDS_WITHOUT_TIME));
    }

    @Override
    protected AttributionStore openStore() throws SQLException {
        AttributionStore store = JdbcAttributionStore.builder(pool).build();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : List.of("offer", "click", "conversion", "exclusive_scope", "history")) {
                statement.execute("delete from attribution_" + table);
            }
        }
        return store;
    }

    @Override
    protected Optional<AttributionStore> openAgain(AttributionStore store) {
        return Optional.of(JdbcAttributionStore.builder(pool).build());
    }
}
