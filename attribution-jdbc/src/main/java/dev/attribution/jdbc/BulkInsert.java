package dev.attribution.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Inserts lists of rows. A key that is taken fails it; some of the others may be inserted then. */
interface BulkInsert<R> {
    void run(Connection connection, List<R> rows) throws SQLException;

    /** Inserts rows, and tells whether there was a place for all of them. */
    default boolean isDone(SqlFaults faults, Connection connection, List<R> rows) throws SQLException {
        return faults.unlessTaken(() -> {
            run(connection, rows);
            return true;
        });
    }
}
