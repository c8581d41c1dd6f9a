package dev.attribution.jdbc;

import dev.attribution.StorageException;
import java.sql.Connection;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/** JDBI over the two kinds of connections there are. */
final class Jdbis {
    private Jdbis() {}

    /**
     * Takes a connection from a pool for each piece of work. JDBI believes that a connection without auto-commit is in a
     * transaction already, and would commit nothing: rows would be lost without a word.
     */
    static Jdbi over(DataSource pool) {
        return configured(() -> {
            Connection connection = pool.getConnection();
            if (connection.getAutoCommit()) {
                return connection;
            }
            connection.close();
            throw new StorageException(
                    "The DataSource hands out connections with autoCommit=false, on which a commit of this store would be"
                            + " silently lost. Configure the pool with autoCommit=true, or, to take part in a transaction"
                            + " of yours, use joining(connection).",
                    false,
                    null);
        });
    }

    /** Works on one connection of a host, and leaves it open. */
    static Jdbi on(Connection connection) {
        return configured(new ConnectionFactory() {
            @Override
            public Connection openConnection() {
                return connection;
            }

            @Override
            public void closeConnection(Connection unused) {}
        });
    }

    private static Jdbi configured(ConnectionFactory connections) {
        Jdbi jdbi = Jdbi.create(connections);
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
        return jdbi;
    }
}
