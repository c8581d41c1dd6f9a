package dev.attribution.jdbc.internal.statement;

import dev.attribution.click.ClickId;
import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.ConversionTable.Row;
import dev.attribution.jdbc.internal.transaction.Savepoints;
import dev.attribution.jdbc.internal.transaction.SqlFaults;
import dev.attribution.jdbc.internal.transaction.Transactions;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Change;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Inserts history entries and conversions, and changes conversions, on databases where a taken key does not end the
 * transaction. A list is written in bulk: if no key was taken and no conversion has changed, all of them won. Otherwise the
 * list is undone and each half is tried by itself.
 */
public final class BulkSettlementWriter implements SettlementWriter {
    private final SqlFaults faults;
    private final EffectFollowers followers;
    private final BulkInsert<Row> scopes;
    private final BulkInsert<Row> conversions;
    private final BulkInsert<HistoryEntry> history;
    private final ChangeWriter changes;
    private final @Nullable MariaDbShortUnit shortUnits;

    /**
     * Creates a writer.
     *
     * @param shortUnits writes a short list as a transaction; {@code null} in this process, where a round trip costs nothing
     */
    BulkSettlementWriter(
            SqlFaults faults,
            EffectFollowers followers,
            BulkInsert<Row> scopes,
            BulkInsert<Row> conversions,
            BulkInsert<HistoryEntry> history,
            ChangeWriter changes,
            @Nullable MariaDbShortUnit shortUnits) {
        this.faults = faults;
        this.followers = followers;
        this.scopes = scopes;
        this.conversions = conversions;
        this.history = history;
        this.changes = changes;
        this.shortUnits = shortUnits;
    }

    @Override
    public Set<UUID> write(Handle handle, List<Settlement> settlements) throws SQLException {
        return write(handle, settlements, false);
    }

    @Override
    public Set<UUID> writeRefused(Handle handle, List<Settlement> settlements) throws SQLException {
        return write(handle, settlements, true);
    }

    private Set<UUID> write(Handle handle, List<Settlement> settlements, boolean areRefused) throws SQLException {
        Set<UUID> written = new HashSet<>();
        write(handle, settlements, areRefused, written, EffectFollowers.areIn(settlements) ? new HashSet<>() : null);
        return written;
    }

    @Override
    public boolean triesAll() {
        return true;
    }

    @Override
    public Trial tryWriteAll(Transactions transactions, String what, List<Settlement> settlements) {
        MariaDbShortUnit unit = shortUnits;
        if (unit == null) {
            return transactions.tryWrite(what, handle -> tryInsertTogether(handle, settlements))
                    ? Trial.WRITTEN
                    : Trial.REFUSED;
        }
        if (!unit.takes(settlements)) {
            return Trial.NOT_TRIED;
        }
        if (transactions.tryCommitted(what, handle -> unit.tryWrite(handle.getConnection(), settlements))) {
            return Trial.WRITTEN;
        }
        return unit.isUnderstood() ? Trial.REFUSED : Trial.NOT_TRIED;
    }

    /**
     * Writes what it can.
     *
     * @param areRefused whether they cannot all be written, as is known already
     * @param broken receives the clicks that have an effect that is not stored; {@code null} if nothing follows an effect
     */
    private void write(
            Handle handle,
            List<Settlement> settlements,
            boolean areRefused,
            Set<UUID> written,
            @Nullable Set<ClickId> broken)
            throws SQLException {
        if (settlements.isEmpty()) {
            return;
        }
        if (!areRefused && tryInsert(handle, settlements)) {
            settlements.forEach(settlement -> written.add(settlement.entry().attemptId()));
        } else if (settlements.size() > 1) {
            int half = settlements.size() / 2;
            write(handle, settlements.subList(0, half), false, written, broken);
            write(handle, without(settlements.subList(half, settlements.size()), broken), false, written, broken);
        } else if (broken != null) {
            followers.clickIfUnstored(handle, settlements.get(0)).ifPresent(broken::add);
        }
    }

    private static List<Settlement> without(List<Settlement> settlements, @Nullable Set<ClickId> broken) {
        return broken == null || broken.isEmpty()
                ? settlements
                : settlements.stream()
                        .filter(settlement -> !EffectFollowers.isOfAny(broken, settlement))
                        .toList();
    }

    private boolean tryInsert(Handle handle, List<Settlement> settlements) throws SQLException {
        return isOneStatement(settlements)
                ? tryInsertTogether(handle, settlements)
                : Savepoints.keepIf(success -> success, handle, () -> tryInsertTogether(handle, settlements));
    }

    /** Inserts the entries first, since readers of H2 may see the rows of a commit appear one after the other. */
    private boolean tryInsertTogether(Handle handle, List<Settlement> settlements) throws SQLException {
        Connection connection = handle.getConnection();
        List<Row> added = settlements.stream()
                .flatMap(settlement -> ConversionTable.added(settlement).stream())
                .toList();
        List<Row> exclusive =
                added.stream().filter(row -> row.exclusiveScope().isPresent()).toList();
        return history.tryInsertAll(
                        faults,
                        connection,
                        settlements.stream().map(Settlement::entry).toList())
                && (exclusive.isEmpty() || scopes.tryInsertAll(faults, connection, exclusive))
                && (added.isEmpty() || conversions.tryInsertAll(faults, connection, added))
                && tryUpdateAll(connection, settlements);
    }

    private boolean tryUpdateAll(Connection connection, List<Settlement> settlements) throws SQLException {
        for (Settlement settlement : settlements) {
            Change change = settlement.change().orElse(null);
            if (change != null && !changes.tryUpdate(connection, change)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean isOneStatement(List<Settlement> settlements) {
        return settlements.size() == 1 && settlements.get(0).effect().isEmpty();
    }
}
