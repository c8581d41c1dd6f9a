package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.attribution.AttributionException;
import dev.attribution.cassandra.TimeLists.Bucket;
import dev.attribution.cassandra.TimeLists.Chunk;
import dev.attribution.cassandra.TimeLists.Listed;
import dev.attribution.cassandra.TimeLists.Range;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.support.TextFields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The read side. What is about a click is read from its partition. Everything else is read along the lists by time, newest
 * first, and compared here; a report that would read too many rows for this is refused.
 */
final class CassandraReports implements ReportRepository {
    static final long NO_LIMIT = Long.MAX_VALUE;

    private static final int MAX_CHUNK = 500;
    private static final int MIN_FILTERED = 100;
    private static final int MAX_IN_REQUEST = 20;
    /** What rows lead to may be long texts, so only the rows of one slice are in memory. */
    private static final int MAX_SLICE = 200;

    private static final int MAX_BUCKETS = 32;

    private final CassandraRequests requests;
    private final ClickPartitions partitions;
    private final TimeLists lists;
    private final CassandraConversions conversions;
    private final long maxRows;

    CassandraReports(
            CassandraRequests requests,
            ClickPartitions partitions,
            TimeLists lists,
            CassandraConversions conversions,
            long maxRows) {
        this.requests = requests;
        this.partitions = partitions;
        this.lists = lists;
        this.conversions = conversions;
        this.maxRows = maxRows;
    }

    /**
     * What a report lists.
     *
     * @param list the list by time
     * @param kind the kind of the rows to which the list leads
     * @param keyOf the key of such a row
     * @param reader reads such a row
     * @param last looks once more for a row that was not found
     * @param placeOf the place in the list
     */
    private record Listing<T>(
            String list,
            byte kind,
            Function<Listed, String> keyOf,
            Function<Row, T> reader,
            Function<Listed, CompletionStage<Optional<T>>> last,
            Function<T, Cursor> placeOf) {}

    private Listing<Click> clicks() {
        return new Listing<>(
                TimeLists.CLICKS,
                ClickPartitions.CLICK,
                listed -> ClickPartitions.SELF,
                row -> TextFields.readClick(Documents.of(row)),
                listed -> CompletableFuture.completedFuture(Optional.empty()),
                Cursor::of);
    }

    private Listing<Conversion> conversions() {
        return new Listing<>(
                TimeLists.CONVERSIONS,
                ClickPartitions.CONVERSION,
                listed -> listed.place().id().toString(),
                CassandraConversions::conversion,
                listed -> CompletableFuture.completedFuture(Optional.empty()),
                Cursor::of);
    }

    private Listing<HistoryEntry> history() {
        return new Listing<>(
                TimeLists.HISTORY,
                ClickPartitions.ATTEMPT,
                listed -> listed.place().id().toString(),
                row -> TextFields.readHistoryEntry(Documents.of(row)),
                listed -> conversions.findEntry(listed.home(), listed.place().id()),
                Cursor::of);
    }

    @Override
    public List<Click> clicks(ReportFilter filter, @Nullable Cursor after, int limit) {
        return list(
                clicks(),
                filter,
                filter.clickId().map(ClickId::uuid),
                after,
                limit,
                click -> isOf(filter, click.clickId(), click.offerId(), click.memberId())
                        && within(filter, click.clickedAt()));
    }

    @Override
    public List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit) {
        return list(
                conversions(),
                filter,
                filter.clickId().map(ClickId::uuid),
                after,
                limit,
                conversion -> !conversion.isReservation()
                        && isOf(filter, conversion.clickId(), conversion.offerId(), conversion.memberId())
                        && matches(filter.eventId(), conversion.eventId())
                        && matches(filter.status(), Optional.of(conversion.status()))
                        && within(filter, conversion.convertedAt()));
    }

    @Override
    public List<HistoryEntry> history(ReportFilter filter, @Nullable Cursor after, int limit) {
        Optional<UUID> partition = filter.clickId().map(ClickId::uuid);
        if (partition.isEmpty() && filter.attemptId().isPresent()) {
            partition = requests.one(
                    "find an attempt", () -> conversions.home(filter.attemptId().get()));
            if (partition.isEmpty()) {
                return List.of();
            }
        }
        return list(
                history(),
                filter,
                partition,
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

    private <T> List<T> list(
            Listing<T> listing,
            ReportFilter filter,
            Optional<UUID> partition,
            @Nullable Cursor after,
            int limit,
            Predicate<T> condition) {
        if (partition.isPresent()) {
            BoundStatement query = filter.attemptId()
                    .filter(id -> listing.kind() == ClickPartitions.ATTEMPT)
                    .map(id -> partitions.select(partition.get(), listing.kind(), id.toString()))
                    .orElseGet(() -> partitions.select(partition.get(), listing.kind()));
            Predicate<T> isWanted =
                    condition.and(row -> isAfter(listing.placeOf().apply(row), after));
            return requests.one("read the history of a click", () -> newest(listing, query, isWanted, limit));
        }
        List<T> found = new ArrayList<>();
        AtomicLong others = new AtomicLong();
        walk(listing, range(filter, after), after, chunkSize(filter, limit), rows -> {
            for (T row : rows) {
                if (found.size() == limit) {
                    return false; // the rows after these are not wanted, and not counted
                }
                if (condition.test(row)) {
                    found.add(row);
                } else {
                    requireFew(others.incrementAndGet(), conditions(filter));
                }
            }
            return found.size() < limit;
        });
        return found;
    }

    /** Reads the newest rows of a partition. The rows are not stored in their order, and there may be many more than wanted. */
    private <T> CompletionStage<List<T>> newest(
            Listing<T> listing, BoundStatement query, Predicate<T> isWanted, int limit) {
        NewestRows<T> newest = new NewestRows<>(listing.placeOf(), limit);
        return readInto(newest, listing, query, isWanted).thenApply(done -> newest.list());
    }

    private <T> CompletionStage<?> readInto(
            NewestRows<T> newest, Listing<T> listing, BoundStatement query, Predicate<T> isWanted) {
        return requests.readSerially(query, stored -> {
            T row = listing.reader().apply(stored);
            if (isWanted.test(row)) {
                newest.add(row);
            }
        });
    }

    /** {@inheritDoc} Reads all entries of the clicks for each page, and keeps one page of them. */
    @Override
    public List<HistoryEntry> history(Collection<ClickId> clickIds, @Nullable Cursor after, int limit) {
        Listing<HistoryEntry> history = history();
        NewestRows<HistoryEntry> newest = new NewestRows<>(history.placeOf(), limit);
        requests.each(
                "read the history of clicks",
                new LinkedHashSet<>(clickIds),
                clickId -> readInto(
                                newest,
                                history,
                                partitions.select(clickId.uuid(), history.kind()),
                                entry -> isAfter(history.placeOf().apply(entry), after))
                        .thenApply(done -> true));
        return newest.list();
    }

    private static boolean isAfter(Cursor place, @Nullable Cursor after) {
        return after == null || Cursor.NEWEST_FIRST.compare(place, after) > 0;
    }

    /** As many rows as are wanted, or more if a condition may leave many of them out. */
    private static int chunkSize(ReportFilter filter, int limit) {
        return Math.min(conditions(filter).isEmpty() ? limit : Math.max(limit, MIN_FILTERED), MAX_CHUNK);
    }

    private static Range range(ReportFilter filter, @Nullable Cursor after) {
        long first = TimeLists.micros(filter.from().orElse(TimeLists.FIRST));
        long last = filter.until().map(until -> TimeLists.micros(until) - 1).orElse(TimeLists.micros(TimeLists.LAST));
        return new Range(first, after == null ? last : Math.min(last, TimeLists.micros(after.time())));
    }

    /** Reads rows in their order until the consumer has enough or there are no more. */
    private <T> void walk(
            Listing<T> listing, Range range, @Nullable Cursor after, int chunkSize, Predicate<List<T>> isMoreWanted) {
        if (range.last() < range.first()) {
            return;
        }
        List<Bucket> buckets = requests.one("read a report", () -> lists.bucketsOf(listing.list(), range));
        int width = 1;
        for (int i = 0; i < buckets.size(); i += width, width = Math.min(2 * width, MAX_BUCKETS)) {
            List<Bucket> some = buckets.subList(i, Math.min(i + width, buckets.size()));
            List<Chunk> firstChunks =
                    requests.each("read a report", some, bucket -> lists.read(bucket, range, after, chunkSize));
            List<Listed> rows = new ArrayList<>();
            for (int bucket = 0; bucket < some.size(); bucket++) {
                Chunk chunk = firstChunks.get(bucket);
                int size = chunkSize;
                while (true) {
                    rows.addAll(chunk.rows());
                    if (chunk.isLast()) {
                        break;
                    }
                    if (!isMoreWanted(listing, rows, isMoreWanted)) {
                        return;
                    }
                    rows.clear();
                    Cursor last = chunk.rows().get(chunk.rows().size() - 1).place();
                    Bucket same = some.get(bucket);
                    size = Math.min(2 * size, MAX_CHUNK); // few of the rows are wanted
                    int next = size;
                    chunk = requests.one("read a report", () -> lists.read(same, range, last, next));
                }
            }
            if (!isMoreWanted(listing, rows, isMoreWanted)) {
                return;
            }
        }
    }

    /** Hands over what rows lead to, one slice after the other, until the consumer has enough. */
    private <T> boolean isMoreWanted(Listing<T> listing, List<Listed> rows, Predicate<List<T>> consumer) {
        for (int i = 0; i < rows.size(); i += MAX_SLICE) {
            if (!consumer.test(found(listing, rows.subList(i, Math.min(i + MAX_SLICE, rows.size()))))) {
                return false;
            }
        }
        return true;
    }

    /** Finds what rows lead to. What was stored at another place, or was never stored, is left out. */
    private <T> List<T> found(Listing<T> listing, List<Listed> rows) {
        List<List<Listed>> parts = new ArrayList<>();
        for (int i = 0; i < rows.size(); i += MAX_IN_REQUEST) {
            parts.add(List.copyOf(rows.subList(i, Math.min(i + MAX_IN_REQUEST, rows.size()))));
        }
        return requests.each("read a report", parts, part -> find(listing, part)).stream()
                .flatMap(List::stream)
                .toList();
    }

    private <T> CompletionStage<List<T>> find(Listing<T> listing, List<Listed> part) {
        List<UUID> homes = part.stream().map(Listed::home).distinct().toList();
        List<String> keys = part.stream().map(listing.keyOf()).distinct().toList();
        return requests.read(partitions.select(homes, listing.kind(), keys)).thenCompose(rows -> {
            Map<List<Object>, T> stored = new HashMap<>();
            rows.forEach(row -> stored.put(
                    List.of(Objects.requireNonNull(row.getUuid("id")), Objects.requireNonNull(row.getString("key"))),
                    listing.reader().apply(row)));
            List<CompletableFuture<Optional<T>>> found = part.stream()
                    .map(listed -> {
                        T one = stored.get(
                                List.of(listed.home(), listing.keyOf().apply(listed)));
                        return one == null
                                ? listing.last().apply(listed).toCompletableFuture()
                                : CompletableFuture.completedFuture(Optional.of(one));
                    })
                    .toList();
            return CassandraRequests.all(found).thenApply(done -> {
                List<T> listed = new ArrayList<>();
                for (int i = 0; i < part.size(); i++) {
                    Cursor place = part.get(i).place();
                    found.get(i)
                            .join()
                            .filter(one -> listing.placeOf().apply(one).equals(place))
                            .ifPresent(listed::add);
                }
                return listed;
            });
        });
    }

    private void requireFew(long read, String conditions) {
        if (read > maxRows) {
            throw new AttributionException(
                    "The Cassandra store has no index for " + conditions + " and would have to read more than "
                            + maxRows + " rows for one call. Shorten the time range, or ask by click id.");
        }
    }

    /** Names the conditions that no list serves. */
    private static String conditions(ReportFilter filter) {
        Map<String, Optional<?>> all = new LinkedHashMap<>();
        all.put("received click id", filter.receivedClickId());
        all.put("offer", filter.offerId());
        all.put("member", filter.memberId());
        all.put("event", filter.eventId());
        all.put("status", filter.status());
        all.put("kind", filter.kind());
        all.put("reason", filter.reason());
        all.put("severity", filter.severity());
        all.put("origin", filter.origin());
        all.put("caller", filter.caller());
        return all.entrySet().stream()
                .filter(condition -> condition.getValue().isPresent())
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
    }

    @Override
    public List<SummaryRow> summarize(List<Day> days) {
        return days.stream().flatMap(day -> summarize(day).stream()).toList();
    }

    private List<SummaryRow> summarize(Day day) {
        Map<Optional<String>, SummaryRow.Builder> rows = new HashMap<>();
        Function<Optional<String>, SummaryRow.Builder> row =
                offerId -> rows.computeIfAbsent(offerId, added -> SummaryRow.builder(day.date(), offerId.orElse(null)));
        Range range = new Range(TimeLists.micros(day.from()), TimeLists.micros(day.until()) - 1);
        AtomicLong read = new AtomicLong();
        every(
                clicks(),
                range,
                read,
                click -> row.apply(Optional.of(click.offerId())).clicks(1));
        every(
                history(),
                range,
                read,
                entry -> row.apply(entry.offerId())
                        .entries(entry.kind(), entry.reason().orElse(null), entry.origin(), entry.caller(), 1));
        every(conversions(), range, read, conversion -> {
            if (!conversion.isReservation()) {
                add(row.apply(Optional.of(conversion.offerId())), conversion);
            }
        });
        return rows.values().stream().map(SummaryRow.Builder::build).toList();
    }

    private <T> void every(Listing<T> listing, Range range, AtomicLong read, Consumer<T> consumer) {
        walk(listing, range, null, MAX_CHUNK, rows -> {
            requireFew(read.addAndGet(rows.size()), "the sums of a day");
            rows.forEach(consumer);
            return true;
        });
    }

    /** Reads every click that was made before an instant. */
    void everyClickBefore(Instant before, Consumer<Click> consumer) {
        Range range = new Range(TimeLists.micros(TimeLists.FIRST), TimeLists.micros(before) - 1);
        walk(clicks(), range, null, MAX_CHUNK, rows -> {
            rows.forEach(consumer);
            return true;
        });
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
}
