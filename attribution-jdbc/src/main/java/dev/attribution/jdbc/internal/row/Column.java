package dev.attribution.jdbc.internal.row;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A column that is written.
 *
 * @param name its name
 * @param type its type on PostgreSQL, the only database that needs to know it
 * @param value returns its value in a row: a text, a number, an id, an instant or a truth value
 */
public record Column<R>(String name, String type, Function<R, ? extends @Nullable Object> value) {
    /** Returns the names of columns as SQL lists them. */
    public static <R> String names(List<Column<R>> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    /** Returns whether it holds JSON, which is passed as text. */
    public boolean isJson() {
        return type.equals("json");
    }
}
