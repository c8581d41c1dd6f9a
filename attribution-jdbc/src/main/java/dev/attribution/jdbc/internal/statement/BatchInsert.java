package dev.attribution.jdbc.internal.statement;

import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.Column;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Inserts a batch of the driver, for a database in this process, where a statement costs no round trip. */
public final class BatchInsert<R> implements BulkInsert<R> {
    private final RowParameters<R> parameters;
    private final String insert;

    public BatchInsert(String table, Dialect dialect, List<Column<R>> columns) {
        this.parameters = new RowParameters<>(dialect, columns);
        this.insert = "insert into " + table + " (" + parameters.names() + ") values " + parameters.values();
    }

    @Override
    public void insertAll(Connection connection, List<R> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            for (R row : rows) {
                parameters.bind(statement, 1, row);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
