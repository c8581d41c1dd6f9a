package dev.attribution.move;

import dev.attribution.AttributionException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.internal.Pages;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ReportRepository;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a store has about some click ids.
 *
 * @param clicks the clicks that are stored
 * @param entries the history of each id that has any
 * @param conversions the conversions and reservations of these ids
 */
record ClickRows(
        Map<ClickId, Click> clicks, Map<ClickId, List<HistoryEntry>> entries, Map<UUID, Conversion> conversions) {
    private static final int PAGE_SIZE = 1_000;

    static ReportRepository reports(AttributionStore store) {
        return store.reports()
                .orElseThrow(() ->
                        new AttributionException("A store without reports cannot be moved: its rows cannot be listed"));
    }

    /** History first: every conversion has an entry that names it, reservations included, which no report lists. */
    static ClickRows read(AttributionStore store, Collection<ClickId> clickIds) {
        Map<ClickId, List<HistoryEntry>> entries = new HashMap<>();
        Set<UUID> named = new HashSet<>();
        ReportRepository reports = reports(store);
        Pages.<HistoryEntry, Cursor>forEach(
                (after, limit) -> reports.history(clickIds, after, limit), Cursor::of, PAGE_SIZE, entry -> {
                    entries.computeIfAbsent(entry.clickId().orElseThrow(), added -> new ArrayList<>())
                            .add(entry);
                    entry.conversionId().ifPresent(named::add);
                });
        Map<UUID, Conversion> conversions = find(store, named);
        conversions.values().removeIf(conversion -> !clickIds.contains(conversion.clickId()));
        return new ClickRows(store.clicks().find(clickIds), entries, conversions);
    }

    static Map<UUID, Conversion> find(AttributionStore store, Collection<UUID> conversionIds) {
        List<UUID> ids = List.copyOf(conversionIds);
        Map<UUID, Conversion> found = new HashMap<>();
        for (int from = 0; from < ids.size(); from += PAGE_SIZE) {
            found.putAll(
                    store.conversions().findConversions(ids.subList(from, Math.min(from + PAGE_SIZE, ids.size()))));
        }
        return found;
    }

    static Optional<HistoryEntry> findEntry(AttributionStore store, UUID attemptId) {
        ReportFilter filter = ReportFilter.builder().attemptId(attemptId).build();
        return reports(store).history(filter, null, 1).stream().findFirst();
    }

    /** {@return whether the history that was read has every change of each conversion of a click} */
    boolean isWhole(ClickId clickId) {
        return conversions.values().stream()
                .filter(conversion -> conversion.clickId().equals(clickId))
                .allMatch(this::isWhole);
    }

    /** {@return whether the history that was read has every change of a conversion} */
    boolean isWhole(Conversion conversion) {
        return conversion.revision()
                == 1
                        + entriesOf(conversion.clickId()).stream()
                                .filter(entry -> entry.change().isPresent()
                                        && entry.conversionId().equals(Optional.of(conversion.conversionId())))
                                .count();
    }

    List<HistoryEntry> entriesOf(ClickId clickId) {
        return entries.getOrDefault(clickId, List.of());
    }

    /** {@return how many conversions of a click have a place} */
    long placesOf(ClickId clickId) {
        return conversions.values().stream()
                .filter(conversion -> conversion.clickId().equals(clickId) && !conversion.isReservation())
                .count();
    }
}
