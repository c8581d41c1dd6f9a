package dev.attribution.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** The contract through a pooler that gives each transaction another connection. */
class PgBouncerContractTest extends PostgresContract {
    private static final String SCHEMA = "pgbouncer";

    @TempDir
    static Path directory;

    private @Nullable PgBouncer pooler;

    PgBouncerContractTest() {
        super(SCHEMA, "prepareThreshold=0");
    }

    @Override
    String url(String server) throws Exception {
        try (Connection connection = DriverManager.getConnection(server);
                Statement statement = connection.createStatement()) {
            statement.execute("create schema if not exists " + SCHEMA);
        }
        pooler = PgBouncer.start(directory, server);
        return super.url(pooler.url());
    }

    @Override
    String session() {
        return "select 1"; // what a session sets would stay with a connection that is another client's next
    }

    @Override
    void close() throws Exception {
        super.close();
        if (pooler != null) {
            pooler.close();
        }
    }
}
