package dev.attribution.jdbc;

import dev.attribution.history.HistoryEntry;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Credit;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Inserts for history entries and for conversions, for databases on which a taken key breaks no transaction. A list is
 * written in bulk: if no key of any was taken, all of them won. Otherwise it is undone, and each half is tried by itself.
 */
final class BulkSettlementWriter implements SettlementWriter {
    private final SqlFaults faults;
    private final BulkInsert<Credit> conversions;
    private final BulkInsert<HistoryEntry> history;

    BulkSettlementWriter(TableNames tables, Dialect dialect, SqlFaults faults) {
        this.faults = faults;
        this.conversions = dialect.bulkInsert(tables.conversion(), ConversionTable.WRITTEN);
        this.history = dialect.bulkInsert(tables.history(), HistoryTable.WRITTEN);
    }

    @Override
    public Set<UUID> write(Handle handle, List<Settlement> settlements) throws SQLException {
        Set<UUID> written = new HashSet<>();
        write(handle, settlements, written);
        return written;
    }

    private void write(Handle handle, List<Settlement> settlements, Set<UUID> written) throws SQLException {
        if (isWritten(handle, settlements)) {
            settlements.forEach(settlement -> written.add(settlement.entry().attemptId()));
        } else if (settlements.size() > 1) {
            int half = settlements.size() / 2;
            write(handle, settlements.subList(0, half), written);
            write(handle, settlements.subList(half, settlements.size()), written);
        }
    }

    private boolean isWritten(Handle handle, List<Settlement> settlements) throws SQLException {
        return isOneStatement(settlements)
                ? isDone(handle, settlements)
                : Savepoints.keepIf(written -> written, handle, () -> isDone(handle, settlements));
    }

    /** The entries first: readers of H2 can see the rows of a commit appear one after the other. */
    private boolean isDone(Handle handle, List<Settlement> settlements) throws SQLException {
        Connection connection = handle.getConnection();
        List<Credit> credits = settlements.stream()
                .flatMap(settlement -> settlement.credit().stream())
                .toList();
        return history.isDone(
                        faults,
                        connection,
                        settlements.stream().map(Settlement::entry).toList())
                && (credits.isEmpty() || conversions.isDone(faults, connection, credits));
    }

    @Override
    public boolean isOneStatement(List<Settlement> settlements) {
        return settlements.size() == 1 && settlements.get(0).credit().isEmpty();
    }
}
