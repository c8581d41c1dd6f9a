package dev.attribution.jdbc.internal.statement;

import dev.attribution.jdbc.Vendor;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ClickTable;
import dev.attribution.jdbc.internal.row.Column;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.ExclusiveScopeTable;
import dev.attribution.jdbc.internal.row.HistoryTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.transaction.SqlFaults;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The readers and writers of a store, as they suit its database.
 *
 * @param clicks writes lists of clicks
 * @param guardedClicks writes clicks only while their offers are unchanged; {@code null} on a database that needs several
 *     statements for it
 * @param clickCopy copies long lists of clicks; {@code null} on a database that cannot
 * @param settlements writes settlements
 * @param facts reads facts
 * @param lookUps looks up click, offer and facts
 * @param settler looks up one postback and settles it; {@code null} on a database that needs several statements for it
 */
public record Statements(
        ClickWriter clicks,
        @Nullable PostgresGuardedClickWriter guardedClicks,
        @Nullable PostgresClickCopy clickCopy,
        SettlementWriter settlements,
        FactsReader facts,
        LookUps lookUps,
        @Nullable PostgresSettler settler) {

    /**
     * Chooses the readers and writers for a database.
     *
     * @param isPartitioned whether the tables are partitioned by the time of their ids
     */
    public static Statements of(Dialect dialect, TableNames tables, boolean isPartitioned) {
        return switch (dialect.vendor()) {
            case H2 -> inBulk(dialect, tables, BatchInsert::new, false);
            case MARIADB -> inBulk(dialect, tables, MultiRowInsert::new, true);
            case POSTGRESQL -> {
                PostgresLookUp lookUps = new PostgresLookUp(tables, isPartitioned);
                yield new Statements(
                        new PostgresClickWriter(tables, dialect),
                        new PostgresGuardedClickWriter(tables, dialect),
                        new PostgresClickCopy(tables, new SqlFaults(dialect)),
                        new PostgresSettlementWriter(tables, dialect),
                        new PostgresFactsReader(tables, dialect, new StepwiseFactsReader(tables, dialect)),
                        lookUps,
                        new PostgresSettler(lookUps, tables, dialect));
            }
        };
    }

    private static Statements inBulk(
            Dialect dialect, TableNames tables, Inserts inserts, boolean clicksNeedNoTransaction) {
        SqlFaults faults = new SqlFaults(dialect);
        StepwiseFactsReader facts = new StepwiseFactsReader(tables, dialect);
        return new Statements(
                new BulkClickWriter(
                        faults, inserts.into(tables.click(), dialect, ClickTable.WRITTEN), clicksNeedNoTransaction),
                null,
                null,
                new BulkSettlementWriter(
                        faults,
                        new EffectFollowers(dialect, tables),
                        inserts.into(tables.exclusiveScope(), dialect, ExclusiveScopeTable.WRITTEN),
                        inserts.into(tables.conversion(), dialect, ConversionTable.WRITTEN),
                        inserts.into(tables.history(), dialect, HistoryTable.WRITTEN),
                        new ChangeWriter(dialect, faults, tables),
                        dialect.vendor() == Vendor.MARIADB ? new MariaDbShortUnit(faults, tables, dialect) : null),
                facts,
                new JoinedLookUp(tables, dialect, facts),
                null);
    }

    /** The kind of bulk insert of a database. */
    private interface Inserts {
        <R> BulkInsert<R> into(String table, Dialect dialect, List<Column<R>> columns);
    }
}
