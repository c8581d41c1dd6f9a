package dev.attribution.jdbc;

import dev.attribution.spi.Settlement;
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
    public boolean write(Handle handle, Settlement settlement) {
        return settlement.credit().isEmpty()
                ? isEntryInserted(handle, settlement)
                // the entry first: readers of H2 can see the rows of a commit appear one after the other
                : Savepoints.keepIf(
                        both -> both,
                        handle,
                        "attribution_settlement",
                        () -> isEntryInserted(handle, settlement)
                                && isConversionInserted(
                                        handle, settlement.credit().get()));
    }

    @Override
    public boolean isOneStatement(Settlement settlement) {
        return settlement.credit().isEmpty();
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
