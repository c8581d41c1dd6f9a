package dev.attribution.jdbc.internal.statement;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Binds one part of each row of a list as an array, which makes a list of any length one statement. */
public final class PostgresArrays<T, S extends SqlStatement<S>> {
    private final S statement;
    private final List<T> rows;

    public PostgresArrays(S statement, List<T> rows) {
        this.statement = statement;
        this.rows = rows;
    }

    public PostgresArrays<T, S> ids(String name, Function<T, @Nullable UUID> part) {
        return bind(name, "uuid", part);
    }

    public PostgresArrays<T, S> texts(String name, Function<T, @Nullable String> part) {
        return bind(name, "text", part);
    }

    PostgresArrays<T, S> bind(String name, String type, Function<T, ? extends @Nullable Object> part) {
        statement.bind(name, (Argument)
                (position, prepared, context) -> PostgresArray.bind(prepared, position, type, rows, part));
        return this;
    }

    public S statement() {
        return statement;
    }
}
