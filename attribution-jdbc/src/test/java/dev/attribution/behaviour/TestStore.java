package dev.attribution.behaviour;

import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.spi.AttributionStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;

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
            return emptied(Servers.POSTGRESQL);
        }
    },
    MARIADB {
        @Override
        AttributionStore open(Path directory) {
            return emptied(Servers.MARIADB);
        }
    };

    private static AttributionStore emptied(Servers server) {
        AttributionStore store = JdbcAttributionStore.builder(server.pool()).build();
        try (Connection connection = server.pool().getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : List.of("offer", "click", "conversion", "history")) {
                statement.execute("delete from attribution_" + table);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return store;
    }

    abstract AttributionStore open(Path directory);
}
