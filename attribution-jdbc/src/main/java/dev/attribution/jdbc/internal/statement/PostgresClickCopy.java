package dev.attribution.jdbc.internal.statement;

import dev.attribution.click.Click;
import dev.attribution.jdbc.internal.row.ClickTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.transaction.SqlFaults;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * Copies long lists of clicks into PostgreSQL. A copy takes two round trips and less of either side's time than a statement
 * over arrays. It is all or nothing: a taken key fails it as a whole. So it is tried first, and whatever it cannot do, a statement
 * does.
 */
public final class PostgresClickCopy {
    /** The number of clicks from which copying pays for its round trips, also with a server some way off. */
    private static final int FEWEST = 64;

    /** What a server answers if a table cannot be copied into: row-level security, a view. */
    private static final Set<String> UNFIT = Set.of("0A000", "42809");

    private final SqlFaults faults;
    private final String copy;
    private volatile boolean isFit = true;

    public PostgresClickCopy(TableNames tables, SqlFaults faults) {
        this.faults = faults;
        this.copy = "copy " + tables.click() + " (" + ClickTable.COLUMNS + ") from stdin (format binary)";
    }

    /** Returns whether so many clicks should be copied over a connection. */
    public boolean suits(Connection connection, int clicks) {
        return clicks >= FEWEST && isFit && isOfKnownDriver(connection);
    }

    /** A pool may hide the driver's connection, and the driver may be another one. */
    private static boolean isOfKnownDriver(Connection connection) {
        try {
            return PostgresCopyStream.isPossible(connection);
        } catch (SQLException | RuntimeException | LinkageError e) {
            return false;
        }
    }

    /**
     * Copies clicks over a connection that commits by itself. If a click is stored already, or the server refuses one, copies none.
     *
     * @return whether all of them are stored now
     * @throws SQLException if the connection is lost, or the copy is worth another try
     */
    public boolean tryCopy(Connection connection, List<Click> clicks) throws SQLException {
        PostgresCopyStream stream;
        try {
            stream = PostgresCopyStream.open(connection, copy, clicks.size());
        } catch (SQLException e) {
            if (UNFIT.contains(String.valueOf(e.getSQLState()))) {
                isFit = false;
                return false;
            }
            return refused(e);
        }
        try {
            stream.write(ClickTable.WRITTEN, clicks);
            return true;
        } catch (SQLException e) {
            return refused(e);
        }
    }

    /** Leaves it to a statement to say what is wrong. */
    private boolean refused(SQLException e) throws SQLException {
        if (faults.isTransient(e)) {
            throw e;
        }
        return false;
    }
}
