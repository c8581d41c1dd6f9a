package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.attribution.report.Cursor;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
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

    static final Instant FIRST = Instant.EPOCH.plusSeconds(-(1L << 43));
    static final Instant LAST = Instant.EPOCH.plusSeconds(1L << 43);

    private static final int MAX_REMEMBERED = 10_000;
    private static final int MAX_BUCKETS = 32;

    private final CassandraRequests requests;
    private final TimeBuckets buckets;
    private final PreparedStatement insertBucket;
    private final PreparedStatement selectBuckets;
    private final PreparedStatement insertRow;
    private final PreparedStatement selectRows;
    private final PreparedStatement selectOldest;
    private final PreparedStatement deleteRow;
    private final PreparedStatement deleteWritten;
    private final Set<Bucket> written = ConcurrentHashMap.newKeySet();

    TimeLists(CassandraRequests requests, TimeBuckets buckets, CqlSession session, CassandraTableNames names) {
        this.requests = requests;
        this.buckets = buckets;
        this.insertBucket = session.prepare(names.in("INSERT INTO {bucket} (list, bucket) VALUES (?, ?)"));
        this.selectBuckets =
                session.prepare(names.in("SELECT bucket FROM {bucket} WHERE list = ? AND bucket >= ? AND bucket <= ?"));
        this.insertRow = session.prepare(
                names.in("INSERT INTO {listed} (list, bucket, shard, at, id, home) VALUES (?, ?, ?, ?, ?, ?)"));
        String select = "SELECT at, id, home, WRITETIME(home) AS written FROM {listed}";
        this.selectRows = session.prepare(names.in(select + " WHERE list = ? AND bucket = ? AND shard = ?"
                + " AND (at, id) < (?, ?) AND (at) >= (?) LIMIT ?"));
        this.selectOldest = session.prepare(names.in(select + " WHERE list = ? AND bucket = ? AND shard = ?"
                + " AND (at, id) > (?, ?) AND (at) < (?) ORDER BY at ASC, id ASC LIMIT ?"));
        String row = " WHERE list = ? AND bucket = ? AND shard = ? AND at = ? AND id = ?";
        this.deleteRow = session.prepare(names.in("DELETE FROM {listed}" + row));
        this.deleteWritten = session.prepare(names.in("DELETE FROM {listed} USING TIMESTAMP ?" + row));
    }

    /** A part of a list. */
    record Bucket(String list, long number) {}

    /**
     * A row of a list.
     *
     * @param place the time and the id of what it leads to
     * @param home the partition of what it leads to
     * @param writtenAt when the row was written, in microseconds
     */
    record Listed(Cursor place, UUID home, long writtenAt) {}

    /**
     * Rows of a bucket.
     *
     * @param rows the rows, newest first
     * @param isLast whether the bucket has no further rows in the range
     */
    record Chunk(List<Listed> rows, boolean isLast) {}

    /** The range of a report, in microseconds: from the first to the last, both included. */
    record Range(long first, long last) {}

    /** Returns the microseconds since the epoch, or those of the first or the last instant if they are too many. */
    static long micros(Instant instant) {
        Instant bounded = instant.isBefore(FIRST) ? FIRST : instant.isAfter(LAST) ? LAST : instant;
        return Math.addExact(Math.multiplyExact(bounded.getEpochSecond(), 1_000_000L), bounded.getNano() / 1_000);
    }

    private static ByteBuffer bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .flip();
    }

    /** A row that is to be added to a list. */
    record Added(String list, Cursor place, UUID home) {}

    /** Adds rows to lists, and writes other rows with them: one request, since each of its own costs more than its write. */
    CompletionStage<?> add(List<Added> rows, List<BoundStatement> others) {
        List<BoundStatement> writes = new ArrayList<>(others);
        List<Bucket> first = new ArrayList<>();
        for (Added row : rows) {
            long at = micros(row.place().time());
            Bucket bucket = new Bucket(row.list(), buckets.numberOf(at));
            if (!written.contains(bucket)) {
                first.add(bucket);
                writes.add(insertBucket.bind(bucket.list(), bucket.number()));
            }
            writes.add(insertRow.bind(
                    bucket.list(),
                    bucket.number(),
                    buckets.shardOf(row.place().id()),
                    at,
                    bytes(row.place().id()),
                    row.home()));
        }
        return requests.write(writes).thenAccept(done -> first.forEach(this::remember));
    }

    /** Deletes a row as it was read: one that was written again since is left. */
    BoundStatement deleteWritten(String list, Listed row) {
        long at = micros(row.place().time());
        UUID id = row.place().id();
        return deleteWritten.bind(row.writtenAt(), list, buckets.numberOf(at), buckets.shardOf(id), at, bytes(id));
    }

    BoundStatement delete(String list, Cursor place) {
        long at = micros(place.time());
        return deleteRow.bind(list, buckets.numberOf(at), buckets.shardOf(place.id()), at, bytes(place.id()));
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

    /** Reads the oldest rows of a list before an instant, oldest first: those after a row, or the first ones. */
    List<Listed> oldest(String list, Instant before, @Nullable Cursor after, int limit) {
        Range range = new Range(micros(after == null ? FIRST : after.time()), micros(before));
        List<Bucket> found = new ArrayList<>(requests.one("read what is old", () -> bucketsOf(list, range)));
        Collections.reverse(found);
        List<Listed> oldest = new ArrayList<>();
        for (int i = 0; i < found.size() && oldest.size() < limit; i += MAX_BUCKETS) {
            List<Bucket> some = found.subList(i, Math.min(i + MAX_BUCKETS, found.size()));
            requests.each("read what is old", some, bucket -> oldest(bucket, range, after, limit))
                    .forEach(oldest::addAll);
        }
        return oldest.subList(0, Math.min(limit, oldest.size()));
    }

    private CompletionStage<List<Listed>> oldest(Bucket bucket, Range range, @Nullable Cursor after, int limit) {
        long at = range.first();
        ByteBuffer id = after == null ? ByteBuffer.allocate(0) : bytes(after.id());
        List<CompletableFuture<List<Listed>>> shards = new ArrayList<>();
        for (int shard = 0; shard < buckets.shards(); shard++) {
            shards.add(requests.read(
                            selectOldest.bind(bucket.list(), bucket.number(), shard, at, id, range.last(), limit))
                    .thenApply(rows -> rows.stream().map(TimeLists::listed).toList())
                    .toCompletableFuture());
        }
        return CassandraRequests.all(shards)
                .thenApply(done -> shards.stream()
                        .flatMap(shard -> shard.join().stream())
                        .sorted(Comparator.comparing(Listed::place, Cursor.NEWEST_FIRST.reversed()))
                        .limit(limit)
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
        return CassandraRequests.all(shards)
                .thenApply(done ->
                        merged(shards.stream().map(CompletableFuture::join).toList(), size));
    }

    private static Listed listed(Row row) {
        ByteBuffer id = Objects.requireNonNull(row.getByteBuffer("id"));
        return new Listed(
                new Cursor(
                        Instant.EPOCH.plus(row.getLong("at"), ChronoUnit.MICROS), new UUID(id.getLong(), id.getLong())),
                Objects.requireNonNull(row.getUuid("home")),
                row.getLong("written"));
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
                : new Chunk(
                        rows.takeWhile(row -> newestFirst.compare(row, ends.get(0)) <= 0)
                                .toList(),
                        false);
    }
}
