package dev.attribution.behaviour;

import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.spi.AttributionStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** The stores that the behaviour is tested on, each opened empty. */
enum TestStore {
    IN_MEMORY {
        @Override
        AttributionStore open(Path directory) {
            return new InMemoryAttributionStore();
        }
    },
    H2_MEMORY {
        @Override
        AttributionStore open(Path directory) {
            return JdbcAttributionStore.open("jdbc:h2:mem:" + UUID.randomUUID());
        }
    },
    H2_FILE {
        @Override
        AttributionStore open(Path directory) {
            return JdbcAttributionStore.open("jdbc:h2:" + directory.resolve("attribution-" + UUID.randomUUID()));
        }
    },
    POSTGRESQL {
        @Override
        AttributionStore open(Path directory) {
            return emptied(Servers.POSTGRESQL.pool());
        }
    },
    POSTGRESQL_REPEATABLE_READ {
        @Override
        AttributionStore open(Path directory) {
            return emptied(Servers.POSTGRESQL.pool("repeatable read"));
        }
    },
    POSTGRESQL_SERIALIZABLE {
        @Override
        AttributionStore open(Path directory) {
            return emptied(Servers.POSTGRESQL.pool("serializable"));
        }
    },
    MARIADB {
        @Override
        AttributionStore open(Path directory) {
            return emptied(Servers.MARIADB.pool());
        }
    };

    static {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
            System.out.println("The tests run on H2 " + connection.getMetaData().getDatabaseProductVersion());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AttributionStore emptied(DataSource pool) {
        AttributionStore store = JdbcAttributionStore.builder(pool).build();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : List.of("offer", "click", "conversion", "exclusive_scope", "history")) {
                statement.execute("delete from attribution_" + table);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return store;
    }

    abstract AttributionStore open(Path directory);
}
