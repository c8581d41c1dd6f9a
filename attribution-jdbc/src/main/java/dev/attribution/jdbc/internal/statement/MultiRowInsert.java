package dev.attribution.jdbc.internal.statement;

import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.Column;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Inserts many rows per statement, as many as one packet to the server can hold. */
public final class MultiRowInsert<R> implements BulkInsert<R> {
    private static final int MAX_CHARACTERS =
            1_000_000; // at most six million bytes, escaped; MariaDB accepts 16 by default

    private final RowParameters<R> parameters;
    private final String insert;
    private final String row;

    public MultiRowInsert(String table, Dialect dialect, List<Column<R>> columns) {
        this.parameters = new RowParameters<>(dialect, columns);
        this.row = parameters.values();
        this.insert = "insert into " + table + " (" + parameters.names() + ") values ";
    }

    @Override
    public void insertAll(Connection connection, List<R> rows) throws SQLException {
        List<@Nullable Object[]> some = new ArrayList<>();
        long characters = 0;
        for (R row : rows) {
            @Nullable Object[] values = parameters.values(row);
            long more = characters(values);
            if (!some.isEmpty() && characters + more > MAX_CHARACTERS) {
                insert(connection, some);
                some.clear();
                characters = 0;
            }
            some.add(values);
            characters += more;
        }
        insert(connection, some);
    }

    private void insert(Connection connection, List<@Nullable Object[]> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql(rows.size()))) {
            int position = 1;
            for (@Nullable Object[] values : rows) {
                for (Object value : values) {
                    statement.setObject(position++, value);
                }
            }
            statement.executeUpdate();
        }
    }

    /** Returns the statement for so many rows. */
    String sql(int rows) {
        return insert + (row + ", ").repeat(rows - 1) + row;
    }

    /** Binds rows from a position on, and returns the next position. */
    int bindAll(PreparedStatement statement, int from, List<R> rows) throws SQLException {
        int position = from;
        for (R row : rows) {
            position = parameters.bind(statement, position, row);
        }
        return position;
    }

    private static long characters(@Nullable Object[] values) {
        long sum = 0;
        for (Object value : values) {
            sum += value instanceof String text ? text.length() : 0;
        }
        return sum;
    }
}
