package dev.attribution.memory;

import dev.attribution.AttributionException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
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
import dev.attribution.spi.DeletedRows;
import dev.attribution.spi.ErasedRows;
import dev.attribution.spi.ErasureRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.RetentionRepository;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.support.CreditOrder;
import dev.attribution.spi.support.FactsOf;
import dev.attribution.spi.support.KeptConversion;
import dev.attribution.spi.support.UnsettledConversions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
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
final class Ledger
        implements ClickRepository, ConversionRepository, ReportRepository, ErasureRepository, RetentionRepository {
    /** A place that a credit takes; a database has a unique key for it. */
    private record Place(Object scope, Object in) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ClickId, Click> clicks = new HashMap<>();
    private final Map<UUID, Conversion> conversions = new HashMap<>();
    private final Map<UUID, HistoryEntry> history = new HashMap<>();
    private final Map<Place, UUID> taken = new HashMap<>();
    private final Map<Scope, NavigableSet<Conversion>> byScope = new HashMap<>();
    private final Map<Scope, Conversion> kept = new HashMap<>();
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
                if (stored != null && !click.isStoredAs(stored)) {
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
        return FactsOf.ordered(query, withKept(query.scope()), in(new Scope.OfClick(query.clickId())), sameCall);
    }

    private Collection<Conversion> withKept(Scope scope) {
        Conversion deleted = kept.get(scope);
        if (deleted == null) {
            return in(scope);
        }
        NavigableSet<Conversion> all = new TreeSet<>(FactsOf.EARLIEST_FIRST);
        all.addAll(in(scope));
        all.add(deleted);
        return all;
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
            store(effect.get() instanceof Settlement.Change ? changed(conversion) : conversion);
        }
        history.put(settlement.entry().attemptId(), settlement.entry());
        historyByTime.add(settlement.entry());
        return new AppendResult.Appended();
    }

    /** The stored conversion in the new state: its member may have been forgotten since the change was decided. */
    private Conversion changed(Conversion conversion) {
        return Objects.requireNonNull(conversions.get(conversion.conversionId()))
                .in(conversion.state());
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
                row(rows, day, entry.offerId())
                        .entries(entry.kind(), entry.reason().orElse(null), entry.origin(), entry.caller(), 1);
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

    @Override
    public ErasedRows erase(String memberId, String token, int limit) {
        return locked(() -> {
            List<Click> someClicks = clicks.values().stream()
                    .filter(click -> click.memberId().equals(memberId))
                    .limit(limit)
                    .toList();
            someClicks.forEach(click -> replace(click, erased(click, token)));
            int left = limit - someClicks.size();
            List<Conversion> someConversions = conversions.values().stream()
                    .filter(conversion -> conversion.memberId().equals(memberId))
                    .limit(left)
                    .toList();
            someConversions.forEach(conversion -> store(erased(conversion, token)));
            left -= someConversions.size();
            List<HistoryEntry> someEntries = history.values().stream()
                    .filter(entry -> entry.memberId().equals(Optional.of(memberId)))
                    .limit(left)
                    .toList();
            someEntries.forEach(entry -> replace(entry, entry.erased(token)));
            return new ErasedRows(someClicks.size(), someConversions.size(), someEntries.size());
        });
    }

    @Override
    public ErasedRows eraseEntries(Collection<UUID> attemptIds) {
        return locked(() -> {
            List<HistoryEntry> some = attemptIds.stream()
                    .distinct()
                    .flatMap(id -> Optional.ofNullable(history.get(id)).stream())
                    .toList();
            some.forEach(entry -> replace(entry, entry.erased(null)));
            return new ErasedRows(0, 0, some.size());
        });
    }

    private static Click erased(Click click, String token) {
        return new Click(
                click.clickId(),
                click.offerId(),
                token,
                click.clickedAt(),
                ClickContext.empty(),
                click.flag(),
                click.memberScope());
    }

    private static Conversion erased(Conversion conversion, String token) {
        return conversion.toBuilder()
                .credits(conversion.clickId(), conversion.offerId(), token)
                .memberScope(conversion.memberScope())
                .build();
    }

    private void replace(Click click, Click erased) {
        clicks.put(erased.clickId(), erased);
        clicksByTime.remove(click);
        clicksByTime.add(erased);
    }

    private void replace(HistoryEntry entry, HistoryEntry erased) {
        history.put(erased.attemptId(), erased);
        historyByTime.remove(entry);
        historyByTime.add(erased);
    }

    @Override
    public Map<String, Long> countClicks(Instant before) {
        return locked(() -> clicksByTime.stream()
                .filter(click -> click.clickedAt().isBefore(before))
                .collect(Collectors.groupingBy(Click::offerId, Collectors.counting())));
    }

    @Override
    public List<String> offersWithClicks(Instant before, @Nullable String after, int limit) {
        return locked(() -> clicksByTime.stream()
                .filter(click -> click.clickedAt().isBefore(before))
                .map(Click::offerId)
                .filter(offerId -> after == null || offerId.compareTo(after) > 0)
                .distinct()
                .sorted()
                .limit(limit)
                .toList());
    }

    @Override
    public DeletedRows deleteClicks(Instant before, Instant settledBefore, @Nullable Cursor after, int limit) {
        return locked(() -> {
            List<Click> batch = oldest(clicksByTime, Cursor::of, before, after, limit);
            Set<ClickId> unsettled = conversions.values().stream()
                    .filter(conversion -> UnsettledConversions.isUnsettled(conversion, settledBefore))
                    .map(Conversion::clickId)
                    .collect(Collectors.toSet());
            List<Click> deleted = batch.stream()
                    .filter(click -> !unsettled.contains(click.clickId()))
                    .toList();
            for (Click click : deleted) {
                clicks.remove(click.clickId());
                clicksByTime.remove(click);
            }
            Set<ClickId> ids = deleted.stream().map(Click::clickId).collect(Collectors.toSet());
            List<Conversion> ofClicks = conversions.values().stream()
                    .filter(conversion -> ids.contains(conversion.clickId()))
                    .toList();
            List<Conversion> some = ofClicks.subList(0, Math.min(limit, ofClicks.size()));
            removeAll(some);
            List<HistoryEntry> entries = ofClicks.size() > limit
                    ? List.of() // the entries of a conversion that is left stay with it
                    : history.values().stream()
                            .filter(entry ->
                                    entry.clickId().filter(ids::contains).isPresent())
                            .limit(limit)
                            .toList();
            entries.forEach(this::remove);
            return new DeletedRows(
                    deleted.size(),
                    some.size(),
                    entries.size(),
                    batch.size() - deleted.size(),
                    next(batch, Cursor::of, limit));
        });
    }

    @Override
    public DeletedRows deleteConversions(Instant before, @Nullable Cursor after, int limit) {
        return locked(() -> {
            NavigableSet<Conversion> all = byTime(Cursor::of); // reservations included
            all.addAll(conversions.values());
            List<Conversion> batch = oldest(all, Cursor::of, before, after, limit);
            List<Conversion> deleted = batch.stream()
                    .filter(conversion -> conversion.status() != ConversionStatus.PENDING
                            && !clicks.containsKey(conversion.clickId()))
                    .toList();
            removeAll(deleted);
            return new DeletedRows(0, deleted.size(), 0, 0, next(batch, Cursor::of, limit));
        });
    }

    @Override
    public DeletedRows deleteHistory(Instant before, @Nullable Cursor after, int limit) {
        return locked(() -> {
            List<HistoryEntry> batch = oldest(historyByTime, Cursor::of, before, after, limit);
            List<HistoryEntry> deleted = batch.stream()
                    .filter(entry -> entry.clickId().filter(clicks::containsKey).isEmpty()
                            && entry.conversionId()
                                    .filter(conversions::containsKey)
                                    .isEmpty())
                    .toList();
            deleted.forEach(this::remove);
            return new DeletedRows(0, 0, deleted.size(), 0, next(batch, Cursor::of, limit));
        });
    }

    private static <T> List<T> oldest(
            NavigableSet<T> rows, Function<T, Cursor> cursorOf, Instant before, @Nullable Cursor after, int limit) {
        return rows.descendingSet().stream()
                .filter(row -> after == null || Cursor.NEWEST_FIRST.compare(cursorOf.apply(row), after) < 0)
                .takeWhile(row -> cursorOf.apply(row).time().isBefore(before))
                .limit(limit)
                .toList();
    }

    private static <T> Optional<Cursor> next(List<T> batch, Function<T, Cursor> cursorOf, int limit) {
        return batch.size() < limit ? Optional.empty() : Optional.of(cursorOf.apply(batch.get(limit - 1)));
    }

    /** Exclusive scopes stay taken, and what holds them stays known. */
    private void removeAll(List<Conversion> some) {
        Set<UUID> ids = some.stream().map(Conversion::conversionId).collect(Collectors.toSet());
        for (Conversion conversion : some) {
            Scope scope = Scope.ofMember(conversion);
            if (conversion.conversionId().equals(taken.get(new Place(scope, 1)))) {
                kept.put(scope, KeptConversion.of(conversion));
            }
            conversions.remove(conversion.conversionId());
            conversionsByTime.remove(conversion);
            for (Scope of : List.of(scope, Scope.ofClick(conversion))) {
                Optional.ofNullable(byScope.get(of)).ifPresent(list -> list.remove(conversion));
            }
        }
        taken.entrySet()
                .removeIf(place ->
                        ids.contains(place.getValue()) && !(place.getKey().scope() instanceof Scope.OfMember));
    }

    private void remove(HistoryEntry entry) {
        history.remove(entry.attemptId());
        historyByTime.remove(entry);
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
