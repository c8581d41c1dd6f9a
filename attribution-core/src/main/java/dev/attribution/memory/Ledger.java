package dev.attribution.memory;

import dev.attribution.AttributionException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.support.CreditOrder;
import dev.attribution.spi.support.FactsOf;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Clicks, conversions and history under one lock; each method is one transaction. */
final class Ledger implements ClickRepository, ConversionRepository, ReportRepository {
    /** A place that a credit takes; a database has a unique key for it. */
    private record Place(Object scope, Object in) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ClickId, Click> clicks = new HashMap<>();
    private final Map<UUID, Conversion> conversions = new HashMap<>();
    private final Map<UUID, HistoryEntry> history = new HashMap<>();
    private final Map<Place, UUID> taken = new HashMap<>();
    private final Map<Scope, NavigableSet<Conversion>> byScope = new HashMap<>();
    private final NavigableSet<Click> clicksByTime = byTime(Cursor::of);
    private final NavigableSet<Conversion> conversionsByTime = byTime(Cursor::of);
    private final NavigableSet<HistoryEntry> historyByTime = byTime(Cursor::of);

    @Override
    public void clearFlags(Collection<ClickId> clickIds, Instant clearedAt) {
        lockedWrite(() -> clickIds.forEach(clickId -> {
            Click stored = clicks.get(clickId);
            if (stored != null && !stored.isCreditable()) {
                Click cleared = stored.withFlagCleared(clearedAt);
                clicks.put(clickId, cleared);
                clicksByTime.remove(stored);
                clicksByTime.add(cleared);
            }
        }));
    }

    @Override
    public void insert(List<Click> inserted) {
        lockedWrite(() -> {
            for (Click click : inserted) {
                Click stored = clicks.get(click.clickId());
                if (stored != null && !stored.equals(click)) {
                    throw new AttributionException(
                            "The click id " + click.clickId()
                                    + " already belongs to another click, which stays as it is: the click id generator has returned it twice");
                }
            }
            for (Click click : inserted) {
                if (clicks.putIfAbsent(click.clickId(), click) == null) {
                    clicksByTime.add(click);
                }
            }
        });
    }

    @Override
    public int maxConcurrentInserts() {
        return 1;
    }

    @Override
    public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
        return locked(() -> clickIds.stream()
                .distinct()
                .filter(clicks::containsKey)
                .collect(Collectors.toMap(Function.identity(), clicks::get)));
    }

    @Override
    public List<Facts> facts(List<FactsQuery> queries) {
        return locked(() -> queries.stream().map(this::facts).toList());
    }

    private Facts facts(FactsQuery query) {
        Conversion sameCall = query.callKey() == null
                ? null
                : conversions.get(taken.get(new Place(query.clickId(), query.callKey())));
        return FactsOf.ordered(query, in(query.scope()), in(new Scope.OfClick(query.clickId())), sameCall);
    }

    private NavigableSet<Conversion> in(Scope scope) {
        return byScope.getOrDefault(scope, Collections.emptyNavigableSet());
    }

    @Override
    public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
        return locked(() -> conversionIds.stream()
                .distinct()
                .filter(conversions::containsKey)
                .collect(Collectors.toMap(Function.identity(), conversions::get)));
    }

    @Override
    public List<AppendResult> append(List<Settlement> settlements) {
        return locked(() -> CreditOrder.appendAll(settlements, this::append));
    }

    @Override
    public int maxConcurrentAppends() {
        return 1;
    }

    private AppendResult append(Settlement settlement, boolean isOrderBroken) {
        HistoryEntry known = history.get(settlement.entry().attemptId());
        if (known != null) {
            return new AppendResult.Known(known, known.conversionId().map(conversions::get));
        }
        if (isOrderBroken) {
            return new AppendResult.Stale();
        }
        Optional<Settlement.Effect> effect = settlement.effect();
        if (effect.isPresent()) {
            List<Place> places = places(effect.get());
            if (isOutdated(effect.get()) || places.stream().anyMatch(taken::containsKey)) {
                return new AppendResult.Stale();
            }
            Conversion conversion = effect.get().conversion();
            places.forEach(place -> taken.put(place, conversion.conversionId()));
            store(conversion);
        }
        history.put(settlement.entry().attemptId(), settlement.entry());
        historyByTime.add(settlement.entry());
        return new AppendResult.Appended();
    }

    private boolean isOutdated(Settlement.Effect effect) {
        if (!(effect instanceof Settlement.Change change)) {
            return false;
        }
        Conversion stored = conversions.get(change.conversion().conversionId());
        return stored == null || stored.revision() != change.before().revision();
    }

    private static List<Place> places(Settlement.Effect effect) {
        List<Place> places = new ArrayList<>(3);
        Conversion conversion = effect.conversion();
        ClickId clickId = conversion.clickId();
        if (effect instanceof Settlement.Change change) {
            change.slot().ifPresent(slot -> places.add(new Place(clickId, slot)));
            change.exclusiveScope().ifPresent(scope -> places.add(new Place(scope, 1)));
            return places;
        }
        conversion.callKey().ifPresent(key -> places.add(new Place(clickId, key)));
        if (effect instanceof Settlement.Credit credit) {
            places.add(new Place(clickId, credit.slot()));
            credit.exclusiveScope().ifPresent(scope -> places.add(new Place(scope, 1)));
        }
        return places;
    }

    private void store(Conversion conversion) {
        Conversion before = conversions.put(conversion.conversionId(), conversion);
        if (conversion.isReservation()) {
            return;
        }
        List<NavigableSet<Conversion>> lists =
                List.of(conversionsByTime, of(Scope.ofClick(conversion)), of(Scope.ofMember(conversion)));
        for (NavigableSet<Conversion> list : lists) {
            if (before != null) {
                list.remove(before);
            }
            list.add(conversion);
        }
    }

    private NavigableSet<Conversion> of(Scope scope) {
        return byScope.computeIfAbsent(scope, added -> new TreeSet<>(FactsOf.EARLIEST_FIRST));
    }

    @Override
    public List<Click> clicks(ReportFilter filter, @Nullable Cursor after, int limit) {
        return list(
                clicksByTime,
                Cursor::of,
                after,
                limit,
                click -> isOf(filter, click.clickId(), click.offerId(), click.memberId())
                        && within(filter, click.clickedAt()));
    }

    @Override
    public List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit) {
        return list(
                conversionsByTime,
                Cursor::of,
                after,
                limit,
                conversion -> isOf(filter, conversion.clickId(), conversion.offerId(), conversion.memberId())
                        && matches(filter.eventId(), conversion.eventId())
                        && matches(filter.status(), Optional.of(conversion.status()))
                        && within(filter, conversion.convertedAt()));
    }

    @Override
    public List<HistoryEntry> history(ReportFilter filter, @Nullable Cursor after, int limit) {
        return list(
                historyByTime,
                Cursor::of,
                after,
                limit,
                entry -> matches(filter.clickId(), entry.clickId())
                        && matches(filter.receivedClickId(), entry.receivedClickId())
                        && matches(filter.offerId(), entry.offerId())
                        && matches(filter.memberId(), entry.memberId())
                        && matches(filter.eventId(), entry.eventId())
                        && matches(filter.kind(), Optional.of(entry.kind()))
                        && matches(filter.reason(), entry.reason())
                        && matches(filter.attemptId(), Optional.of(entry.attemptId()))
                        && matches(filter.origin(), Optional.of(entry.origin()))
                        && matches(filter.caller(), Optional.of(entry.caller()))
                        && matches(filter.severity(), Optional.of(entry.severity()))
                        && within(filter, entry.receivedAt()));
    }

    @Override
    public List<HistoryEntry> history(Collection<ClickId> clickIds, @Nullable Cursor after, int limit) {
        Set<ClickId> wanted = Set.copyOf(clickIds);
        return list(
                historyByTime,
                Cursor::of,
                after,
                limit,
                entry -> entry.clickId().map(wanted::contains).orElse(false));
    }

    private <T> List<T> list(
            NavigableSet<T> rows,
            Function<T, Cursor> cursorOf,
            @Nullable Cursor after,
            int limit,
            Predicate<T> condition) {
        return locked(() -> rows.stream()
                .filter(row -> after == null || Cursor.NEWEST_FIRST.compare(cursorOf.apply(row), after) > 0)
                .filter(condition)
                .limit(limit)
                .toList());
    }

    private static boolean isOf(ReportFilter filter, ClickId clickId, String offerId, String memberId) {
        return matches(filter.clickId(), Optional.of(clickId))
                && matches(filter.offerId(), Optional.of(offerId))
                && matches(filter.memberId(), Optional.of(memberId));
    }

    private static <T> boolean matches(Optional<T> wanted, Optional<T> actual) {
        return wanted.isEmpty() || wanted.equals(actual);
    }

    private static boolean within(ReportFilter filter, Instant time) {
        return filter.from().map(from -> !time.isBefore(from)).orElse(true)
                && filter.until().map(time::isBefore).orElse(true);
    }

    @Override
    public List<SummaryRow> summarize(List<Day> days) {
        return locked(
                () -> days.stream().flatMap(day -> summarize(day).stream()).toList());
    }

    private List<SummaryRow> summarize(Day day) {
        Map<Optional<String>, SummaryRow.Builder> rows = new HashMap<>();
        for (Click click : clicksByTime) {
            if (within(day, click.clickedAt())) {
                row(rows, day, Optional.of(click.offerId())).clicks(1);
            }
        }
        for (HistoryEntry entry : historyByTime) {
            if (within(day, entry.receivedAt())) {
                row(rows, day, entry.offerId()).entries(entry.kind(), entry.origin(), entry.caller(), 1);
            }
        }
        for (Conversion conversion : conversionsByTime) {
            if (within(day, conversion.convertedAt())) {
                add(row(rows, day, Optional.of(conversion.offerId())), conversion);
            }
        }
        return rows.values().stream().map(SummaryRow.Builder::build).toList();
    }

    private static SummaryRow.Builder row(
            Map<Optional<String>, SummaryRow.Builder> rows, Day day, Optional<String> offerId) {
        return rows.computeIfAbsent(offerId, added -> SummaryRow.builder(day.date(), offerId.orElse(null)));
    }

    private static void add(SummaryRow.Builder row, Conversion conversion) {
        if (conversion.payout().isEmpty()) {
            row.conversions(conversion.status(), 1);
        } else {
            row.conversions(
                    conversion.status(),
                    conversion.currency().orElse(null),
                    1,
                    conversion.payout().get());
        }
    }

    private static boolean within(Day day, Instant time) {
        return !time.isBefore(day.from()) && time.isBefore(day.until());
    }

    private static <T> NavigableSet<T> byTime(Function<T, Cursor> cursorOf) {
        return new TreeSet<>(Comparator.comparing(cursorOf, Cursor.NEWEST_FIRST));
    }

    private void lockedWrite(Runnable work) {
        locked(() -> {
            work.run();
            return true;
        });
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
