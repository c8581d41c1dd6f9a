package dev.attribution.spring;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;

/** The databases of the tests, each empty for each test. */
public enum TestDatabase {
    H2 {
        @Override
        public String url() {
            return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        }
    },
    POSTGRESQL {
        @Override
        public String url() {
            String engines = System.getProperty("engines", "postgresql");
            Assumptions.assumeTrue(
                    List.of(engines.split(",")).contains("postgresql"), "-Dengines leaves out PostgreSQL");
            String schema = "s" + UUID.randomUUID().toString().replace("-", "");
            String url = Server.URL;
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute("create schema " + schema);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return url + (url.contains("?") ? "&" : "?") + "currentSchema=" + schema;
        }
    };

    /** One server for all tests of the process. */
    private static final class Server {
        static final String URL = start();

        private static String start() {
            String own = System.getProperty("attribution.postgresql.url");
            if (own != null) {
                return own;
            }
            try {
                return EmbeddedPostgres.builder().start().getJdbcUrl("postgres", "postgres");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Returns the URL of an empty database or schema. */
    public abstract String url();
}
