package dev.attribution.jdbc.internal.statement;

import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.ConversionTable.Row;
import dev.attribution.jdbc.internal.row.ExclusiveScopeTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.transaction.SqlFaults;
import dev.attribution.spi.Settlement.Change;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Updates a conversion if it still has the revision that the change was decided on. */
final class ChangeWriter {
    private final Dialect dialect;
    private final SqlFaults faults;
    private final RowParameters<Row> state;
    private final RowParameters<Row> stateAndPlace;
    private final String change;
    private final String changeWithPlace;
    private final RowParameters<Row> scope;
    private final String claim;

    ChangeWriter(Dialect dialect, SqlFaults faults, TableNames tables) {
        this.dialect = dialect;
        this.faults = faults;
        this.state = new RowParameters<>(dialect, ConversionTable.STATE);
        this.stateAndPlace = new RowParameters<>(dialect, ConversionTable.STATE_AND_PLACE);
        String which = " where click_id = ? and conversion_id = ? and revision = ?";
        this.change = "update " + tables.conversion() + " set " + state.assignments() + which;
        this.changeWithPlace = "update " + tables.conversion() + " set " + stateAndPlace.assignments() + which;
        this.scope = new RowParameters<>(dialect, ExclusiveScopeTable.WRITTEN);
        this.claim = "insert into " + tables.exclusiveScope() + " (" + scope.names() + ") values " + scope.values();
    }

    /** Returns whether the conversion was updated; not if it has another revision, or if a place is taken. */
    boolean tryUpdate(Connection connection, Change change) throws SQLException {
        boolean takesPlace = change.slot().isPresent();
        RowParameters<Row> columns = takesPlace ? stateAndPlace : state;
        Row changed = ConversionTable.changed(change);
        return faults.tryInsert(() -> {
            if (changed.exclusiveScope().isPresent()) {
                claim(connection, changed);
            }
            try (PreparedStatement statement =
                    connection.prepareStatement(takesPlace ? changeWithPlace : this.change)) {
                int position = columns.bind(statement, 1, changed);
                bindWhich(statement, position, change);
                return statement.executeUpdate() == 1;
            }
        });
    }

    private void claim(Connection connection, Row changed) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(claim)) {
            scope.bind(statement, 1, changed);
            statement.executeUpdate();
        }
    }

    /** Binds click, conversion and revision from a position on, and returns the next position. */
    int bindWhich(PreparedStatement statement, int from, Change change) throws SQLException {
        int position = from;
        statement.setObject(position++, dialect.value(change.before().clickId().uuid()));
        statement.setObject(position++, dialect.value(change.before().conversionId()));
        statement.setInt(position++, change.before().revision());
        return position;
    }
}
