package dev.attribution.jdbc;

import dev.attribution.click.Click;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Writes a list of clicks as a batch of the driver's. */
final class ClickBatchWriter implements ClickWriter {
    private final Faults faults;
    private final String insert;

    ClickBatchWriter(Tables tables, Dialect dialect, Faults faults) {
        this.faults = faults;
        this.insert = ClickTable.insert(tables, dialect);
    }

    @Override
    public boolean write(Handle handle, List<Click> clicks) {
        // a batch goes on behind a row that fails: all or nothing needs a savepoint
        return Savepoints.keepIf(inserted -> inserted, handle, () -> {
            PreparedBatch batch = handle.prepareBatch(insert);
            clicks.forEach(click -> ClickTable.bind(batch, click).add());
            return faults.unlessTaken(() -> Math.min(1, batch.execute().length));
        });
    }

    @Override
    public boolean isOneStatement() {
        return false;
    }
}
