package dev.attribution.jdbc.internal.schema;

import dev.attribution.jdbc.internal.dialect.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table as a script creates it.
 *
 * @param name the name, with the schema if there is one
 * @param columns the columns
 * @param keys the columns of each unique key
 * @param indexes the other indexes
 */
public record ExpectedTable(String name, List<String> columns, List<List<String>> keys, List<String> indexes) {
    private static final Pattern TABLE =
            Pattern.compile("create table if not exists (\\S+) \\((.*?)\\n\\)", Pattern.DOTALL);
    private static final Pattern COLUMN = Pattern.compile("(?m)^    (?!constraint )(\\w+) ");
    private static final Pattern NOT_NULL = Pattern.compile("\\(\\w+ IS NOT NULL\\)");
    private static final Pattern KEY = Pattern.compile("(?:primary key|unique(?: nulls distinct)?) \\(([\\w, ]+)\\)");

    /** Reads the tables of a script. */
    public static List<ExpectedTable> of(String script) {
        List<ExpectedTable> tables = new ArrayList<>();
        Matcher table = TABLE.matcher(script);
        while (table.find()) {
            String name = table.group(1);
            Pattern index = Pattern.compile("create index if not exists (\\w+) on " + Pattern.quote(name) + " ");
            Pattern partialKey = Pattern.compile("create unique index if not exists \\w+ on " + Pattern.quote(name)
                    + " \\(([\\w, ]+)\\) where \\w+ is not null");
            tables.add(new ExpectedTable(
                    name,
                    all(COLUMN, table.group(2)),
                    Stream.concat(all(KEY, table.group(2)).stream(), all(partialKey, script).stream())
                            .map(key -> List.of(key.split(", ")))
                            .toList(),
                    all(index, script).stream()
                            .map(found -> found.toLowerCase(Locale.ROOT))
                            .toList()));
        }
        return tables;
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }

    /**
     * Lists the parts of this table that a database lacks.
     *
     * @param named the indexes that statements name, in lower case
     */
    public Missing missing(Connection connection, Dialect dialect, Set<String> named) throws SQLException {
        Set<String> found = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet empty = statement.executeQuery("select * from " + name + " where 1 = 0")) {
            ResultSetMetaData row = empty.getMetaData();
            for (int i = 1; i <= row.getColumnCount(); i++) {
                found.add(row.getColumnName(i).toLowerCase(Locale.ROOT));
            }
            List<String> wrong = new ArrayList<>();
            columns.stream()
                    .filter(column -> !found.contains(column))
                    .forEach(column -> wrong.add("column " + name + "." + column));
            String schema = dialect.schemaOf(connection, name, row);
            Map<String, List<String>> unique = indexes(connection, schema, row, true);
            keys.stream()
                    .filter(key -> unique.values().stream().noneMatch(columns -> same(columns, key)))
                    .forEach(key -> wrong.add("unique key " + name + " (" + String.join(", ", key) + ")"));
            inexactColumns(connection, dialect, schema, row.getTableName(1))
                    .forEach(column -> wrong.add("exact comparison of " + name + "." + column));
            Set<String> present = indexes(connection, schema, row, false).keySet();
            indexes.stream()
                    .filter(index -> named.contains(index) && !present.contains(index))
                    .forEach(index -> wrong.add("index " + index + " of " + name));
            return new Missing(wrong, !present.containsAll(indexes));
        } catch (SQLException e) {
            if (dialect.isMissing(e)) {
                return new Missing(List.of("table " + name), true);
            }
            throw e;
        }
    }

    private static List<String> inexactColumns(Connection connection, Dialect dialect, String schema, String table)
            throws SQLException {
        List<String> columns = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(dialect.inexactColumnsQuery())) {
            query.setString(1, schema);
            query.setString(2, table);
            try (ResultSet column = query.executeQuery()) {
                while (column.next()) {
                    columns.add(column.getString(1).toLowerCase(Locale.ROOT));
                }
            }
        }
        return columns;
    }

    private static boolean same(Collection<String> columns, Collection<String> key) {
        return columns.size() == key.size() && columns.containsAll(key);
    }

    private static Map<String, List<String>> indexes(
            Connection connection, String schema, ResultSetMetaData row, boolean unique) throws SQLException {
        Map<String, List<String>> indexes = new TreeMap<>();
        try (ResultSet column = connection
                .getMetaData()
                .getIndexInfo(orNull(row.getCatalogName(1)), schema, row.getTableName(1), unique, true)) {
            while (column.next()) {
                String condition = column.getString("FILTER_CONDITION");
                if (unique && condition != null && !NOT_NULL.matcher(condition).matches()) {
                    continue; // it holds for some rows only
                }
                String index = column.getString("INDEX_NAME").toLowerCase(Locale.ROOT);
                indexes.computeIfAbsent(index, unused -> new ArrayList<>())
                        .add(column.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
            }
        }
        return indexes;
    }

    private static @Nullable String orNull(@Nullable String name) {
        return name == null || name.isEmpty() ? null : name;
    }

    /**
     * The parts that a database lacks.
     *
     * @param essential the parts without which the store fails or errs
     * @param indexes whether indexes are missing, without which the store is slow
     */
    public record Missing(List<String> essential, boolean indexes) {}
}
