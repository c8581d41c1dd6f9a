package dev.attribution.jdbc.internal.statement;

import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ColumnValues;
import dev.attribution.jdbc.internal.row.InList;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * The statement for a page of a report. It begins after the last row of the previous page by time and id: every page costs
 * the same, and rows that arrive in between shift nothing. Not thread-safe.
 */
public final class ReportQuery {
    private final Dialect dialect;
    private final String select;
    private final String time;
    private final String id;
    private final List<String> equal = new ArrayList<>();
    private final List<String> conditions = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();

    public ReportQuery(Dialect dialect, String columns, String table, String time, String id) {
        this.dialect = dialect;
        this.select = "select " + columns + " from " + table;
        this.time = time;
        this.id = id;
    }

    /** Selects the rows with a value, if one is given. The first such column chooses the index. */
    public ReportQuery where(String column, Optional<?> value) {
        value.ifPresent(wanted -> {
            equal.add(column);
            condition(column + " = ?", wanted);
        });
        return this;
    }

    /** Selects the rows with a value, if one is given, in a column without an index. */
    public ReportQuery also(String column, Optional<?> value) {
        value.ifPresent(wanted -> condition(column + " = ?", wanted));
        return this;
    }

    /** Selects the rows for which a condition without values holds; a blank one always does. */
    public ReportQuery that(String condition) {
        if (!condition.isBlank()) {
            conditions.add(condition);
        }
        return this;
    }

    /** Selects the rows with any of some values, at least one. */
    public ReportQuery in(String column, Collection<?> any) {
        conditions.add(column + " in " + InList.of(any.size()));
        values.addAll(any);
        return this;
    }

    public ReportQuery between(ReportFilter filter) {
        filter.from().ifPresent(from -> condition(time + " >= ?", ColumnValues.nearestStorable(from)));
        filter.until().ifPresent(until -> condition(time + " < ?", ColumnValues.nearestStorable(until)));
        return this;
    }

    public ReportQuery after(@Nullable Cursor cursor) {
        if (cursor != null) {
            condition(
                    time + " <= ?",
                    ColumnValues.nearestStorable(cursor.time())); // an index serves this condition on every database
            condition("(" + time + " < ? or " + id + " < ?)", ColumnValues.nearestStorable(cursor.time()));
            values.add(cursor.id());
        }
        return this;
    }

    public <T> List<T> rows(Handle handle, int limit, RowMapper<T> mapper) {
        Query query = InList.bind(handle.createQuery(sql()), values);
        return query.bind(values.size(), limit).map(mapper).list();
    }

    public String sql() {
        // H2 uses the index only if the column that is equal in all rows leads the order
        String lead = equal.isEmpty() || equal.get(0).equals(id) ? "" : equal.get(0) + " desc, ";
        return select + (conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions)) + " order by " + lead
                + time + " desc, " + id + " desc" + dialect.firstRows("?");
    }

    private void condition(String condition, Object value) {
        conditions.add(condition);
        values.add(value);
    }
}
