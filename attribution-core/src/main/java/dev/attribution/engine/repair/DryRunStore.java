package dev.attribution.engine.repair;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.internal.Pages;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.support.CreditOrder;
import dev.attribution.spi.support.FactsOf;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A view of a store that keeps writes on the heap and answers as if they were stored. Not thread-safe. */
public final class DryRunStore implements AttributionStore, ConversionRepository {
    private static final int PAGE_SIZE = 1_000;

    private final AttributionStore store;
    private final Map<Scope, Set<Settlement.Effect>> effects = new HashMap<>();
    private final Map<UUID, Conversion> conversions = new HashMap<>();
    private final Map<UUID, Settlement> appended = new LinkedHashMap<>();

    public DryRunStore(AttributionStore store) {
        this.store = store;
    }

    /** {@return the history entries that would be stored, in the order in which they were appended} */
    public List<HistoryEntry> entries() {
        return appended.values().stream().map(Settlement::entry).toList();
    }

    @Override
    public boolean commitsByItself() {
        return false;
    }

    @Override
    public OfferRepository offers() {
        return store.offers();
    }

    @Override
    public ClickRepository clicks() {
        return store.clicks();
    }

    @Override
    public ConversionRepository conversions() {
        return this;
    }

    @Override
    public Optional<ReportRepository> reports() {
        return store.reports();
    }

    @Override
    public List<Facts> facts(List<FactsQuery> queries) {
        List<Facts> stored = store.conversions().facts(queries);
        List<Facts> facts = new ArrayList<>(queries.size());
        for (int i = 0; i < queries.size(); i++) {
            facts.add(with(stored.get(i), queries.get(i)));
        }
        return facts;
    }

    private Facts with(Facts stored, FactsQuery query) {
        Set<Settlement.Effect> relevant = new LinkedHashSet<>(effects.getOrDefault(query.scope(), Set.of()));
        relevant.addAll(effects.getOrDefault(new Scope.OfClick(query.clickId()), Set.of()));
        Facts facts = stored;
        for (Settlement.Effect effect : relevant) {
            Facts before = facts;
            facts = FactsOf.after(before, query, effect).orElseGet(() -> readdressed(before, query));
        }
        return facts;
    }

    /** Finds the next pending conversion among all of the click, as they would be stored. */
    private Facts readdressed(Facts facts, FactsQuery query) {
        Map<UUID, Conversion> ofClick = new HashMap<>();
        Pages.<Conversion, Cursor>forEach(
                (after, limit) -> store.reports()
                        .orElseThrow()
                        .conversions(
                                ReportFilter.builder().clickId(query.clickId()).build(), after, limit),
                Cursor::of,
                PAGE_SIZE,
                conversion -> ofClick.put(conversion.conversionId(), conversion));
        conversions.values().stream()
                .filter(conversion -> conversion.clickId().equals(query.clickId()))
                .forEach(conversion -> ofClick.put(conversion.conversionId(), conversion));
        Optional<Conversion> addressed =
                FactsOf.conversions(query, List.of(), ofClick.values()).addressed();
        return new Facts(facts.count(), facts.first(), facts.sameEvent(), addressed, facts.isAmbiguous());
    }

    @Override
    public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
        Map<UUID, Conversion> found = new HashMap<>(store.conversions().findConversions(conversionIds));
        conversionIds.stream().filter(conversions::containsKey).forEach(id -> found.put(id, conversions.get(id)));
        return found;
    }

    @Override
    public List<AppendResult> append(List<Settlement> settlements) {
        return CreditOrder.appendAll(settlements, this::append);
    }

    private AppendResult append(Settlement settlement, boolean isOrderBroken) {
        Settlement known = appended.get(settlement.entry().attemptId());
        if (known != null) {
            return new AppendResult.Known(known.entry(), known.effect().map(Settlement.Effect::conversion));
        }
        if (isOrderBroken) {
            return new AppendResult.Stale();
        }
        appended.put(settlement.entry().attemptId(), settlement);
        settlement.effect().ifPresent(effect -> {
            Conversion conversion = effect.conversion();
            conversions.put(conversion.conversionId(), conversion);
            for (Scope scope : List.of(Scope.ofClick(conversion), Scope.ofMember(conversion))) {
                effects.computeIfAbsent(scope, added -> new LinkedHashSet<>()).add(effect);
            }
        });
        return new AppendResult.Appended();
    }
}
