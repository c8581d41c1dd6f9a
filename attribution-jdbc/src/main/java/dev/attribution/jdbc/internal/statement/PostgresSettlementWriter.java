package dev.attribution.jdbc.internal.statement;

import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.HistoryTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.transaction.Savepoints;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Credit;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Writes a conversion and its history entry with one PostgreSQL statement: the conversion if all its places are free and its
 * attempt is not in the history yet, the entry if the conversion was written. Unique keys decide which of several wins, and
 * the others wait for it. A list is one statement over arrays, which would cost a single settlement twice as much.
 */
public final class PostgresSettlementWriter implements SettlementWriter {
    private final CreditFollowers followers;
    private final RowParameters<Credit> credits;
    private final RowParameters<HistoryEntry> entries;
    private final String credit;
    private final String entry;
    private final String list;

    public PostgresSettlementWriter(TableNames tables, Dialect dialect) {
        this.followers = new CreditFollowers(dialect, tables);
        this.credits = new RowParameters<>(dialect, ConversionTable.WRITTEN);
        this.entries = new RowParameters<>(dialect, HistoryTable.WRITTEN);
        String intoConversion = "insert into " + tables.conversion() + " (" + credits.names() + ") select ";
        String intoHistory = "insert into " + tables.history() + " (" + entries.names() + ") select ";
        String unlessKnown = " where not exists (select 1 from " + tables.history() + " where attempt_id = ";
        String unlessTaken = " on conflict do nothing";
        this.credit = "with credit as (" + intoConversion + credits.selected() + unlessKnown + "cast(? as uuid))"
                + unlessTaken + " returning attempt_id) " + intoHistory + entries.selected() + " from credit"
                + unlessTaken;
        this.entry = intoHistory + entries.selected() + unlessTaken;
        this.list = "with credit as (" + intoConversion + "given.* from " + credits.unnested("given")
                // a lateral join with a limit looks each attempt up by the key, whatever the planner knows of the table
                + " left join lateral (select 1 as found from " + tables.history()
                + " where attempt_id = given.attempt_id limit 1) as known on true"
                + " where known.found is null and given.attempt_id is not null" + unlessTaken
                + " returning attempt_id) "
                + intoHistory + entries.fromUnnested()
                + " from " + entries.unnested("given")
                + " where outcome <> 'ATTRIBUTED' or attempt_id in (select attempt_id from credit)" + unlessTaken
                + " returning attempt_id";
    }

    @Override
    public Set<UUID> write(Handle handle, List<Settlement> settlements) throws SQLException {
        if (settlements.size() == 1) {
            return writeOne(handle, settlements.get(0));
        }
        return CreditFollowers.areIn(settlements) ? writeInOrder(handle, settlements) : writeList(handle, settlements);
    }

    /** Writes a list. If that stores what follows a credit that is not stored, undoes it and writes the list without that. */
    private Set<UUID> writeInOrder(Handle handle, List<Settlement> settlements) throws SQLException {
        List<Settlement> rest = settlements;
        while (true) {
            List<Settlement> some = rest;
            List<Settlement> orphans = new ArrayList<>();
            Set<UUID> written = Savepoints.keepIf(
                    attempts -> orphans.stream()
                            .noneMatch(
                                    orphan -> attempts.contains(orphan.entry().attemptId())),
                    handle,
                    () -> {
                        Set<UUID> attempts = writeList(handle, some);
                        orphans.addAll(followers.ofUnstored(handle, some, attempts));
                        return attempts;
                    });
            if (orphans.stream()
                    .noneMatch(orphan -> written.contains(orphan.entry().attemptId()))) {
                return written;
            }
            rest = new ArrayList<>(some);
            rest.removeAll(orphans);
        }
    }

    private Set<UUID> writeOne(Handle handle, Settlement settlement) throws SQLException {
        UUID attemptId = settlement.entry().attemptId();
        boolean isCredit = settlement.credit().isPresent();
        try (PreparedStatement statement = handle.getConnection().prepareStatement(isCredit ? credit : entry)) {
            int position = 1;
            if (isCredit) {
                position = credits.bind(statement, position, settlement.credit().get());
                statement.setObject(position++, attemptId);
            }
            entries.bind(statement, position, settlement.entry());
            return statement.executeUpdate() == 1 ? Set.of(attemptId) : Set.of();
        }
    }

    private Set<UUID> writeList(Handle handle, List<Settlement> settlements) throws SQLException {
        try (PreparedStatement statement = handle.getConnection().prepareStatement(list)) {
            int position = credits.bindArrays(
                    statement,
                    1,
                    settlements.stream()
                            .flatMap(settlement -> settlement.credit().stream())
                            .toList(),
                    PostgresArrays.PLANNED_ONCE);
            entries.bindArrays(
                    statement,
                    position,
                    settlements.stream().map(Settlement::entry).toList(),
                    PostgresArrays.PLANNED_ONCE);
            try (ResultSet row = statement.executeQuery()) {
                Set<UUID> written = new HashSet<>();
                while (row.next()) {
                    written.add(row.getObject(1, UUID.class));
                }
                return written;
            }
        }
    }

    @Override
    public boolean isOneStatement(List<Settlement> settlements) {
        return !CreditFollowers.areIn(settlements);
    }
}
