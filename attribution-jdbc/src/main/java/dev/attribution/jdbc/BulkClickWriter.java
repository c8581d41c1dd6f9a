package dev.attribution.jdbc;

import dev.attribution.click.Click;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Writes clicks in bulk, on a database on which a taken key breaks no transaction. */
final class BulkClickWriter implements ClickWriter {
    private final SqlFaults faults;
    private final BulkInsert<Click> insert;
    private final boolean isAtOnce;

    BulkClickWriter(SqlFaults faults, BulkInsert<Click> insert, boolean isAtOnce) {
        this.faults = faults;
        this.insert = insert;
        this.isAtOnce = isAtOnce;
    }

    @Override
    public boolean write(Handle handle, List<Click> clicks) throws SQLException {
        return insert.isDone(faults, handle.getConnection(), clicks);
    }

    @Override
    public boolean isAtOnce() {
        return isAtOnce;
    }
}
