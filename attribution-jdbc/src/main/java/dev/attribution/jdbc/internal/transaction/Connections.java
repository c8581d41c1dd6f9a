package dev.attribution.jdbc.internal.transaction;

import dev.attribution.StorageException;
import dev.attribution.jdbc.internal.dialect.SqlAction;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.JdbiException;

/** Takes a connection from a pool for each piece of work. */
public final class Connections implements ConnectionFactory {
    private final DataSource pool;

    public Connections(DataSource pool) {
        this.pool = pool;
    }

    /**
     * Takes a connection, and checks each time that it commits by itself. JDBI believes that any other connection is in a
     * transaction already and would commit nothing: rows would be lost in silence.
     */
    @Override
    public Connection openConnection() throws SQLException {
        Connection connection = pool.getConnection();
        if (commitsByItself(connection)) {
            return connection;
        }
        connection.close();
        throw new StorageException(
                "The DataSource hands out connections with autoCommit=false, which would silently lose"
                        + " the commits of this store. Configure the pool with autoCommit=true, or, to take part in a transaction of"
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
     * Keeps a pool from handing out a lost connection again. A connection to a database that was closed claims to be valid,
     * and a pool would keep it; a statement on it may never end.
     */
    public void discard(Connection connection) {
        quietly(() -> {
            try {
                HikariPool.evict(pool, connection);
            } catch (NoClassDefFoundError e) {
                // the host's pool is not one of HikariCP's
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

    /** Runs a clean-up step and ignores its failure. */
    public static void quietly(SqlAction step) {
        try {
            step.run();
        } catch (SQLException | JdbiException e) {
            // a transaction that was not committed is lost with its connection
        }
    }
}
