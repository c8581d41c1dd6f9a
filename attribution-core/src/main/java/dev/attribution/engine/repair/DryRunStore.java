package dev.attribution.engine.repair;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.report.Cursor;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.support.CreditOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A view of a store that keeps writes on the heap and answers as if they were stored. Not thread-safe. */
public final class DryRunStore implements AttributionStore, ConversionRepository {
    private static final Comparator<Conversion> EARLIEST_FIRST =
            Comparator.comparing(Cursor::of, Cursor.NEWEST_FIRST.reversed());

    private final AttributionStore store;
    private final Map<Scope, List<Conversion>> won = new HashMap<>();
    private final Map<UUID, Settlement> appended = new HashMap<>();

    public DryRunStore(AttributionStore store) {
        this.store = store;
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
        List<Conversion> added = won.getOrDefault(query.scope(), List.of());
        return new Facts(
                stored.count() + added.size(),
                earliest(stored.first(), added, conversion -> true),
                earliest(
                        stored.sameEvent(),
                        added,
                        conversion -> Objects.equals(conversion.eventId().orElse(null), query.eventId())),
                earliest(
                        stored.sameTransaction(),
                        added,
                        conversion -> conversion.transactionId().isPresent()
                                && conversion.transactionId().get().equals(query.transactionId())));
    }

    private static Optional<Conversion> earliest(
            Optional<Conversion> stored, List<Conversion> added, Predicate<Conversion> condition) {
        return Stream.concat(stored.stream(), added.stream().filter(condition)).min(EARLIEST_FIRST);
    }

    @Override
    public List<AppendResult> append(List<Settlement> settlements) {
        return CreditOrder.appendAll(settlements, this::append);
    }

    private AppendResult append(Settlement settlement, boolean isOrderBroken) {
        Settlement known = appended.get(settlement.entry().attemptId());
        if (known != null) {
            return new AppendResult.Known(known.entry(), known.credit().map(Settlement.Credit::conversion));
        }
        if (isOrderBroken) {
            return new AppendResult.Stale();
        }
        appended.put(settlement.entry().attemptId(), settlement);
        settlement.credit().map(Settlement.Credit::conversion).ifPresent(conversion -> {
            Scope click = Scope.ofClick(conversion);
            Scope member = Scope.ofMember(conversion);
            won.computeIfAbsent(click, scope -> new ArrayList<>(1)).add(conversion);
            won.computeIfAbsent(member, scope -> new ArrayList<>(1)).add(conversion);
        });
        return new AppendResult.Appended();
    }
}
