package dev.attribution.jdbc.internal.schema;

import dev.attribution.StorageException;
import dev.attribution.jdbc.internal.row.ColumnValues;
import dev.attribution.jdbc.internal.row.ConversionTable;
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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Detaches old partitions: the clicks of a month first, then its conversions, of which the exclusive scopes keep what they need,
 * then the history of the months of which and before which no clicks are left. Each step is a transaction, and what a run
 * that was interrupted has left is done by the next one.
 */
public final class DetachedPartitions {
    private static final Pattern BOUNDS = Pattern.compile("FROM \\('([0-9a-f-]{36})'\\) TO \\('([0-9a-f-]{36})'\\)");
    private static final int MAX_ATTEMPTS = 200;

    private final Connections connections;
    private final SqlFaults faults;
    private final TableNames tables;

    public DetachedPartitions(Connections connections, SqlFaults faults, TableNames tables) {
        this.connections = connections;
        this.faults = faults;
        this.tables = tables;
    }

    /** A partition, without the end of its time. */
    private record Partition(String name, Instant from, Instant to) {}

    /** Returns the instant before which whole partitions lie. */
    public static Instant end(Instant before) {
        return YearMonth.from(before.atOffset(ZoneOffset.UTC))
                .atDay(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }

    /** Detaches what lies before an instant as a whole, and returns the names of the tables. */
    public List<String> detach(Instant before, Instant settledBefore) {
        try {
            Connection connection = connections.openConnection();
            try {
                return detach(connection, before, settledBefore);
            } finally {
                Connections.quietly(() -> connections.closeConnection(connection));
            }
        } catch (SQLException e) {
            throw faults.translate("detach partitions", e, "Run it again.");
        }
    }

    private List<String> detach(Connection connection, Instant before, Instant settledBefore) throws SQLException {
        List<String> detached = new ArrayList<>();
        List<Partition> conversions = old(connection, tables.conversion(), before);
        for (Partition clicks : old(connection, tables.click(), before)) {
            boolean isSettled = true;
            for (Partition some : conversions) {
                isSettled &= !overlap(some, clicks) || isSettled(connection, some, settledBefore);
            }
            if (isSettled) {
                detach(connection, tables.click(), clicks, detached, statement -> true);
            }
        }
        List<Partition> left = partitions(connection, tables.click());
        for (Partition some : conversions) {
            boolean hasClicks = left.stream().anyMatch(clicks -> overlap(some, clicks));
            if (!hasClicks && isSettled(connection, some, settledBefore)) {
                detach(connection, tables.conversion(), some, detached, statement -> {
                    statement.execute("lock table " + some.name() + " in share row exclusive mode");
                    statement.execute(keep(some));
                    return isSettled(connection, some, settledBefore); // also what was stored meanwhile
                });
            }
        }
        Instant oldest = left.stream()
                .map(Partition::from)
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
        Instant oldestConversions = partitions(connection, tables.conversion()).stream()
                .map(Partition::from)
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
        for (Partition history : old(connection, tables.history(), before)) {
            if (!history.to().isAfter(oldest) && !history.to().isAfter(oldestConversions)) {
                detach(connection, tables.history(), history, detached, statement -> true);
            }
        }
        return detached;
    }

    private static boolean overlap(Partition one, Partition other) {
        return one.from().isBefore(other.to()) && other.from().isBefore(one.to());
    }

    private List<Partition> old(Connection connection, String table, Instant before) throws SQLException {
        return partitions(connection, table).stream()
                .filter(partition -> !partition.to().isAfter(before))
                .sorted(Comparator.comparing(Partition::from))
                .toList();
    }

    private static List<Partition> partitions(Connection connection, String table) throws SQLException {
        List<Partition> partitions = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                "select cast(cast(c.oid as regclass) as text), pg_get_expr(c.relpartbound, c.oid) from pg_inherits i"
                        + " join pg_class c on c.oid = i.inhrelid where i.inhparent = to_regclass(?)")) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    Matcher bounds = BOUNDS.matcher(row.getString(2));
                    if (bounds.find()) {
                        partitions.add(new Partition(row.getString(1), time(bounds.group(1)), time(bounds.group(2))));
                    }
                }
            }
        }
        return partitions;
    }

    private static Instant time(String id) {
        return Instant.ofEpochMilli(UUID.fromString(id).getMostSignificantBits() >>> 16);
    }

    private static boolean isSettled(Connection connection, Partition conversions, Instant settledBefore)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select exists (select 1 from " + conversions.name()
                + " where " + ConversionTable.IS_UNSETTLED + ")")) {
            for (int i = 1; i <= ConversionTable.SETTLED_TIMES; i++) {
                query.setObject(i, ColumnValues.nearestStorable(settledBefore).atOffset(ZoneOffset.UTC));
            }
            try (ResultSet row = query.executeQuery()) {
                return row.next() && !row.getBoolean(1);
            }
        }
    }

    /** Copies what the exclusive scopes need of the conversions of a partition. */
    private String keep(Partition conversions) {
        return "update " + tables.exclusiveScope() + " as s set kept_attempt_id = c.attempt_id,"
                + " kept_offer_id = c.offer_id, kept_status = c.status, kept_reversed_at = c.reversed_at from "
                + conversions.name() + " as c where s.scope = c.member_scope and s.conversion_id = c.conversion_id";
    }

    /** Decides in the transaction of a detachment whether it takes place. */
    private interface Condition {
        boolean holds(Statement statement) throws SQLException;
    }

    /**
     * Detaches a partition if a condition holds, in one transaction. The lock is not waited for long, since every other call would
     * wait for it, too; it is requested again instead.
     */
    private void detach(
            Connection connection, String table, Partition partition, List<String> detached, Condition condition)
            throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    statement.execute("set local lock_timeout = '100ms'");
                    if (!condition.holds(statement)) {
                        connection.rollback();
                        return;
                    }
                    statement.execute("alter table " + table + " detach partition " + partition.name());
                    connection.commit();
                    detached.add(partition.name());
                    return;
                } catch (SQLException e) {
                    connection.rollback();
                    if (!"55P03".equals(e.getSQLState())) {
                        throw e;
                    }
                    if (attempt == MAX_ATTEMPTS) {
                        throw new StorageException(
                                "Could not detach " + partition.name() + ": transactions that last long use the table "
                                        + table + ". Run it again when they have ended.",
                                true,
                                e);
                    }
                }
            } finally {
                connection.setAutoCommit(true);
            }
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(50_000_000));
        }
    }
}
