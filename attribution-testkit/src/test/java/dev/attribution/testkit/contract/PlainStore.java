package dev.attribution.testkit.contract;

import dev.attribution.AttributionException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickFlag;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.support.CreditOrder;
import dev.attribution.spi.support.FactsOf;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A plain store. Every value passes a named joint, where a {@link Fault} may put another value in its place. */
class PlainStore
        implements AttributionStore, ClickRepository, ConversionRepository, ReportRepository, MutantContract.Shared {
    /** What all instances share. */
    static final class Data {
        final ReentrantLock lock = new ReentrantLock();
        final Map<Object, Offer> offers = new ConcurrentHashMap<>();
        final Map<Object, Click> clicks = new ConcurrentHashMap<>();
        final Map<Object, Click> clicksById = new ConcurrentHashMap<>();
        final Map<Object, HistoryEntry> attempts = new ConcurrentHashMap<>();
        final Map<Object, Instant> slots = new ConcurrentHashMap<>();
        final Map<Object, Instant> transactions = new ConcurrentHashMap<>();
        final Map<Object, Instant> scopes = new ConcurrentHashMap<>();
        final Map<Object, List<Conversion>> byScope = new ConcurrentHashMap<>();
        final List<Conversion> conversions = new CopyOnWriteArrayList<>();
        final List<HistoryEntry> history = new CopyOnWriteArrayList<>();
        final Map<Object, Object> memory = new ConcurrentHashMap<>(); // of a fault
        Duration moved = Duration.ZERO;
    }

    final Data data;
    final Map<Object, Object> own = new ConcurrentHashMap<>(); // the memory of a fault that each instance has
    private final Fault fault;

    PlainStore(Fault fault) {
        this(fault, new Data());
    }

    private PlainStore(Fault fault, Data data) {
        this.fault = fault;
        this.data = data;
    }

    @Override
    public AttributionStore again() {
        return new PlainStore(fault, data);
    }

    @Override
    public void moveClock(Duration duration) {
        data.moved = data.moved.plus(duration);
        at("clock", duration);
    }

    @SuppressWarnings("unchecked")
    private <T> T at(String joint, T value) {
        return fault.joint().equals(joint) ? (T) fault.wrong().apply(value, this) : value;
    }

    private <T> Optional<T> each(String joint, Optional<T> value) {
        return value.map(present -> at(joint, present));
    }

    private <T> T locked(Supplier<T> work) {
        if (fault.joint().startsWith("atomic ")) {
            return work.get();
        }
        data.lock.lock();
        try {
            return work.get();
        } finally {
            data.lock.unlock();
        }
    }

    /** Takes a place unless it is taken. */
    private static boolean isFree(Map<Object, Instant> taken, Object place) {
        return !taken.containsKey(place);
    }

    private void pause(String joint) {
        if (at(joint, false)) {
            LockSupport.parkNanos(100_000);
        }
    }

    @Override
    public OfferRepository offers() {
        return new OfferRepository() {
            @Override
            public Map<String, Offer> find(Collection<String> offerIds) {
                return locked(() -> {
                    Map<String, Offer> found = new HashMap<>();
                    for (String id : at("offers.find ids", List.copyOf(offerIds))) {
                        offer(id).ifPresent(offer -> found.put(id, at("offers.find offer", offer)));
                    }
                    return at("offers.find result", found);
                });
            }

            @Override
            public void put(Offer given) {
                locked(() -> {
                    Offer offer = at("put offer", given);
                    if (at("atomic put", false)) {
                        data.offers.remove(offer.offerId());
                        LockSupport.parkNanos(100_000);
                    }
                    data.offers.put(at("offer key", offer.offerId()), offer);
                    return at("after put", offer);
                });
            }
        };
    }

    private Optional<Offer> offer(String id) {
        return Optional.ofNullable(at("offers", data.offers).get(at("offer key", id)));
    }

    @Override
    public ClickRepository clicks() {
        return this;
    }

    @Override
    public ConversionRepository conversions() {
        return this;
    }

    @Override
    public Optional<ReportRepository> reports() {
        return Optional.of(this);
    }

    @Override
    public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
        return locked(() -> {
            Set<Offer> changed = new HashSet<>();
            List<Click> unchanged = new ArrayList<>();
            at("unchanged clicks", clicks).forEach((offer, some) -> {
                boolean isSame = offer(offer.offerId())
                        .map(kept -> at("unchanged link", kept.trackingLink())
                                        .equals(at("unchanged link", offer.trackingLink()))
                                && at("unchanged schemes", kept.linkRules().schemes())
                                        .equals(at(
                                                "unchanged schemes",
                                                offer.linkRules().schemes()))
                                && at("unchanged literals", kept.linkRules().literals())
                                        .equals(at(
                                                "unchanged literals",
                                                offer.linkRules().literals())))
                        .orElse(at("unchanged absent", false));
                if (isSame) {
                    unchanged.addAll(some);
                } else {
                    changed.add(offer);
                }
            });
            insertAll(at("unchanged inserts", unchanged));
            return at("unchanged result", changed);
        });
    }

    @Override
    public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
        return locked(() -> {
            List<Optional<LookUpResult>> found = new ArrayList<>();
            for (LookUpQuery given : at("lookUp queries", lookUps)) {
                LookUpQuery query = at("lookUp query", given);
                found.add(click(query.clickId()).map(click -> lookUp(click, query, defaultPolicy)));
            }
            return at("lookUp results", found);
        });
    }

    private LookUpResult lookUp(Click click, LookUpQuery query, DuplicatePolicy defaultPolicy) {
        Optional<Offer> offer = offer(click.offerId());
        DuplicatePolicy policy = at(
                        "lookUp policy",
                        List.of(offer.flatMap(Offer::duplicatePolicy).orElse(defaultPolicy), defaultPolicy))
                .get(0);
        Facts facts = facts(
                "lookUp ",
                new FactsQuery(
                        query.clickId(), policy.scopeOf(click), query.eventId(), query.callKey(), query.status()));
        return new LookUpResult(at("lookUp click", click), each("lookUp offer", offer), at("lookUp facts", facts));
    }

    @Override
    public void insert(List<Click> clicks) {
        locked(() -> {
            insertAll(at("insert list", clicks));
            return true;
        });
    }

    @Override
    public void clearFlags(Collection<ClickId> clickIds, Instant clearedAt) {
        locked(() -> {
            Set<ClickId> ids = Set.copyOf(at("clearFlags ids", List.copyOf(clickIds)));
            data.clicks.replaceAll((key, click) -> ids.contains(click.clickId())
                            && click.flag()
                                    .filter(flag -> at("clearFlags stands", flag.stands()))
                                    .isPresent()
                    ? click.with(ClickFlag.of(click.flag().get().rule()).cleared(at("clearFlags time", clearedAt)))
                    : click);
            data.clicks.values().stream()
                    .filter(click -> ids.contains(click.clickId()))
                    .forEach(click -> data.clicksById.put(
                            at("click key", (Object) click.clickId().uuid()), click));
            return true;
        });
    }

    private void insertAll(List<Click> clicks) {
        for (Click given : clicks) {
            Click click = at("insert click", given);
            Object place = at("click place", (Object) List.of(click.clickId(), click.clickedAt(), click));
            Object key = place instanceof List<?> parts ? parts.get(0) : place;
            Click stored = at("clicks", data.clicks).get(key);
            pause("atomic click");
            if (stored != null && !at("same click", List.of(stored, click)).equals(List.of(stored, stored))) {
                if (at("click conflict", true)) {
                    throw new AttributionException("The id belongs to another click");
                }
                continue;
            }
            at("clicks", data.clicks).put(key, click);
            data.clicksById.put(at("click key", (Object) click.clickId().uuid()), click);
        }
    }

    private Optional<Click> click(ClickId clickId) {
        return Optional.ofNullable(at("clicks by id", data.clicksById).get(at("click key", (Object) clickId.uuid())));
    }

    @Override
    public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
        return locked(() -> {
            Map<ClickId, Click> found = new HashMap<>();
            for (ClickId id : at("clicks.find ids", List.copyOf(clickIds))) {
                click(id).ifPresent(click -> found.put(id, at("clicks.find click", click)));
            }
            return at("clicks.find result", found);
        });
    }

    @Override
    public List<Facts> facts(List<FactsQuery> queries) {
        return locked(() -> {
            List<Facts> facts = new ArrayList<>();
            for (FactsQuery query : at("facts queries", queries)) {
                facts.add(facts("facts ", at("facts query", query)));
            }
            return at("facts results", facts);
        });
    }

    private Facts facts(String joint, FactsQuery query) {
        List<Conversion> seen = at(joint + "conversions", in(joint, query.scope()));
        List<Conversion> ofClick = at(joint + "click conversions", in(joint, new Scope.OfClick(query.clickId())));
        Optional<Conversion> same = Optional.ofNullable(query.callKey())
                .flatMap(id -> at(joint + "transaction conversions", all(query.clickId())).stream()
                        .filter(conversion -> at(joint + "transaction", Optional.of(id))
                                .equals(at(joint + "transaction", conversion.callKey())))
                        .findFirst());
        Facts addressed = FactsOf.ordered(at(joint + "addressing", query), seen, ofClick, same.orElse(null));
        Optional<Conversion> meant = each(joint + "addressed", addressed.addressed());
        boolean isAmbiguous = at(joint + "ambiguous", addressed.isAmbiguous());
        if (seen.isEmpty()) {
            return new Facts(0, Optional.empty(), Optional.empty(), meant, isAmbiguous);
        }
        return new Facts(
                at(joint + "count", (long) seen.size()),
                each(joint + "first", Optional.of(seen.get(0))),
                each(
                        joint + "sameEvent",
                        at(joint + "event conversions", seen).stream()
                                .filter(won -> at(joint + "event", Optional.ofNullable(query.eventId()))
                                        .equals(at(joint + "event", won.eventId())))
                                .findFirst()),
                meant,
                isAmbiguous);
    }

    private List<Conversion> in(String joint, Scope scope) {
        List<Conversion> placed = new ArrayList<>(data.byScope.getOrDefault(scopeKey(scope), List.of()));
        placed.removeIf(conversion -> at(joint + "reservation", conversion.isReservation()));
        placed.sort(Comparator.comparing(Cursor::of, at(joint + "order", Cursor.NEWEST_FIRST.reversed())));
        return placed;
    }

    private List<Conversion> all(ClickId clickId) {
        return data.byScope.getOrDefault(scopeKey(new Scope.OfClick(clickId)), List.of());
    }

    @Override
    public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
        return locked(() -> {
            Map<UUID, Conversion> found = new HashMap<>();
            Set<UUID> ids = Set.copyOf(at("findConversions ids", List.copyOf(conversionIds)));
            for (Conversion conversion : data.conversions) {
                if (ids.contains(conversion.conversionId())) {
                    found.put(conversion.conversionId(), at("findConversions row", conversion));
                }
            }
            return at("findConversions result", found);
        });
    }

    private Object scopeKey(Scope scope) {
        return scope instanceof Scope.OfMember member
                ? at("facts scope", (Object) member.key())
                : at("facts click", (Object) ((Scope.OfClick) scope).clickId().uuid());
    }

    @Override
    public List<AppendResult> append(List<Settlement> settlements) {
        return locked(() -> {
            List<AppendResult> results = new ArrayList<>();
            CreditOrder order = new CreditOrder();
            for (Settlement settlement : at("append list", settlements)) {
                AppendResult result = append(settlement, at("append order", order.isBrokenBefore(settlement)));
                if (at("ordered effect", settlement.effect()).isPresent()) {
                    order.add(settlement, result);
                }
                results.add(result);
            }
            return at("append results", results);
        });
    }

    private AppendResult append(Settlement settlement, boolean isOrderBroken) {
        HistoryEntry entry = at("append entry", settlement.entry());
        Object attempt =
                at("attempt place", (Object) List.of(entry.attemptId(), entry.receivedAt(), settlement.entry()));
        Object attemptKey = attempt instanceof List<?> parts ? parts.get(0) : attempt;
        HistoryEntry known = at("attempts", data.attempts).get(attemptKey);
        pause("atomic attempt");
        if (known != null) {
            return new AppendResult.Known(
                    at("known entry", known),
                    each(
                            "known conversion",
                            known.conversionId()
                                    .flatMap(id -> at("known conversions", data.conversions).stream()
                                            .filter(won -> won.conversionId().equals(id))
                                            .findFirst())));
        }
        Optional<Settlement.Effect> effect = settlement.effect();
        if (isOrderBroken || (effect.isPresent() && !take(effect.get()))) {
            return at("stale", (AppendResult) new AppendResult.Stale());
        }
        effect.map(Settlement.Effect::conversion)
                .map(won -> at("append conversion", won))
                .ifPresent(this::store);
        at("attempts", data.attempts).put(attemptKey, entry);
        if (at("listed entry", Optional.of(entry)).isPresent()) {
            data.history.add(entry);
        }
        at("after append", settlement);
        return new AppendResult.Appended();
    }

    private boolean take(Settlement.Effect effect) {
        if (effect instanceof Settlement.Change change && isOutdated(change)) {
            return false;
        }
        if (effect instanceof Settlement.Credit credit) {
            return take(
                    credit.conversion(),
                    credit.conversion().callKey(),
                    OptionalLong.of(credit.slot()),
                    credit.exclusiveScope());
        }
        return effect instanceof Settlement.Change change
                ? take(
                        change.conversion(),
                        Optional.empty(),
                        at("reinstated slot", change.slot()),
                        at("reinstated scope", change.exclusiveScope()))
                : take(
                        effect.conversion(),
                        at("reserved transaction", effect.conversion().callKey()),
                        OptionalLong.empty(),
                        Optional.empty());
    }

    private boolean isOutdated(Settlement.Change change) {
        Optional<Conversion> stored = data.conversions.stream()
                .filter(one -> one.conversionId().equals(change.conversion().conversionId()))
                .findFirst();
        pause("atomic revision");
        return stored.map(now -> !at("revision", (Object) now).equals(at("revision", (Object) change.before()))
                        && now.revision() != change.before().revision())
                .orElse(at("absent conversion", true));
    }

    private boolean take(
            Conversion won,
            Optional<String> transactionId,
            OptionalLong ordinal,
            Optional<Scope.OfMember> exclusiveScope) {
        if (ordinal.isEmpty() && transactionId.isEmpty() && exclusiveScope.isEmpty()) {
            return true;
        }
        Object slot = ordinal.isEmpty()
                ? List.of(won.conversionId(), "none", won)
                : at("slot place", (Object) List.of(won.clickId(), ordinal.getAsLong(), won));
        Object slotKey =
                slot instanceof List<?> parts && parts.get(parts.size() - 1) == won ? parts.subList(0, 2) : slot;
        Object transactionKey = transactionId
                .map(id -> at("transaction place", (Object) List.of(won.clickId(), id, won)))
                .map(place -> place instanceof List<?> parts && parts.get(parts.size() - 1) == won
                        ? (Object) parts.subList(0, 2)
                        : place)
                .orElse(null);
        Object scopeKey = exclusiveScope
                .map(scope -> {
                    Object place = at("scope place", (Object) List.of(won.offerId(), won.memberId(), won));
                    boolean isRight = place instanceof List<?> parts && parts.get(parts.size() - 1) == won;
                    return isRight ? scope.key() : place;
                })
                .orElse(null);
        Map<Object, Instant> slots = at("slots", data.slots);
        Map<Object, Instant> transactions = at("transactions", data.transactions);
        Map<Object, Instant> scopes = at("scopes", data.scopes);
        boolean free = isFree(slots, slotKey)
                && (transactionKey == null || isFree(transactions, transactionKey))
                && (scopeKey == null || isFree(scopes, scopeKey));
        pause("atomic place");
        if (!free) {
            return at("taken", false);
        }
        slots.put(slotKey, won.convertedAt());
        if (transactionKey != null) {
            transactions.put(transactionKey, won.convertedAt());
        }
        if (scopeKey != null) {
            scopes.put(scopeKey, won.convertedAt());
        }
        return true;
    }

    private void store(Conversion won) {
        if (at("stored", Optional.of(won)).isEmpty()) {
            return;
        }
        replace(data.conversions, won);
        if (at("stored facts", Optional.of(won)).isEmpty()) {
            return;
        }
        for (Scope scope : List.of(Scope.ofClick(won), Scope.ofMember(won))) {
            replace(data.byScope.computeIfAbsent(scopeKey(scope), key -> new CopyOnWriteArrayList<>()), won);
        }
    }

    private static void replace(Collection<Conversion> conversions, Conversion won) {
        if (won.revision() > 1) {
            conversions.removeIf(before -> before.conversionId().equals(won.conversionId()));
        }
        conversions.add(won);
    }

    @Override
    public List<Click> clicks(ReportFilter given, @Nullable Cursor after, int limit) {
        return locked(() -> {
            ReportFilter filter = at("reports.clicks filter", given);
            return list(
                    "reports.clicks",
                    data.clicks.values(),
                    Cursor::of,
                    after,
                    limit,
                    click -> meets(filter.clickId(), Optional.of(click.clickId()))
                            && meets(filter.offerId(), Optional.of(click.offerId()))
                            && meets(filter.memberId(), Optional.of(click.memberId()))
                            && isWithin("reports.clicks", filter, click.clickedAt()));
        });
    }

    @Override
    public List<Conversion> conversions(ReportFilter given, @Nullable Cursor after, int limit) {
        return locked(() -> {
            ReportFilter filter = at("reports.conversions filter", given);
            return list(
                    "reports.conversions",
                    data.conversions,
                    Cursor::of,
                    after,
                    limit,
                    won -> meets(filter.clickId(), Optional.of(won.clickId()))
                            && meets(filter.offerId(), Optional.of(won.offerId()))
                            && meets(filter.memberId(), Optional.of(won.memberId()))
                            && meets(filter.eventId(), won.eventId())
                            && meets(filter.status(), Optional.of(won.status()))
                            && !at("reports.conversions reservation", won.isReservation())
                            && isWithin("reports.conversions", filter, won.convertedAt()));
        });
    }

    @Override
    public List<HistoryEntry> history(ReportFilter given, @Nullable Cursor after, int limit) {
        return locked(() -> {
            ReportFilter filter = at("reports.history filter", given);
            return list(
                    "reports.history",
                    data.history,
                    Cursor::of,
                    after,
                    limit,
                    entry -> meets(filter.clickId(), entry.clickId())
                            && meets(filter.receivedClickId(), entry.receivedClickId())
                            && meets(filter.offerId(), entry.offerId())
                            && meets(filter.memberId(), entry.memberId())
                            && meets(filter.eventId(), entry.eventId())
                            && meets(filter.kind(), Optional.of(entry.kind()))
                            && meets(filter.reason(), entry.reason())
                            && meets(filter.attemptId(), Optional.of(entry.attemptId()))
                            && meets(filter.origin(), Optional.of(entry.origin()))
                            && meets(filter.caller(), Optional.of(entry.caller()))
                            && meets(filter.severity(), Optional.of(entry.severity()))
                            && isWithin("reports.history", filter, entry.receivedAt()));
        });
    }

    @Override
    public List<HistoryEntry> history(Collection<ClickId> clickIds, @Nullable Cursor after, int limit) {
        return locked(() -> {
            Set<ClickId> wanted = Set.copyOf(at("reports.several ids", List.copyOf(clickIds)));
            return list(
                    "reports.several",
                    data.history,
                    Cursor::of,
                    after,
                    limit,
                    entry -> entry.clickId().filter(wanted::contains).isPresent());
        });
    }

    private <T> List<T> list(
            String report,
            Collection<T> rows,
            Function<T, Cursor> cursorOf,
            @Nullable Cursor after,
            int limit,
            Predicate<T> condition) {
        Comparator<Cursor> order = at(report + " order", Cursor.NEWEST_FIRST);
        Optional<Cursor> from = at(report + " after", Optional.ofNullable(after));
        boolean inclusive = at(report + " inclusive", false);
        return at(
                report + " rows",
                rows.stream()
                        .filter(condition)
                        .map(row -> new Placed<>(cursorOf.apply(row), row))
                        .filter(placed ->
                                from.isEmpty() || order.compare(placed.cursor(), from.get()) > (inclusive ? -1 : 0))
                        .sorted(Comparator.comparing(Placed::cursor, order))
                        .limit(at(report + " limit", limit))
                        .map(placed -> at(report + " row", placed.row()))
                        .toList());
    }

    private record Placed<T>(Cursor cursor, T row) {}

    private static <T> boolean meets(Optional<T> wanted, Optional<T> actual) {
        return wanted.isEmpty() || wanted.equals(actual);
    }

    private boolean isWithin(String report, ReportFilter filter, Instant time) {
        return filter.from()
                        .map(from -> !time.isBefore(at(report + " from", from)))
                        .orElse(true)
                && filter.until()
                        .map(until -> time.isBefore(at(report + " until", until)))
                        .orElse(true);
    }

    @Override
    public List<SummaryRow> summarize(List<Day> days) {
        return locked(() -> {
            List<SummaryRow> rows = new ArrayList<>();
            for (Day given : at("summary days", days)) {
                Day day = at("summary day", given);
                Map<Optional<String>, SummaryRow.Builder> counts = new HashMap<>();
                data.clicks.values().stream()
                        .filter(click -> isWithin(day, click.clickedAt()))
                        .forEach(click ->
                                row(counts, given, Optional.of(click.offerId())).clicks(1));
                data.history.stream()
                        .filter(entry -> isWithin(day, entry.receivedAt()))
                        .forEach(entry -> row(counts, given, entry.offerId())
                                .entries(
                                        entry.kind(),
                                        at("summary reason", entry.reason()).orElse(null),
                                        at("summary origin", entry.origin()),
                                        at("summary caller", entry.caller()),
                                        1));
                data.conversions.stream()
                        .map(stored -> at("summary conversion", stored))
                        .filter(conversion -> !conversion.isReservation() && isWithin(day, conversion.convertedAt()))
                        .forEach(conversion -> add(row(counts, given, Optional.of(conversion.offerId())), conversion));
                counts.values().forEach(row -> rows.add(at("summary row", row.build())));
            }
            return at("summary rows", rows);
        });
    }

    private static boolean isWithin(Day day, Instant time) {
        return !time.isBefore(day.from()) && time.isBefore(day.until());
    }

    private SummaryRow.Builder row(Map<Optional<String>, SummaryRow.Builder> rows, Day day, Optional<String> offer) {
        Optional<String> key = at("summary offer", offer);
        return rows.computeIfAbsent(key, added -> SummaryRow.builder(day.date(), key.orElse(null)));
    }

    private void add(SummaryRow.Builder row, Conversion conversion) {
        if (conversion.payout().isEmpty()) {
            row.conversions(conversion.status(), 1);
        } else {
            row.conversions(
                    conversion.status(),
                    at("summary currency", conversion.currency()).orElse(null),
                    1,
                    at("summary payout", conversion.payout().get()));
        }
    }
}
