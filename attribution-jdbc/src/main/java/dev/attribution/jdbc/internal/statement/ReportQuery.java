package dev.attribution.jdbc.internal.statement;

import dev.attribution.jdbc.Vendor;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ColumnValues;
import dev.attribution.jdbc.internal.row.InList;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/**
 * The statement for a page of a report. It begins after the last row of the previous page by time and id: every page costs
 * the same, and rows that arrive in between shift nothing. Not thread-safe.
 */
public final class ReportQuery {
    private final Dialect dialect;
    private final String columns;
    private final String table;
    private final String time;
    private final String id;
    private final List<String> equal = new ArrayList<>();
    private final List<String> parts = new ArrayList<>();
    private boolean isBySecond;
    private final List<String> conditions = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();

    public ReportQuery(Dialect dialect, String columns, String table, String time, String id) {
        this.dialect = dialect;
        this.columns = columns;
        this.table = table;
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

    /** Selects the rows with a value, if one is given, that many rows share: on PostgreSQL its index ends with the second. */
    public ReportQuery whereShared(String column, Optional<?> value) {
        isBySecond |= value.isPresent() && equal.isEmpty() && dialect.vendor() == Vendor.POSTGRESQL;
        return where(column, value);
    }

    /** Reads the rows for which one condition holds and those for which the other does, each by an index of its own. */
    public ReportQuery inTwoParts(String condition, String other) {
        parts.add(condition);
        parts.add(other);
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
        filter.from().ifPresent(from -> timeIs(">=", from));
        filter.until().ifPresent(until -> timeIs("<", until));
        return this;
    }

    public ReportQuery after(@Nullable Cursor cursor) {
        if (cursor != null) {
            timeIs("<=", cursor.time()); // an index serves this condition on every database
            condition("(" + time + " < ? or " + id + " < ?)", ColumnValues.nearestStorable(cursor.time()));
            values.add(cursor.id());
        }
        return this;
    }

    private void timeIs(String relation, Instant bound) {
        condition(time + " " + relation + " ?", ColumnValues.nearestStorable(bound));
        if (isBySecond) { // the second itself may be that of the bound
            condition(
                    second(time) + " " + relation.charAt(0) + "= " + second("cast(? as timestamp with time zone)"),
                    ColumnValues.nearestStorable(bound));
        }
    }

    private static String second(String time) {
        return "cast(" + time + " as timestamp(0) with time zone)";
    }

    public <T> List<T> rows(Handle handle, int limit, RowMapper<T> mapper) {
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < Math.max(1, parts.size()); i++) {
            all.addAll(values);
            all.add(limit);
        }
        if (!parts.isEmpty()) {
            all.add(limit);
        }
        return InList.bind(handle.createQuery(sql()), all).map(mapper).list();
    }

    public String sql() {
        if (parts.isEmpty()) {
            return select(conditions);
        }
        return parts.stream()
                .map(part -> "("
                        + select(Stream.concat(conditions.stream(), Stream.of(part))
                                .toList()) + ")")
                .collect(Collectors.joining(
                        " union all ", "select " + columns + " from (", ") as part" + newestFirst(time, id)));
    }

    private String select(List<String> conditions) {
        // H2 uses the index only if the column that is equal in all rows leads the order
        List<String> order = new ArrayList<>();
        if (!equal.isEmpty() && !equal.get(0).equals(id)) {
            order.add(equal.get(0));
        }
        if (isBySecond) {
            order.add(second(time));
        }
        order.add(time);
        order.add(id);
        return "select " + columns + " from " + table
                + (conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions))
                + newestFirst(order.toArray(String[]::new));
    }

    private String newestFirst(String... order) {
        return " order by " + String.join(" desc, ", order) + " desc" + dialect.firstRows("?");
    }

    private void condition(String condition, Object value) {
        conditions.add(condition);
        values.add(value);
    }
}
