package dev.attribution.behaviour;

import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.spi.AttributionStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    private static final List<String> TABLES = Stream.of("offer", "click", "conversion", "exclusive_scope", "history")
            .map("attribution_"::concat)
            .toList();
    private static final int MUCH = 200_000; // bytes

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
            if (hasManyDeletedRows(statement)) {
                statement.execute("truncate " + String.join(", ", TABLES));
            } else {
                for (String table : TABLES) {
                    statement.execute("delete from " + table);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return store;
    }

    /** On PostgreSQL, deleted rows stay in the indexes until they are vacuumed, and each test would read those of all before it. */
    private static boolean hasManyDeletedRows(Statement statement) throws SQLException {
        if (!statement.getConnection().getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
            return false;
        }
        try (ResultSet size = statement.executeQuery("select "
                + TABLES.stream()
                        .map(table -> "pg_relation_size('" + table + "')")
                        .collect(Collectors.joining(" + ")))) {
            return size.next() && size.getLong(1) > MUCH;
        }
    }

    abstract AttributionStore open(Path directory);
}
