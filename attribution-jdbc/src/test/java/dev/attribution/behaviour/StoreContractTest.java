package dev.attribution.behaviour;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.spi.AttributionStore;
import dev.attribution.testkit.contract.AttributionStoreContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every store on a database under the contract. */
@ParameterizedClass(name = "{0}")
@EnumSource(
        value = TestStore.class,
        names = {"H2_MEMORY", "H2_FILE", "POSTGRESQL", "MARIADB"})
class StoreContractTest extends AttributionStoreContract {
    @Parameter
    TestStore kind;

    @TempDir
    Path directory;

    @Override
    protected AttributionStore openStore() {
        return kind.open(directory);
    }

    @Override
    protected Optional<AttributionStore> openAgain(AttributionStore store) {
        return Optional.of(JdbcAttributionStore.builder(((JdbcAttributionStore) store).dataSource())
                .build());
    }

    @Override
    protected Optional<AttributionStore> openWithoutBackend() {
        DataSource database = switch (kind) {
            case POSTGRESQL -> Servers.POSTGRESQL.pool();
            case MARIADB -> Servers.MARIADB.pool();
            default -> new HikariDataSource(h2());
        };
        // a store waits for a database that cannot be reached; one that locks it out is enough where another one waits
        Severed severed = new Severed(database, kind == TestStore.H2_MEMORY ? "08001" : "28000");
        AttributionStore store = JdbcAttributionStore.builder(severed).build();
        severed.isDown = true;
        return Optional.of(store);
    }

    private static HikariConfig h2() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID());
        return config;
    }

    /** A pool to a database that goes down. */
    private static final class Severed extends HikariDataSource {
        private final DataSource database;
        private final String sqlState;
        private volatile boolean isDown;

        Severed(DataSource database, String sqlState) {
            this.database = database;
            this.sqlState = sqlState;
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (isDown) {
                throw new SQLException("the database is down", sqlState);
            }
            return database.getConnection();
        }
    }
}
