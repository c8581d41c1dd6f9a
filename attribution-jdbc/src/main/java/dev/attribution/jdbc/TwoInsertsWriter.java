package dev.attribution.jdbc;

import dev.attribution.spi.Settlement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** An insert for the conversion and one for its history entry, for databases on which a taken key breaks no transaction. */
final class TwoInsertsWriter implements SettlementWriter {
    private final Faults faults;
    private final String insertConversion;
    private final String insertHistory;

    TwoInsertsWriter(Tables tables, Dialect dialect, Faults faults) {
        this.faults = faults;
        this.insertConversion = ConversionTable.insert(tables);
        this.insertHistory = HistoryTable.insert(tables, dialect);
    }

    @Override
    public Set<UUID> write(Handle handle, List<Settlement> settlements) {
        Set<UUID> written = new HashSet<>();
        for (Settlement settlement : settlements) {
            if (isWritten(handle, settlement)) {
                written.add(settlement.entry().attemptId());
            }
        }
        return written;
    }

    @Override
    public boolean isOneStatement(List<Settlement> settlements) {
        return settlements.size() == 1 && settlements.get(0).credit().isEmpty();
    }

    private boolean isWritten(Handle handle, Settlement settlement) {
        return settlement.credit().isEmpty()
                ? isEntryInserted(handle, settlement)
                // the entry first: readers of H2 can see the rows of a commit appear one after the other
                : Savepoints.keepIf(
                        both -> both,
                        handle,
                        () -> isEntryInserted(handle, settlement)
                                && isConversionInserted(
                                        handle, settlement.credit().get()));
    }

    private boolean isConversionInserted(Handle handle, Settlement.Credit credit) {
        return faults.unlessTaken(() -> ConversionTable.bind(handle.createUpdate(insertConversion), credit)
                .execute());
    }

    private boolean isEntryInserted(Handle handle, Settlement settlement) {
        return faults.unlessTaken(() -> HistoryTable.bind(handle.createUpdate(insertHistory), settlement.entry())
                .execute());
    }
}
