package dev.attribution.jdbc.internal.statement;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ColumnValues;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Credit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * The settlements of a list that follow a credit of their click. They were decided as if that credit were stored, and must not be
 * stored without it.
 */
final class CreditFollowers {
    private final RowsById<UUID, UUID> conversions;

    CreditFollowers(Dialect dialect, TableNames tables) {
        this.conversions = new RowsById<>(
                dialect,
                tables.conversion(),
                "conversion_id",
                ConversionTable.WRITTEN.get(0),
                (row, context) -> ColumnValues.uuid(row, "conversion_id", context));
    }

    /** Returns whether a list has any. */
    static boolean areIn(List<Settlement> settlements) {
        Set<ClickId> credited = new HashSet<>();
        for (Settlement settlement : settlements) {
            if (isOfAny(credited, settlement)) {
                return true;
            }
            settlement
                    .credit()
                    .ifPresent(credit -> credited.add(credit.conversion().clickId()));
        }
        return false;
    }

    static boolean isOfAny(Set<ClickId> clicks, Settlement settlement) {
        return settlement.entry().clickId().filter(clicks::contains).isPresent();
    }

    /** Returns the click of a credit that is not stored, neither now nor by an earlier append of the same list. */
    Optional<ClickId> clickIfUnstored(Handle handle, Settlement settlement) {
        return settlement
                .credit()
                .map(Credit::conversion)
                .filter(won ->
                        conversions.read(handle, List.of(won.conversionId())).isEmpty())
                .map(Conversion::clickId);
    }

    /**
     * Returns the settlements that follow a credit that is not stored.
     *
     * @param written the attempt ids of those that were written now
     */
    List<Settlement> ofUnstored(Handle handle, List<Settlement> settlements, Set<UUID> written) {
        List<UUID> others = settlements.stream()
                .filter(settlement -> !written.contains(settlement.entry().attemptId()))
                .flatMap(settlement -> settlement.credit().stream())
                .map(credit -> credit.conversion().conversionId())
                .toList();
        Set<UUID> stored = Set.copyOf(conversions.read(handle, others));
        Set<ClickId> broken = new HashSet<>();
        List<Settlement> followers = new ArrayList<>();
        for (Settlement settlement : settlements) {
            if (isOfAny(broken, settlement)) {
                followers.add(settlement);
            } else if (!written.contains(settlement.entry().attemptId())) {
                settlement
                        .credit()
                        .map(Credit::conversion)
                        .filter(won -> !stored.contains(won.conversionId()))
                        .ifPresent(won -> broken.add(won.clickId()));
            }
        }
        return followers;
    }
}
