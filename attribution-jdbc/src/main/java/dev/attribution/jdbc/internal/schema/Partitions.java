package dev.attribution.jdbc.internal.schema;

import static java.time.ZoneOffset.UTC;

import dev.attribution.StorageException;
import dev.attribution.jdbc.internal.row.MonthlyPartitions;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.transaction.Connections;
import dev.attribution.jdbc.internal.transaction.SqlFaults;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The partitions of tables on PostgreSQL that are partitioned by month, by the time in their ids. */
public final class Partitions {
    /** What PostgreSQL raises if another process created the same table at the same time. */
    private static final Set<String> CREATED_MEANWHILE = Set.of("42P07", "23505", "42710");

    private static final Pattern BOUNDS = Pattern.compile("FROM \\('([0-9a-f-]{36})'\\) TO \\('([0-9a-f-]{36})'\\)");

    private final Connections connections;
    private final SqlFaults faults;
    private final TableNames tables;

    public Partitions(Connections connections, SqlFaults faults, TableNames tables) {
        this.connections = connections;
        this.faults = faults;
        this.tables = tables;
    }

    public void create(YearMonth first, YearMonth last) {
        withConnection("create partitions", connection -> {
            try (Statement statement = connection.createStatement()) {
                for (String sql : MonthlyPartitions.statements(tables, first, last)) {
                    create(statement, sql);
                }
            }
            requirePartitions(connection, first, last);
            return true;
        });
    }

    private static void create(Statement statement, String sql) throws SQLException {
        try {
            statement.execute(sql);
        } catch (SQLException e) {
            if (!CREATED_MEANWHILE.contains(e.getSQLState())) {
                throw e;
            }
        }
    }

    /** Another table may have had the name of a partition, and was left as it is. */
    private void requirePartitions(Connection connection, YearMonth first, YearMonth last) throws SQLException {
        Instant wanted = start(last.plusMonths(1));
        for (String table : MonthlyPartitions.tables(tables)) {
            Instant end = end(ranges(connection, table), start(first));
            if (end.isBefore(wanted)) {
                throw new StorageException(
                        "The table " + table + " has no partition for " + end
                                + ", though none was refused: another table"
                                + " seems to have the name "
                                + MonthlyPartitions.name(table, YearMonth.from(end.atOffset(UTC)))
                                + ". Rename it, and create the partitions again.",
                        false,
                        null);
            }
        }
    }

    private static Instant start(YearMonth month) {
        return month.atDay(1).atStartOfDay(UTC).toInstant();
    }

    /** Returns the end of the partitions that follow each other from an instant on, in the table that has the fewest. */
    public Instant until(Instant from) {
        return withConnection("read the partitions", connection -> {
            Instant until = Instant.MAX;
            for (String table : MonthlyPartitions.tables(tables)) {
                Instant end = end(ranges(connection, table), from);
                until = end.isBefore(until) ? end : until;
            }
            return until;
        });
    }

    /** A partition, without its end. */
    private record Range(Instant from, Instant to) {}

    private static Instant end(List<Range> ranges, Instant from) {
        Instant end = from;
        boolean isExtended = true;
        while (isExtended) {
            isExtended = false;
            for (Range range : ranges) {
                if (!range.from().isAfter(end) && range.to().isAfter(end)) {
                    end = range.to();
                    isExtended = true;
                }
            }
        }
        return end;
    }

    private static List<Range> ranges(Connection connection, String table) throws SQLException {
        List<Range> ranges = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                "select pg_get_expr(c.relpartbound, c.oid) from pg_inherits i join pg_class c on c.oid = i.inhrelid"
                        + " where i.inhparent = to_regclass(?)")) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    Matcher bounds = BOUNDS.matcher(row.getString(1));
                    if (bounds.find()) {
                        ranges.add(new Range(time(bounds.group(1)), time(bounds.group(2))));
                    }
                }
            }
        }
        return ranges;
    }

    private static Instant time(String id) {
        return Instant.ofEpochMilli(UUID.fromString(id).getMostSignificantBits() >>> 16);
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T withConnection(String what, Work<T> work) throws StorageException {
        try {
            Connection connection = connections.openConnection();
            try {
                return work.on(connection);
            } finally {
                Connections.quietly(() -> connections.closeConnection(connection));
            }
        } catch (SQLException e) {
            throw faults.translate(what, e, "Try again.");
        }
    }
}
