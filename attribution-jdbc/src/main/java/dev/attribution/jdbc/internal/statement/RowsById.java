package dev.attribution.jdbc.internal.statement;

import dev.attribution.jdbc.Vendor;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.Column;
import dev.attribution.jdbc.internal.row.InList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/**
 * Reads the rows of a table with any of some ids. On PostgreSQL it looks each id up in a lateral join with a limit: for a list
 * after {@code in} the server may read the whole table instead, and keep that plan while the table grows.
 */
public final class RowsById<K, T> {
    private final Column<?> id;
    private final RowMapper<T> mapper;
    private final boolean isArray;
    private final String select;

    /**
     * Reads rows by a column.
     *
     * @param columns the columns to read
     * @param id the column of the ids, which are unique
     */
    public RowsById(Dialect dialect, String table, String columns, Column<?> id, RowMapper<T> mapper) {
        this.id = id;
        this.mapper = mapper;
        this.isArray = dialect.vendor() == Vendor.POSTGRESQL;
        this.select = isArray
                ? "select found.* from unnest(cast(:ids as " + id.type()
                        + "[])) as given (id) cross join lateral (select " + columns + " from " + table + " where "
                        + id.name() + " = given.id limit 1) as found"
                : "select " + columns + " from " + table + " where " + id.name() + " in ";
    }

    /** Reads the rows with any of some different ids. */
    public List<T> read(Handle handle, Collection<K> ids) {
        List<T> rows = new ArrayList<>();
        if (!isArray) {
            InList.chunks(
                    ids,
                    (list, some) -> rows.addAll(InList.bind(handle.createQuery(select + list), some)
                            .map(mapper)
                            .list()));
        } else if (!ids.isEmpty()) {
            Query query = handle.createQuery(select);
            rows.addAll(new PostgresArrays<>(query, List.copyOf(ids))
                    .bind("ids", id.type(), Function.identity())
                    .statement()
                    .map(mapper)
                    .list());
        }
        return rows;
    }
}
