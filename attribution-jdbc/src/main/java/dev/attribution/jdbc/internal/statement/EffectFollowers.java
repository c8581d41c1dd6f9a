package dev.attribution.jdbc.internal.statement;

import dev.attribution.click.ClickId;
import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.HistoryTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Effect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The settlements of a list that follow an effect for their click. They were decided as if that effect were stored, and must
 * not be stored without it.
 */
final class EffectFollowers {
    private final RowsById<UUID, HistoryEntry> entries;

    EffectFollowers(Dialect dialect, TableNames tables) {
        this.entries = new RowsById<>(
                dialect, tables.history(), HistoryTable.COLUMNS, HistoryTable.WRITTEN.get(0), HistoryTable::read);
    }

    /** Returns whether a list has any. */
    static boolean areIn(List<Settlement> settlements) {
        Set<ClickId> affected = new HashSet<>();
        for (Settlement settlement : settlements) {
            if (isOfAny(affected, settlement)) {
                return true;
            }
            Effect effect = settlement.effect().orElse(null);
            if (effect != null) {
                affected.add(effect.conversion().clickId());
            }
        }
        return false;
    }

    static boolean isOfAny(Set<ClickId> clicks, Settlement settlement) {
        ClickId clickId = settlement.entry().clickId().orElse(null);
        return clickId != null && clicks.contains(clickId);
    }

    /** Returns the click of an effect that is not stored, neither now nor by an earlier append of the same list. */
    Optional<ClickId> clickIfUnstored(Handle handle, Settlement settlement) {
        return settlement
                .effect()
                .filter(effect -> entries
                        .read(handle, List.of(settlement.entry().attemptId()))
                        .stream()
                        .noneMatch(effect::isIn))
                .map(effect -> effect.conversion().clickId());
    }

    /**
     * Returns the settlements that follow an effect that is not stored.
     *
     * @param written the attempt ids of those that were written now
     */
    List<Settlement> ofUnstored(Handle handle, List<Settlement> settlements, Set<UUID> written) {
        List<UUID> others = settlements.stream()
                .filter(settlement -> settlement.effect().isPresent())
                .map(settlement -> settlement.entry().attemptId())
                .filter(attemptId -> !written.contains(attemptId))
                .toList();
        Map<UUID, HistoryEntry> known = new HashMap<>();
        entries.read(handle, others).forEach(entry -> known.put(entry.attemptId(), entry));
        Set<ClickId> broken = new HashSet<>();
        List<Settlement> followers = new ArrayList<>();
        for (Settlement settlement : settlements) {
            UUID attemptId = settlement.entry().attemptId();
            if (isOfAny(broken, settlement)) {
                followers.add(settlement);
            } else if (!written.contains(attemptId)) {
                settlement
                        .effect()
                        .filter(effect -> !isKnown(effect, known.get(attemptId)))
                        .ifPresent(effect -> broken.add(effect.conversion().clickId()));
            }
        }
        return followers;
    }

    private static boolean isKnown(Effect effect, @Nullable HistoryEntry entry) {
        return entry != null && effect.isIn(entry);
    }
}
