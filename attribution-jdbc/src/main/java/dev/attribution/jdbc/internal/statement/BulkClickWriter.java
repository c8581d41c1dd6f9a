package dev.attribution.jdbc.internal.statement;

import dev.attribution.click.Click;
import dev.attribution.jdbc.internal.transaction.SqlFaults;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Writes clicks in bulk, on a database where a taken key does not end the transaction. */
public final class BulkClickWriter implements ClickWriter {
    private final SqlFaults faults;
    private final BulkInsert<Click> insert;
    private final boolean needsNoTransaction;

    public BulkClickWriter(SqlFaults faults, BulkInsert<Click> insert, boolean needsNoTransaction) {
        this.faults = faults;
        this.insert = insert;
        this.needsNoTransaction = needsNoTransaction;
    }

    @Override
    public boolean write(Handle handle, List<Click> clicks) throws SQLException {
        return insert.tryInsertAll(faults, handle.getConnection(), clicks);
    }

    @Override
    public boolean needsNoTransaction() {
        return needsNoTransaction;
    }
}
