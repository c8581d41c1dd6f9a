package dev.attribution.jdbc.internal.row;

import dev.attribution.conversion.Conversion;
import dev.attribution.jdbc.internal.row.ConversionTable.Row;
import dev.attribution.spi.support.KeptConversion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The table of the scopes that conversions hold exclusively. */
public final class ExclusiveScopeTable {
    /** The columns of a row, which is written with its conversion. */
    public static final List<Column<Row>> WRITTEN = List.of(
            new Column<>(
                    "scope", "uuid", row -> row.exclusiveScope().orElseThrow().key()),
            new Column<>("click_id", "uuid", row -> row.conversion().clickId().uuid()),
            new Column<>("conversion_id", "uuid", row -> row.conversion().conversionId()),
            new Column<>("claimed_at", "timestamptz", ExclusiveScopeTable::claimedAt));

    /** What is copied of a conversion that is deleted. */
    public static final List<Column<Conversion>> KEPT = List.of(
            new Column<>("kept_attempt_id", "uuid", Conversion::attemptId),
            new Column<>("kept_offer_id", "text", Conversion::offerId),
            new Column<>(
                    "kept_status", "text", conversion -> conversion.status().name()),
            new Column<>(
                    "kept_reversed_at",
                    "timestamptz",
                    conversion -> conversion.reversedAt().orElse(null)));

    /** What tells a scope whose conversion was deleted. */
    public static final String IS_KEPT = "kept_status is not null";

    private static final Map<String, String> AS_CONVERSION = Map.ofEntries(
            Map.entry("conversion_id", "conversion_id"),
            Map.entry("attempt_id", "kept_attempt_id"),
            Map.entry("click_id", "click_id"),
            Map.entry("offer_id", "kept_offer_id"),
            Map.entry("member_id", "'" + KeptConversion.MEMBER + "'"),
            Map.entry("member_scope", "scope"),
            Map.entry("converted_at", "claimed_at"),
            Map.entry("status", "kept_status"),
            Map.entry("revision", "1"),
            Map.entry("slot", "1"),
            Map.entry("approved_at", "case kept_status when 'APPROVED' then claimed_at end"),
            Map.entry("reversed_at", "case kept_status when 'REVERSED' then kept_reversed_at end"));

    /** The columns of a conversion, from what is kept of it. */
    public static final String KEPT_AS_CONVERSION = ConversionTable.WRITTEN.stream()
            .map(column -> AS_CONVERSION.getOrDefault(column.name(), "null") + " as " + column.name())
            .collect(Collectors.joining(", "));

    /** The same for PostgreSQL, which has to know the types. */
    public static final String TYPED_KEPT_AS_CONVERSION = ConversionTable.WRITTEN.stream()
            .map(column -> "cast(" + AS_CONVERSION.getOrDefault(column.name(), "null") + " as " + column.type()
                    + ") as " + column.name())
            .collect(Collectors.joining(", "));

    private ExclusiveScopeTable() {}

    private static Instant claimedAt(Row row) {
        return row.conversion().reinstatedAt().orElse(row.conversion().convertedAt());
    }
}
