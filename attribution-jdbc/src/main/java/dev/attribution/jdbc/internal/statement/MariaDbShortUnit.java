package dev.attribution.jdbc.internal.statement;

import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.dialect.MariaDbDialect;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.ConversionTable.Row;
import dev.attribution.jdbc.internal.row.ExclusiveScopeTable;
import dev.attribution.jdbc.internal.row.HistoryTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.transaction.SqlFaults;
import dev.attribution.spi.Settlement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a short list of settlements as a transaction of its own in one round trip: MariaDB takes the inserts and the transaction
 * around them as one compound statement. Not for a connection that is in a transaction, which the statement would commit.
 */
final class MariaDbShortUnit {
    private static final Logger LOG = LoggerFactory.getLogger(MariaDbShortUnit.class);
    private static final int MAX_SETTLEMENTS = 15;

    private final SqlFaults faults;
    private final MultiRowInsert<HistoryEntry> history;
    private final MultiRowInsert<Row> scopes;
    private final MultiRowInsert<Row> conversions;
    private final AtomicBoolean isUnderstood = new AtomicBoolean(true);

    MariaDbShortUnit(SqlFaults faults, TableNames tables, Dialect dialect) {
        this.faults = faults;
        this.history = new MultiRowInsert<>(tables.history(), dialect, HistoryTable.WRITTEN);
        this.scopes = new MultiRowInsert<>(tables.exclusiveScope(), dialect, ExclusiveScopeTable.WRITTEN);
        this.conversions = new MultiRowInsert<>(tables.conversion(), dialect, ConversionTable.WRITTEN);
    }

    /** Returns whether the server understands the statement, as far as is known. */
    boolean isUnderstood() {
        return isUnderstood.get();
    }

    /** Returns whether the list is short, changes no conversion, and the server understands the statement. */
    boolean takes(List<Settlement> settlements) {
        return isUnderstood()
                && settlements.size() <= MAX_SETTLEMENTS
                && settlements.stream()
                        .allMatch(settlement -> settlement.change().isEmpty());
    }

    /**
     * Writes and commits the settlements.
     *
     * @return whether it did; if not, or if it throws, the caller must roll back
     */
    boolean tryWrite(Connection connection, List<Settlement> settlements) throws SQLException {
        List<HistoryEntry> entries = settlements.stream().map(Settlement::entry).toList();
        List<Row> added = settlements.stream()
                .flatMap(settlement -> ConversionTable.added(settlement).stream())
                .toList();
        List<Row> exclusive =
                added.stream().filter(row -> row.exclusiveScope().isPresent()).toList();
        // the driver fills the parameters in, since the server prepares no compound statement
        String sql = "/*client prepare*/begin not atomic " + MariaDbDialect.BEGIN + history.sql(entries.size())
                + (exclusive.isEmpty() ? "" : "; " + scopes.sql(exclusive.size()))
                + (added.isEmpty() ? "" : "; " + conversions.sql(added.size())) + "; " + MariaDbDialect.COMMIT
                + "; end";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int position = history.bindAll(statement, 1, entries);
            position = scopes.bindAll(statement, position, exclusive);
            conversions.bindAll(statement, position, added);
            return faults.tryInsert(() -> {
                statement.execute();
                return true;
            });
        } catch (SQLException e) {
            if (!MariaDbDialect.isNotUnderstood(e)) {
                throw e;
            }
            if (isUnderstood.compareAndSet(true, false)) {
                LOG.warn(
                        "MariaDB does not take a compound statement (error {}), so each write of postbacks takes several round"
                                + " trips instead of one. Connect to the server itself, or through a proxy that passes BEGIN NOT"
                                + " ATOMIC on, and build the store again.",
                        e.getErrorCode());
            }
            return false;
        }
    }
}
