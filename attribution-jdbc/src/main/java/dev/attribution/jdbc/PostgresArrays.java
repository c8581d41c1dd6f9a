package dev.attribution.jdbc;

import java.sql.Array;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Binds one part of each row of a list as an array, so that a list is one statement, however long it is. */
final class PostgresArrays<T, S extends SqlStatement<S>> {
    /**
     * PostgreSQL plans a statement over shorter arrays anew each time, since it takes arrays of unknown length for ten rows
     * long. Where rows of nulls find nothing, arrays are filled up with them.
     */
    static final int PLANNED_ONCE = 16;

    private final Handle handle;
    private final S statement;
    private final List<T> rows;
    private final int least;

    PostgresArrays(Handle handle, S statement, List<T> rows) {
        this(handle, statement, rows, 0);
    }

    PostgresArrays(Handle handle, S statement, List<T> rows, int least) {
        this.handle = handle;
        this.statement = statement;
        this.rows = rows;
        this.least = least;
    }

    PostgresArrays<T, S> ids(String name, Function<T, @Nullable UUID> part) {
        return bind(name, "uuid", part);
    }

    PostgresArrays<T, S> texts(String name, Function<T, @Nullable String> part) {
        return bind(name, "text", part);
    }

    PostgresArrays<T, S> instants(String name, Function<T, Instant> part) {
        return bind(name, "timestamptz", row -> Dialect.utc(part.apply(row)));
    }

    PostgresArrays<T, S> bind(String name, String type, Function<T, ? extends @Nullable Object> part) {
        @Nullable Object[] values = Arrays.copyOf(rows.stream().map(part).toArray(), Math.max(rows.size(), least));
        statement.bind(name, (Argument) (position, prepared, context) -> {
            Array array = handle.getConnection().createArrayOf(type, values);
            prepared.setArray(position, array);
        });
        return this;
    }

    S statement() {
        return statement;
    }
}
