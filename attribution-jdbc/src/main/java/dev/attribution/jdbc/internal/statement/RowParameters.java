package dev.attribution.jdbc.internal.statement;

import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.Column;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The columns of a row as parameters of a JDBC statement: of one row, or of a list as one array per column. */
public final class RowParameters<R> {
    private final Dialect dialect;
    private final List<Column<R>> columns;

    public RowParameters(Dialect dialect, List<Column<R>> columns) {
        this.dialect = dialect;
        this.columns = columns;
    }

    public String names() {
        return Column.names(columns);
    }

    /** Returns the parameters after {@code values}. */
    public String values() {
        return "(" + each(this::parameter) + ")";
    }

    /** Returns the assignments after {@code set}. */
    public String assignments() {
        return each(column -> column.name() + " = " + parameter(column));
    }

    private String parameter(Column<R> column) {
        return column.isJson() ? dialect.json("?") : "?";
    }

    /** Returns the parameters after {@code select}, where PostgreSQL takes a parameter without a cast for text. */
    public String selected() {
        return each(column -> "cast(? as " + column.type() + ")");
    }

    /** Returns the assignments after {@code set}, with the casts that PostgreSQL needs. */
    public String selectedAssignments() {
        return each(column -> column.name() + " = cast(? as " + column.type() + ")");
    }

    /**
     * Returns the rows of a list, with columns of the same names. PostgreSQL steps through arrays in the select list as it
     * needs the rows, and would copy each array in the {@code from} clause first.
     */
    public String unnested(String name) {
        return "(select " + each(column -> "unnest(" + array(column) + ") as " + column.name()) + ") as " + name;
    }

    /** Returns one array per column. The casts say of which type each array is, which a driver may leave open. */
    public String arrays() {
        return each(RowParameters::array);
    }

    private static String array(Column<?> column) {
        return "cast(? as " + arrayType(column) + "[])";
    }

    private static String arrayType(Column<?> column) {
        return column.isJson() ? "text" : column.type();
    }

    /** Returns the columns of {@link #unnested} as an insert takes them. */
    public String fromUnnested() {
        return each(column -> column.isJson() ? dialect.json(column.name()) : column.name());
    }

    private String each(Function<Column<R>, String> part) {
        return columns.stream().map(part).collect(Collectors.joining(", "));
    }

    /** Returns the values of a row as the driver takes them. */
    @Nullable
    public Object[] values(R row) {
        @Nullable Object[] values = new @Nullable Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = dialect.value(columns.get(i).value().apply(row));
        }
        return values;
    }

    /** Binds a row from a position on, and returns the next position. */
    public int bind(PreparedStatement statement, int from, R row) throws SQLException {
        int position = from;
        for (Column<R> column : columns) {
            bind(dialect, statement, position++, column.type(), column.value().apply(row));
        }
        return position;
    }

    /**
     * Binds a value, or its absence.
     *
     * @param type the type of its column on PostgreSQL
     */
    static void bind(Dialect dialect, PreparedStatement statement, int position, String type, @Nullable Object given)
            throws SQLException {
        Object value = dialect.value(given);
        if (value == null) {
            dialect.bindNull(statement, position, type);
        } else {
            statement.setObject(position, value);
        }
    }

    /** Binds a list from a position on as PostgreSQL takes arrays, and returns the next position. */
    public int bindArrays(PreparedStatement statement, int from, List<R> rows) throws SQLException {
        int position = from;
        for (Column<R> column : columns) {
            PostgresArray.bind(statement, position++, arrayType(column), rows, column.value());
        }
        return position;
    }
}
