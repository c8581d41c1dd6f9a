package dev.attribution.jdbc.internal.statement;

import dev.attribution.click.Click;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ClickTable;
import dev.attribution.jdbc.internal.row.TableNames;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Writes clicks with one PostgreSQL statement: a list as arrays, a single click with a statement that is planned once. */
public final class PostgresClickWriter implements ClickWriter {
    private final RowParameters<Click> parameters;
    private final String insertOne;
    private final String insertList;

    public PostgresClickWriter(TableNames tables, Dialect dialect) {
        this.parameters = new RowParameters<>(dialect, ClickTable.WRITTEN);
        String into = "insert into " + tables.click() + " (" + parameters.names() + ") ";
        String unlessTaken = " on conflict do nothing";
        this.insertOne = into + "values " + parameters.values() + unlessTaken;
        this.insertList = into + "select " + parameters.fromUnnested() + " from " + parameters.unnested("given")
                + " where " + PlannedOnce.isNotNull("click_id", "?") + unlessTaken;
    }

    @Override
    public boolean write(Handle handle, List<Click> clicks) throws SQLException {
        boolean isOne = clicks.size() == 1;
        try (PreparedStatement insert = PreparedEarly.prepare(handle.getConnection(), isOne ? insertOne : insertList)) {
            if (isOne) {
                parameters.bind(insert, 1, clicks.get(0));
            } else {
                insert.setInt(parameters.bindArrays(insert, 1, clicks), PlannedOnce.ROWS);
            }
            return insert.executeUpdate() == clicks.size();
        }
    }

    @Override
    public boolean needsNoTransaction() {
        return true;
    }
}
