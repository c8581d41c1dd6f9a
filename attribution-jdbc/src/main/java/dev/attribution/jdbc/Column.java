package dev.attribution.jdbc;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column that is written.
 *
 * @param name its name
 * @param type its type on PostgreSQL, the one database that asks for it
 * @param value how a row has its value: a text, a number, an id or an instant
 */
record Column<R>(String name, String type, Function<R, ? extends @Nullable Object> value) {
    /** Tells whether it holds JSON, which is passed as text. */
    boolean isJson() {
        return type.equals("json");
    }
}
