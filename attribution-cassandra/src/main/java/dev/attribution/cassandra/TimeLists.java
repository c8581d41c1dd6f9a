package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.attribution.report.Cursor;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The lists of the reports: in each bucket of time, the ids of what was clicked, credited or received in it, each with the
 * partition in which it is stored. A row is written before what it leads to; a reader leaves out rows that lead to nothing.
 * The rows have no parts of what they lead to, so nothing in them can be outdated, and nothing in them is about a person.
 */
final class TimeLists {
    static final String CLICKS = "click";
    static final String CONVERSIONS = "conversion";
    static final String HISTORY = "history";

    private static final int MAX_REMEMBERED = 10_000;

    private final Requests requests;
    private final TimeBuckets buckets;
    private final PreparedStatement insertBucket;
    private final PreparedStatement selectBuckets;
    private final PreparedStatement insertRow;
    private final PreparedStatement selectRows;
    private final Set<Bucket> written = ConcurrentHashMap.newKeySet();

    TimeLists(Requests requests, TimeBuckets buckets, CqlSession session, TableNames names) {
        this.requests = requests;
        this.buckets = buckets;
        this.insertBucket = session.prepare(names.in("INSERT INTO {bucket} (list, bucket) VALUES (?, ?)"));
        this.selectBuckets = session.prepare(
                names.in("SELECT bucket FROM {bucket} WHERE list = ? AND bucket >= ? AND bucket <= ?"));
        this.insertRow = session.prepare(
                names.in("INSERT INTO {listed} (list, bucket, shard, at, id, home) VALUES (?, ?, ?, ?, ?, ?)"));
        this.selectRows = session.prepare(
                names.in("SELECT at, id, home FROM {listed} WHERE list = ? AND bucket = ? AND shard = ?"
                        + " AND (at, id) < (?, ?) AND (at) >= (?) LIMIT ?"));
    }

    /** A part of a list. */
    record Bucket(String list, long number) {}

    /** A row of a list. */
    record Listed(Cursor place, UUID home) {}

    /**
     * Rows of a bucket.
     *
     * @param rows the rows, newest first
     * @param isLast whether the bucket has no further rows in the range
     */
    record Chunk(List<Listed> rows, boolean isLast) {}

    /** The range of a report, in microseconds: from the first to the last, both included. */
    record Range(long first, long last) {}

    static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    private static ByteBuffer bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .flip();
    }

    /** Adds a row. */
    CompletionStage<?> add(String list, Cursor place, UUID home) {
        long at = micros(place.time());
        Bucket bucket = new Bucket(list, buckets.numberOf(at));
        CompletionStage<?> first = written.contains(bucket)
                ? CompletableFuture.completedFuture(true)
                : requests.write(insertBucket.bind(list, bucket.number())).thenAccept(done -> remember(bucket));
        return Requests.all(List.of(
                first,
                requests.write(insertRow.bind(
                        list,
                        bucket.number(),
                        buckets.shardOf(place.id()),
                        at,
                        bytes(place.id()),
                        home))));
    }

    private void remember(Bucket bucket) {
        if (written.size() >= MAX_REMEMBERED) {
            written.clear();
        }
        written.add(bucket);
    }

    /** Reads which buckets of a list may have rows in a range, newest first. */
    CompletionStage<List<Bucket>> bucketsOf(String list, Range range) {
        return requests.read(selectBuckets.bind(list, buckets.numberOf(range.first()), buckets.numberOf(range.last())))
                .thenApply(rows -> rows.stream()
                        .map(row -> new Bucket(list, row.getLong(0)))
                        .toList());
    }

    /** Reads the next rows of a bucket after a row, or the first ones. */
    CompletionStage<Chunk> read(Bucket bucket, Range range, @Nullable Cursor after, int size) {
        long at = after == null ? range.last() + 1 : micros(after.time());
        ByteBuffer id = after == null ? ByteBuffer.allocate(0) : bytes(after.id());
        List<CompletableFuture<List<Listed>>> shards = new ArrayList<>();
        for (int shard = 0; shard < buckets.shards(); shard++) {
            shards.add(requests.read(
                            selectRows.bind(bucket.list(), bucket.number(), shard, at, id, range.first(), size))
                    .thenApply(rows -> rows.stream().map(TimeLists::listed).toList())
                    .toCompletableFuture());
        }
        return Requests.all(shards)
                .thenApply(done ->
                        merged(shards.stream().map(CompletableFuture::join).toList(), size));
    }

    private static Listed listed(Row row) {
        ByteBuffer id = Objects.requireNonNull(row.getByteBuffer("id"));
        return new Listed(
                new Cursor(
                        Instant.EPOCH.plus(row.getLong("at"), ChronoUnit.MICROS), new UUID(id.getLong(), id.getLong())),
                Objects.requireNonNull(row.getUuid("home")));
    }

    /** Merges the shards, down to the last row that is known to be in order. */
    private static Chunk merged(List<List<Listed>> shards, int size) {
        Comparator<Listed> newestFirst = Comparator.comparing(Listed::place, Cursor.NEWEST_FIRST);
        List<Listed> ends = shards.stream()
                .filter(rows -> rows.size() == size)
                .map(rows -> rows.get(size - 1))
                .sorted(newestFirst)
                .toList();
        Stream<Listed> rows = shards.stream().flatMap(List::stream).sorted(newestFirst);
        return ends.isEmpty()
                ? new Chunk(rows.toList(), true)
                : new Chunk(rows.takeWhile(row -> newestFirst.compare(row, ends.get(0)) <= 0).toList(), false);
    }
}
