package dev.attribution.jdbc.internal.statement;

import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.Column;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.ConversionTable.Row;
import dev.attribution.jdbc.internal.row.ExclusiveScopeTable;
import dev.attribution.jdbc.internal.row.HistoryTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.transaction.Savepoints;
import dev.attribution.jdbc.internal.transaction.SqlFaults;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Change;
import dev.attribution.spi.Settlement.Credit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Writes a conversion and its history entry with one PostgreSQL statement: the conversion if all its places are free and its
 * attempt is not in the history yet, the entry if the conversion was written. Unique keys decide which of several wins, and
 * the others wait for it. A list is one statement over arrays, which would cost a single settlement twice as much.
 */
public final class PostgresSettlementWriter implements SettlementWriter {
    private static final String DIVISION_BY_ZERO = "22012";

    /** The columns of an entry, and whether it must not be written without its effect. */
    private static final List<Column<Settlement>> EFFECTIVE_ENTRIES = Stream.concat(
                    HistoryTable.WRITTEN.stream()
                            .map(column -> new Column<Settlement>(
                                    column.name(),
                                    column.type(),
                                    settlement -> column.value().apply(settlement.entry()))),
                    Stream.of(new Column<Settlement>(
                            "effective",
                            "bool",
                            settlement -> settlement.effect().isPresent())))
            .toList();

    private final Dialect dialect;
    private final EffectFollowers followers;
    private final RowParameters<Row> scope;
    private final RowParameters<Row> added;
    private final RowParameters<HistoryEntry> entries;
    private final RowParameters<Settlement> effectiveEntries;
    private final RowParameters<Row> state;
    private final ChangeWriter changes;
    private final GrowingStatement add;
    private final String claim;
    private final GrowingStatement claimAndAdd;
    private final String entry;
    private final String change;
    private final PostgresListInsert list;
    private final GrowingStatement listOfTwo;

    public PostgresSettlementWriter(TableNames tables, Dialect dialect) {
        this.dialect = dialect;
        this.followers = new EffectFollowers(dialect, tables);
        this.scope = new RowParameters<>(dialect, ExclusiveScopeTable.WRITTEN);
        this.added = new RowParameters<>(dialect, ConversionTable.WRITTEN);
        this.entries = new RowParameters<>(dialect, HistoryTable.WRITTEN);
        this.effectiveEntries = new RowParameters<>(dialect, EFFECTIVE_ENTRIES);
        String intoConversion = "insert into " + tables.conversion() + " (" + added.names() + ") select ";
        String intoHistory = "insert into " + tables.history() + " (" + entries.names() + ") select ";
        String unlessKnown = " where not exists (select 1 from " + tables.history() + " where attempt_id = ";
        String unlessTaken = " on conflict do nothing";
        this.state = new RowParameters<>(dialect, ConversionTable.STATE);
        this.changes = new ChangeWriter(dialect, new SqlFaults(dialect), tables);
        this.add = new GrowingStatement(
                "with added as (" + intoConversion + added.selected() + unlessKnown + "cast(? as uuid))"
                        + unlessTaken + " returning attempt_id) " + intoHistory + entries.selected() + " from added"
                        + unlessTaken);
        this.claim = "insert into " + tables.exclusiveScope() + " (" + scope.names() + ") select " + scope.names()
                + " from " + scope.unnested("given") + " where " + PlannedOnce.isNotNull("scope", "?") + unlessTaken
                + " returning scope";
        // claims the scope, then adds the conversion, then the entry; fails as a whole if it would claim and not add
        this.claimAndAdd = new GrowingStatement("with claimed as (insert into " + tables.exclusiveScope() + " ("
                + scope.names()
                + ") select "
                + scope.selected() + unlessKnown + "cast(? as uuid))" + unlessTaken + " returning scope), added as ("
                + intoConversion + added.selected() + " from claimed" + unlessTaken
                + " returning attempt_id), entry as ("
                + intoHistory + entries.selected() + " from added" + unlessTaken + " returning attempt_id)"
                + " select case when exists (select 1 from claimed) then 1 / (select count(*) from entry) else 0 end");
        this.entry = intoHistory + entries.selected() + unlessTaken;
        String which = " from " + tables.conversion() + " where click_id = ? and conversion_id = ? and revision = ?";
        // the entry first: the change follows it if the revision is still the same, and if the attempt is not known
        this.change = "with unchanged as (select conversion_id" + which + " for update), entry as ("
                + intoHistory + entries.selected() + " from unchanged" + unlessTaken + " returning attempt_id)"
                + " update " + tables.conversion() + " as c set " + state.selectedAssignments()
                + " from unchanged, entry"
                // the parameter says which partition
                + " where c.click_id = cast(? as uuid) and c.conversion_id = unchanged.conversion_id";
        this.list = new PostgresListInsert(tables, dialect);
        this.listOfTwo = new GrowingStatement("with added as (" + intoConversion + "given.* from "
                + added.unnested("given")
                // a lateral join with a limit looks each attempt up by the key, whatever the planner knows of the table
                + " left join lateral (select 1 as found from " + tables.history()
                + " where attempt_id = given.attempt_id limit 1) as known on true"
                + " where known.found is null" + unlessTaken
                + " returning attempt_id) "
                + intoHistory + entries.fromUnnested()
                + " from " + effectiveEntries.unnested("given")
                + " where (not effective or attempt_id in (select attempt_id from added)) and "
                + PlannedOnce.isNotNull("attempt_id", "?") + unlessTaken
                + " returning attempt_id");
    }

    @Override
    public Set<UUID> write(Handle handle, List<Settlement> settlements) throws SQLException {
        if (settlements.size() == 1) {
            Settlement only = settlements.get(0);
            if (!isExclusive(only)) {
                return writeOne(handle, only);
            }
            if (handle.getConnection().getAutoCommit()) {
                return claimAndAdd(handle, only);
            }
        }
        return EffectFollowers.areIn(settlements)
                        || settlements.stream().anyMatch(PostgresSettlementWriter::isExclusive)
                ? writeDependent(handle, settlements)
                : writeList(handle, settlements);
    }

    /** Writes a credit with an exclusive scope in one statement, which commits by itself and is undone if it fails. */
    private Set<UUID> claimAndAdd(Handle handle, Settlement credit) throws SQLException {
        Row row = ConversionTable.added(credit).orElseThrow();
        UUID attemptId = credit.entry().attemptId();
        try (PreparedStatement statement = PreparedEarly.prepare(handle.getConnection(), claimAndAdd.text(1))) {
            int position = scope.bind(statement, 1, row);
            statement.setObject(position++, attemptId);
            position = added.bind(statement, position, row);
            entries.bind(statement, position, credit.entry());
            try (ResultSet written = statement.executeQuery()) {
                written.next();
                return written.getInt(1) == 1 ? Set.of(attemptId) : Set.of();
            }
        } catch (SQLException e) {
            if (DIVISION_BY_ZERO.equals(e.getSQLState())) {
                return Set.of(); // a place of the click is taken
            }
            throw e;
        }
    }

    private static boolean isExclusive(Settlement settlement) {
        return settlement.credit().flatMap(Credit::exclusiveScope).isPresent();
    }

    /**
     * Writes a list in which settlements depend on each other: what follows an effect of its click depends on it, and a scope
     * must not be claimed without its conversion. If one is stored without the other, undoes the list and writes the rest of it.
     */
    private Set<UUID> writeDependent(Handle handle, List<Settlement> settlements) throws SQLException {
        List<Settlement> rest = settlements;
        while (!rest.isEmpty()) {
            List<Settlement> some = rest;
            List<Settlement> halves = new ArrayList<>();
            Set<UUID> written = Savepoints.keepIf(attempts -> halves.isEmpty(), handle, () -> {
                List<Settlement> claimed = claimScopes(handle, some);
                Set<UUID> attempts = claimed.isEmpty() ? Set.of() : writeList(handle, claimed);
                claimed.stream()
                        .filter(settlement -> isExclusive(settlement)
                                && !attempts.contains(settlement.entry().attemptId()))
                        .forEach(halves::add);
                followers.ofUnstored(handle, some, attempts).stream()
                        .filter(orphan -> attempts.contains(orphan.entry().attemptId()))
                        .forEach(halves::add);
                return attempts;
            });
            if (halves.isEmpty()) {
                return written;
            }
            rest = new ArrayList<>(some);
            rest.removeAll(halves);
        }
        return Set.of();
    }

    /** Claims exclusive scopes, and returns the settlements without those for which the scope is taken. */
    private List<Settlement> claimScopes(Handle handle, List<Settlement> settlements) throws SQLException {
        List<Row> exclusive = settlements.stream()
                .filter(PostgresSettlementWriter::isExclusive)
                .flatMap(settlement -> ConversionTable.added(settlement).stream())
                .toList();
        if (exclusive.isEmpty()) {
            return settlements;
        }
        Set<UUID> claimed = new HashSet<>();
        try (PreparedStatement statement = PreparedEarly.prepare(handle.getConnection(), claim)) {
            statement.setInt(scope.bindArrays(statement, 1, exclusive), PlannedOnce.ROWS);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    claimed.add(row.getObject(1, UUID.class));
                }
            }
        }
        return settlements.stream()
                .filter(settlement -> settlement
                        .credit()
                        .flatMap(Credit::exclusiveScope)
                        .map(scope -> claimed.remove(scope.key())) // of several, the first one
                        .orElse(true))
                .toList();
    }

    private Set<UUID> writeOne(Handle handle, Settlement settlement) throws SQLException {
        boolean takesPlace =
                settlement.change().map(some -> some.slot().isPresent()).orElse(false);
        boolean isWritten = takesPlace
                ? Savepoints.keepIf(success -> success, handle, () -> reinstate(handle, settlement))
                : write(handle, settlement);
        return isWritten ? Set.of(settlement.entry().attemptId()) : Set.of();
    }

    private boolean write(Handle handle, Settlement settlement) throws SQLException {
        Change changed = settlement.change().orElse(null);
        Row row = ConversionTable.added(settlement).orElse(null);
        String sql = changed != null ? change : row != null ? add.text(1) : entry;
        try (PreparedStatement statement = PreparedEarly.prepare(handle.getConnection(), sql)) {
            int position = 1;
            if (changed != null) {
                position = changes.bindWhich(statement, position, changed);
            } else if (row != null) {
                position = added.bind(statement, position, row);
                statement.setObject(position++, settlement.entry().attemptId());
            }
            position = entries.bind(statement, position, settlement.entry());
            if (changed != null) {
                position = state.bind(statement, position, ConversionTable.changed(changed));
                statement.setObject(position, changed.before().clickId().uuid());
            }
            return statement.executeUpdate() == 1;
        }
    }

    /** A taken place ends the transaction up to the savepoint. */
    private boolean reinstate(Handle handle, Settlement settlement) throws SQLException {
        if (!changes.tryUpdate(handle.getConnection(), settlement.change().orElseThrow())) {
            return false;
        }
        try (PreparedStatement statement = PreparedEarly.prepare(handle.getConnection(), entry)) {
            entries.bind(statement, 1, settlement.entry());
            return statement.executeUpdate() == 1;
        }
    }

    /** Writes changes one by one: a statement cannot change a conversion that it adds, nor one conversion twice. */
    private Set<UUID> writeList(Handle handle, List<Settlement> settlements) throws SQLException {
        Set<UUID> written = new HashSet<>();
        List<Settlement> unchanging = settlements.stream()
                .filter(settlement -> settlement.change().isEmpty())
                .toList();
        if (!unchanging.isEmpty()) {
            addAll(handle, unchanging, written);
        }
        for (Settlement settlement : settlements) {
            if (settlement.change().isPresent()) {
                written.addAll(writeOne(handle, settlement));
            }
        }
        return written;
    }

    /**
     * Adds a list. Attempts are new unless an answer was lost, so a list that commits by itself is first written as if no attempt were known.
     * If one is, the key of the history undoes the whole statement.
     */
    private void addAll(Handle handle, List<Settlement> settlements, Set<UUID> written) throws SQLException {
        Connection connection = handle.getConnection();
        if (connection.getAutoCommit()) {
            Optional<PostgresListInsert.Prepared> insert = list.prepare(settlements, true);
            if (insert.isPresent()) {
                try {
                    addAll(connection, insert.get(), written);
                    return;
                } catch (SQLException e) {
                    if (!dialect.isDuplicateKey(e)) {
                        throw e;
                    }
                    written.clear();
                }
            }
        }
        addAll(connection, list.prepare(settlements, false).orElseGet(() -> prepareOfTwo(settlements)), written);
    }

    private static void addAll(Connection connection, PostgresListInsert.Prepared insert, Set<UUID> written)
            throws SQLException {
        try (PreparedStatement statement = PreparedEarly.prepare(connection, insert.sql())) {
            insert.binding().to(statement);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    written.add(row.getObject(1, UUID.class));
                }
            }
        }
    }

    /** For conversions that differ from their entries in what they mostly have in common. */
    private PostgresListInsert.Prepared prepareOfTwo(List<Settlement> settlements) {
        return new PostgresListInsert.Prepared(listOfTwo.text(settlements.size()), statement -> {
            int position = added.bindArrays(
                    statement,
                    1,
                    settlements.stream()
                            .flatMap(settlement -> ConversionTable.added(settlement).stream())
                            .toList());
            statement.setInt(effectiveEntries.bindArrays(statement, position, settlements), PlannedOnce.ROWS);
        });
    }

    @Override
    public boolean isOneStatement(List<Settlement> settlements) {
        return settlements.size() == 1
                ? settlements.get(0).change().map(some -> some.slot().isEmpty()).orElse(true)
                : settlements.stream()
                                .allMatch(settlement -> settlement.change().isEmpty() && !isExclusive(settlement))
                        && !EffectFollowers.areIn(settlements);
    }
}
