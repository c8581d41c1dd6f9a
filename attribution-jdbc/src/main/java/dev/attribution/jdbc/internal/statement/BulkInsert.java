package dev.attribution.jdbc.internal.statement;

import dev.attribution.jdbc.internal.transaction.SqlFaults;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Inserts lists of rows. If a key is taken, it fails and may have inserted some of the other rows. */
public interface BulkInsert<R> {
    void insertAll(Connection connection, List<R> rows) throws SQLException;

    /** Inserts rows, and returns whether the places of all of them were free. */
    default boolean tryInsertAll(SqlFaults faults, Connection connection, List<R> rows) throws SQLException {
        return faults.tryInsert(() -> {
            insertAll(connection, rows);
            return true;
        });
    }
}
