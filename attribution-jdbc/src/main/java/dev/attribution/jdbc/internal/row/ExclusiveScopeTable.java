package dev.attribution.jdbc.internal.row;

import dev.attribution.jdbc.internal.row.ConversionTable.Row;
import java.time.Instant;
import java.util.List;

/** The table of the scopes that conversions hold exclusively. */
public final class ExclusiveScopeTable {
    /** The columns of a row, which is written with its conversion. */
    public static final List<Column<Row>> WRITTEN = List.of(
            new Column<>(
                    "scope", "uuid", row -> row.exclusiveScope().orElseThrow().key()),
            new Column<>("click_id", "uuid", row -> row.conversion().clickId().uuid()),
            new Column<>("conversion_id", "uuid", row -> row.conversion().conversionId()),
            new Column<>("claimed_at", "timestamptz", ExclusiveScopeTable::claimedAt));

    private ExclusiveScopeTable() {}

    private static Instant claimedAt(Row row) {
        return row.conversion().reinstatedAt().orElse(row.conversion().convertedAt());
    }
}
