package dev.attribution.behaviour;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.conversion.Conversion;
import dev.attribution.jdbc.JdbcAttributionStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** A store whose handlers book 1 for each credit and -1 for each reversal, keyed by conversion and revision. */
final class HandledStore implements AutoCloseable {
    private static final String TABLE = "attribution_order_free_wallet";

    private final DataSource pool;
    private final boolean isOwnPool;
    private final JdbcAttributionStore store;

    /** Opens the store on the tables of a test store that is open, or on new ones. */
    HandledStore(TestStore kind) throws SQLException {
        isOwnPool = kind == TestStore.H2_MEMORY;
        pool = switch (kind) {
            case POSTGRESQL -> Servers.POSTGRESQL.pool();
            case MARIADB -> Servers.MARIADB.pool();
            default -> inMemory();
        };
        execute("drop table if exists " + TABLE);
        execute("create table " + TABLE
                + " (conversion_id varchar(36), revision int, amount int, primary key (conversion_id, revision))");
        store = JdbcAttributionStore.builder(pool)
                .onCredit((conversion, connection) -> book(conversion, 1, connection))
                .onReversal((conversion, connection) -> book(conversion, -1, connection))
                .build();
    }

    private static DataSource inMemory() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        return new HikariDataSource(config);
    }

    private static void book(Conversion conversion, int amount, Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into " + TABLE + " values (?, ?, ?)")) {
            insert.setString(1, conversion.conversionId().toString());
            insert.setInt(2, conversion.revision());
            insert.setInt(3, amount);
            insert.executeUpdate();
        }
    }

    JdbcAttributionStore store() {
        return store;
    }

    /** {@return the balance of each conversion that was ever booked} */
    Map<UUID, Integer> balances() throws SQLException {
        Map<UUID, Integer> balances = new HashMap<>();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select conversion_id, amount from " + TABLE)) {
            while (rows.next()) {
                balances.merge(UUID.fromString(rows.getString(1)), rows.getInt(2), Integer::sum);
            }
        }
        return balances;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        execute("drop table " + TABLE);
        store.close();
        if (isOwnPool) {
            ((HikariDataSource) pool).close();
        }
    }
}
