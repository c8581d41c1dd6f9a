package dev.attribution.jdbc.internal.transaction;

import dev.attribution.TransactionMisuseException;
import dev.attribution.jdbc.internal.dialect.SqlAction;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;

/** Takes a connection from a pool for each piece of work. */
public final class Connections implements ConnectionFactory {
    private final DataSource pool;
    private final boolean switchesAutoCommit;

    /**
     * Creates a source of connections.
     *
     * @param switchesAutoCommit whether to switch autoCommit on for the time that a connection is used
     */
    public Connections(DataSource pool, boolean switchesAutoCommit) {
        this.pool = pool;
        this.switchesAutoCommit = switchesAutoCommit;
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
        if (switchesAutoCommit) {
            return switchedOn(connection);
        }
        connection.close();
        throw new TransactionMisuseException(
                "The DataSource hands out connections with autoCommit=false, which would silently lose the commits of this"
                        + " store. Configure the pool with autoCommit=true, or build the store with switchAutoCommitOn()."
                        + " To take part in a transaction of yours, use joining().");
    }

    private Connection switchedOn(Connection connection) throws SQLException {
        try {
            connection.setAutoCommit(true);
            return connection;
        } catch (SQLException | RuntimeException | LinkageError e) {
            discard(connection);
            throw e;
        }
    }

    @Override
    public void closeConnection(Connection connection) throws SQLException {
        if (switchesAutoCommit) {
            quietly(() -> connection.setAutoCommit(false)); // as the pool handed it out
        }
        connection.close();
    }

    private boolean commitsByItself(Connection connection) throws SQLException {
        try {
            return connection.getAutoCommit();
        } catch (SQLException | RuntimeException | LinkageError e) {
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

    /** Runs a clean-up step and ignores its failure, of whatever kind: a wrapper of a pool or driver may throw anything. */
    public static void quietly(SqlAction step) {
        tryRun(step);
    }

    /** Runs a clean-up step, and returns whether it succeeded. */
    static boolean tryRun(SqlAction step) {
        try {
            step.run();
            return true;
        } catch (Exception | LinkageError e) {
            return false; // a transaction that was not committed is lost with its connection
        }
    }
}
