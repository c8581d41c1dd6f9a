package dev.attribution.jdbc;

import dev.attribution.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.JdbiException;

/** Takes a connection from a pool for each piece of work. */
final class Connections implements ConnectionFactory {
    private final DataSource pool;

    Connections(DataSource pool) {
        this.pool = pool;
    }

    /**
     * Takes a connection, and looks each time whether it commits by itself. JDBI believes that one which does not is in a
     * transaction already, and would commit nothing: rows would be lost without a word.
     */
    @Override
    public Connection openConnection() throws SQLException {
        Connection connection = pool.getConnection();
        if (commitsByItself(connection)) {
            return connection;
        }
        connection.close();
        throw new StorageException(
                "The DataSource hands out connections with autoCommit=false, on which a commit of this store would be"
                        + " silently lost. Configure the pool with autoCommit=true, or, to take part in a transaction of"
                        + " yours, use joining(connection).",
                false,
                null);
    }

    private boolean commitsByItself(Connection connection) throws SQLException {
        try {
            return connection.getAutoCommit();
        } catch (SQLException e) {
            discard(connection);
            throw e;
        }
    }

    /**
     * Keeps a pool from handing out a lost connection again. The connection to a database that was closed is valid by its
     * own account, so that a pool would keep it; and a statement on it may never end.
     */
    void discard(Connection connection) {
        quietly(() -> {
            try {
                HikariPool.evict(pool, connection);
            } catch (NoClassDefFoundError e) {
                // the host's pool is none of HikariCP's
            }
        });
        quietly(() -> {
            Connection physical = connection.unwrap(Connection.class);
            if (physical != connection) {
                physical.close();
            }
        });
        quietly(connection::close);
    }

    /** Does what can fail only where a connection is lost, which needs no telling then. */
    static void quietly(Step step) {
        try {
            step.run();
        } catch (SQLException | JdbiException e) {
            // a transaction that was not committed is lost with it
        }
    }

    /** Something done to a connection. */
    interface Step {
        void run() throws SQLException;
    }
}
