package dev.attribution.jdbc.internal.statement;

import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ClickTable;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.HistoryTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.transaction.SqlFaults;
import org.jspecify.annotations.Nullable;

/**
 * The readers and writers of a store, as they suit its database.
 *
 * @param clicks writes lists of clicks
 * @param guardedClicks writes clicks only while their offers are unchanged; {@code null} on a database that needs several
 *     statements for it
 * @param settlements writes settlements
 * @param facts reads facts
 * @param lookUps looks up click, offer and facts; {@code null} on a database that needs several statements for it
 */
public record Statements(
        ClickWriter clicks,
        @Nullable PostgresGuardedClickWriter guardedClicks,
        SettlementWriter settlements,
        FactsReader facts,
        @Nullable PostgresLookUp lookUps) {

    /** Chooses the readers and writers for a database. */
    public static Statements of(Dialect dialect, TableNames tables) {
        SqlFaults faults = new SqlFaults(dialect);
        FactsReader stepwise = new StepwiseFactsReader(tables, dialect);
        return switch (dialect.vendor()) {
            case H2 ->
                new Statements(
                        new BulkClickWriter(
                                faults, new BatchInsert<>(tables.click(), dialect, ClickTable.WRITTEN), false),
                        null,
                        new BulkSettlementWriter(
                                faults,
                                new BatchInsert<>(tables.conversion(), dialect, ConversionTable.WRITTEN),
                                new BatchInsert<>(tables.history(), dialect, HistoryTable.WRITTEN)),
                        stepwise,
                        null);
            case MARIADB ->
                new Statements(
                        new BulkClickWriter(
                                faults, new MultiRowInsert<>(tables.click(), dialect, ClickTable.WRITTEN), true),
                        null,
                        new BulkSettlementWriter(
                                faults,
                                new MultiRowInsert<>(tables.conversion(), dialect, ConversionTable.WRITTEN),
                                new MultiRowInsert<>(tables.history(), dialect, HistoryTable.WRITTEN)),
                        stepwise,
                        null);
            case POSTGRESQL ->
                new Statements(
                        new PostgresClickWriter(tables, dialect),
                        new PostgresGuardedClickWriter(tables, dialect),
                        new PostgresSettlementWriter(tables, dialect),
                        new PostgresFactsReader(tables, stepwise),
                        new PostgresLookUp(tables));
        };
    }
}
