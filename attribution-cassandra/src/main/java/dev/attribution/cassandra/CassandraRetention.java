package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.attribution.cassandra.TimeLists.Listed;
import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.report.Cursor;
import dev.attribution.spi.DeletedRows;
import dev.attribution.spi.RetentionRepository;
import dev.attribution.spi.support.TextFields;
import dev.attribution.spi.support.UnsettledConversions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The deletion of what is old. A batch follows the lists by time from their oldest row, reads the partitions that the rows lead
 * to, and deletes in each partition with one conditional batch, which fails if a conversion was written since the partition was
 * read. What leads to the deleted rows is deleted after them.
 */
final class CassandraRetention implements RetentionRepository {
    private static final int MAX_IN_REQUEST = 8;

    /** Far longer than a write is repeated, and than clocks of clients differ. */
    private static final Duration MAX_DELAY = Duration.ofDays(1);

    private final CassandraRequests requests;
    private final ClickPartitions partitions;
    private final MemberScopes members;
    private final TimeLists lists;
    private final CassandraConversions conversions;
    private final CassandraReports reports;

    CassandraRetention(
            CassandraRequests requests,
            ClickPartitions partitions,
            MemberScopes members,
            TimeLists lists,
            CassandraConversions conversions,
            CassandraReports reports) {
        this.requests = requests;
        this.partitions = partitions;
        this.members = members;
        this.lists = lists;
        this.conversions = conversions;
        this.reports = reports;
    }

    /**
     * What a deletion needs of an entry: a click may have thousands, with long texts.
     *
     * @param place the time and the attempt id
     * @param conversionId the conversion that the entry names, or empty
     */
    private record Entry(Cursor place, Optional<UUID> conversionId) {
        static Entry of(HistoryEntry entry) {
            return new Entry(Cursor.of(entry), entry.conversionId());
        }

        UUID attemptId() {
            return place.id();
        }
    }

    /**
     * A partition as it was read.
     *
     * @param claims the keys of the claims whose settlements are stored; a claim that is void is not deleted
     */
    private record Partition(
            UUID id,
            Optional<Click> click,
            List<Conversion> conversions,
            List<String> claims,
            List<Entry> entries,
            @Nullable UUID touched) {
        /** Takes the rows in their order, and keeps none of them. */
        private static final class Reader implements Consumer<Row> {
            private final UUID id;
            private final List<Conversion> conversions = new ArrayList<>();
            private final List<String> claims = new ArrayList<>();
            private final List<Entry> entries = new ArrayList<>();
            private @Nullable Click click;
            private @Nullable UUID touched;
            private boolean isBegun;

            Reader(UUID id) {
                this.id = id;
            }

            @Override
            public void accept(Row row) {
                if (!isBegun) { // what is written between two pages must not pass for what was read before
                    touched = row.getUuid("touched");
                    isBegun = true;
                }
                if (row.isNull("kind")) { // the static column alone
                    return;
                }
                switch (row.getByte("kind")) {
                    case ClickPartitions.CLICK -> click = TextFields.readClick(Documents.of(row));
                    case ClickPartitions.CONVERSION -> conversions.add(CassandraConversions.conversion(row));
                    case ClickPartitions.CLAIM -> {
                        if (!row.isNull("attempt")) {
                            claims.add(Objects.requireNonNull(row.getString("key")));
                        }
                    }
                    case ClickPartitions.ATTEMPT ->
                        entries.add(Entry.of(TextFields.readHistoryEntry(Documents.of(row))));
                    default -> {} // slots and call keys are deleted unread
                }
            }

            Partition partition() {
                return new Partition(id, Optional.ofNullable(click), conversions, claims, entries, touched);
            }
        }

        /** The ids of the conversions and of the attempts, whatever has become of them. */
        Set<UUID> ids() {
            return Stream.concat(
                            conversions.stream().map(Conversion::conversionId),
                            entries.stream().map(Entry::attemptId))
                    .collect(Collectors.toSet());
        }

        /** The places of the stored objects in a list. */
        Stream<Cursor> places(String list) {
            return switch (list) {
                case TimeLists.CLICKS -> click.stream().map(Cursor::of);
                case TimeLists.CONVERSIONS -> conversions.stream().map(Cursor::of);
                default -> entries.stream().map(Entry::place);
            };
        }

        boolean isUnsettled(Instant settledBefore) {
            return conversions.stream()
                    .anyMatch(conversion -> UnsettledConversions.isUnsettled(conversion, settledBefore));
        }
    }

    /** What is deleted of a partition. */
    private record Deletion(Partition from, Optional<Click> click, List<Conversion> conversions, List<Entry> entries) {
        boolean isOfAll() {
            return click.equals(from.click())
                    && conversions.size() == from.conversions().size()
                    && entries.size() == from.entries().size();
        }

        boolean isOfAllConversions() {
            return conversions.size() == from.conversions().size();
        }
    }

    @Override
    public Map<String, Long> countClicks(Instant before) {
        Map<String, Long> numbers = new HashMap<>();
        reports.everyClickBefore(before, click -> numbers.merge(click.offerId(), 1L, Long::sum));
        return numbers;
    }

    /** Reads every old click, since no table leads from an offer to its clicks; keeps no more ids than it returns. */
    @Override
    public List<String> offersWithClicks(Instant before, @Nullable String after, int limit) {
        TreeSet<String> first = new TreeSet<>();
        reports.everyClickBefore(before, click -> {
            if (after == null || click.offerId().compareTo(after) > 0) {
                first.add(click.offerId());
                if (first.size() > limit) {
                    first.pollLast();
                }
            }
        });
        return List.copyOf(first);
    }

    @Override
    public DeletedRows deleteClicks(Instant before, Instant settledBefore, @Nullable Cursor after, int limit) {
        List<Listed> batch = lists.oldest(TimeLists.CLICKS, before, after, limit);
        int unsettled = 0;
        int moreConversions = limit;
        int moreEntries = limit;
        List<Deletion> deletions = new ArrayList<>();
        Set<Cursor> places = places(batch);
        for (Partition partition : read(TimeLists.CLICKS, batch)) {
            // a refused insert may have listed the click at another time
            if (partition.click().map(Cursor::of).filter(places::contains).isEmpty()) {
                continue;
            }
            if (partition.isUnsettled(settledBefore)) {
                unsettled++;
                continue;
            }
            List<Conversion> some = first(partition.conversions(), moreConversions);
            List<Entry> entries = some.size() < partition.conversions().size()
                    ? List.of() // the entries of a conversion that is left stay with it
                    : first(partition.entries(), moreEntries);
            moreConversions -= some.size();
            moreEntries -= entries.size();
            deletions.add(new Deletion(partition, partition.click(), some, entries));
        }
        return delete(deletions, unsettled, batch, limit);
    }

    private static <T> List<T> first(List<T> all, int limit) {
        return all.subList(0, Math.min(limit, all.size()));
    }

    @Override
    public DeletedRows deleteConversions(Instant before, @Nullable Cursor after, int limit) {
        List<Listed> batch = lists.oldest(TimeLists.CONVERSIONS, before, after, limit);
        Set<Cursor> places = places(batch);
        List<Deletion> deletions = read(TimeLists.CONVERSIONS, batch).stream()
                .filter(partition -> partition.click().isEmpty())
                .map(partition -> new Deletion(
                        partition,
                        Optional.empty(),
                        partition.conversions().stream()
                                .filter(conversion -> places.contains(Cursor.of(conversion))
                                        && conversion.status() != ConversionStatus.PENDING)
                                .toList(),
                        List.of()))
                .toList();
        return delete(deletions, 0, batch, limit);
    }

    @Override
    public DeletedRows deleteHistory(Instant before, @Nullable Cursor after, int limit) {
        List<Listed> batch = lists.oldest(TimeLists.HISTORY, before, after, limit);
        Set<Cursor> places = places(batch);
        List<Deletion> deletions = requests.each(
                "find old entries",
                read(TimeLists.HISTORY, batch).stream()
                        .filter(partition -> partition.click().isEmpty())
                        .toList(),
                partition -> ofNothing(partition, places));
        return delete(deletions, 0, batch, limit);
    }

    /** The entries among some that name no stored conversion. */
    private CompletionStage<Deletion> ofNothing(Partition partition, Set<Cursor> places) {
        List<Entry> some = partition.entries().stream()
                .filter(entry -> places.contains(entry.place()))
                .toList();
        List<CompletableFuture<Boolean>> isLeft = some.stream()
                .map(entry -> conversions
                        .findNamed(partition.id(), entry.conversionId())
                        .thenApply(Optional::isPresent)
                        .toCompletableFuture())
                .toList();
        return CassandraRequests.all(isLeft).thenApply(done -> {
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < some.size(); i++) {
                if (!isLeft.get(i).join()) {
                    entries.add(some.get(i));
                }
            }
            return new Deletion(partition, Optional.empty(), List.of(), entries);
        });
    }

    private static Set<Cursor> places(List<Listed> batch) {
        return batch.stream().map(Listed::place).collect(Collectors.toSet());
    }

    /** Reads the partitions to which rows of a list lead, and deletes the rows that lead to nothing. */
    private List<Partition> read(String list, List<Listed> batch) {
        Collection<UUID> homes = batch.stream().map(Listed::home).collect(Collectors.toCollection(LinkedHashSet::new));
        List<Partition> found = requests.each("read what is old", homes, this::read);
        deleteLeadingToNothing(list, batch, found);
        return found;
    }

    private CompletionStage<Partition> read(UUID id) {
        Partition.Reader reader = new Partition.Reader(id);
        return requests.readSerially(partitions.selectAll(id), reader).thenApply(done -> reader.partition());
    }

    /**
     * Deletes what a run has left that ended before it had deleted what led to the rows that it deleted, and what a refused write
     * has listed. A row that was written lately is left, since what it leads to may be about to be stored.
     */
    private void deleteLeadingToNothing(String list, List<Listed> batch, List<Partition> found) {
        Map<UUID, Partition> byId = found.stream().collect(Collectors.toMap(Partition::id, Function.identity()));
        long writtenBefore = TimeLists.micros(Instant.now().minus(MAX_DELAY));
        List<BoundStatement> writes = new ArrayList<>();
        for (Listed listed : batch) {
            Partition home = Objects.requireNonNull(byId.get(listed.home()));
            if (listed.writtenAt() >= writtenBefore || home.places(list).anyMatch(listed.place()::equals)) {
                continue;
            }
            writes.add(lists.deleteWritten(list, listed));
            UUID id = listed.place().id();
            if (!list.equals(TimeLists.CLICKS) && !home.ids().contains(id)) {
                writes.add(conversions.deleteHome(id, listed.writtenAt()));
            }
        }
        requests.one("delete what leads to nothing", () -> write(writes));
    }

    private DeletedRows delete(List<Deletion> planned, int unsettled, List<Listed> batch, int limit) {
        List<Deletion> some = planned.stream()
                .filter(deletion -> deletion.click().isPresent()
                        || !deletion.conversions().isEmpty()
                        || !deletion.entries().isEmpty())
                .toList();
        List<Boolean> isDone = requests.each("delete what is old", some, this::delete);
        int clicks = 0;
        int credits = 0;
        int entries = 0;
        for (int i = 0; i < some.size(); i++) {
            if (isDone.get(i)) {
                clicks += some.get(i).click().isPresent() ? 1 : 0;
                credits += some.get(i).conversions().size();
                entries += some.get(i).entries().size();
            }
        }
        return new DeletedRows(
                clicks,
                credits,
                entries,
                unsettled,
                batch.size() < limit
                        ? Optional.empty()
                        : Optional.of(batch.get(batch.size() - 1).place()));
    }

    /** Deletes in one partition, unless a conversion was written there; the next run looks at it again. */
    private CompletionStage<Boolean> delete(Deletion deletion) {
        return CassandraRequests.all(
                        deletion.conversions().stream().map(members::keep).toList())
                .thenCompose(kept -> requests.writeIf(statements(deletion)))
                .thenCompose(
                        result -> result.wasApplied() ? CompletableFuture.completedFuture(true) : isDeleted(deletion))
                .thenCompose(isDone -> isDone ? deleteLeading(deletion) : CompletableFuture.completedFuture(false));
    }

    private List<BoundStatement> statements(Deletion deletion) {
        UUID id = deletion.from().id();
        List<BoundStatement> batch = new ArrayList<>();
        UUID touched = deletion.from().touched();
        batch.add(
                deletion.isOfAll()
                        ? partitions.untouchIf(id, touched)
                        : partitions.touchIf(id, UUID.randomUUID(), touched));
        if (deletion.isOfAll() && deletion.click().isPresent()) {
            batch.add(partitions.deleteStored(id, ClickPartitions.CLICK, ClickPartitions.SELF));
            batch.addAll(partitions.deleteAllButClaims(id));
            batch.addAll(deleteClaims(deletion.from()));
            return batch;
        }
        // row by row: a click, or an entry that changes no conversion, may have come since, and is young
        deletion.click()
                .ifPresent(click -> batch.add(partitions.delete(id, ClickPartitions.CLICK, ClickPartitions.SELF)));
        deletion.conversions()
                .forEach(conversion -> batch.add(partitions.delete(
                        id,
                        ClickPartitions.CONVERSION,
                        conversion.conversionId().toString())));
        boolean hasPlaces = touched != null || deletion.click().isPresent();
        if (hasPlaces && deletion.isOfAllConversions()) {
            batch.add(partitions.deletePlaces(id));
            batch.addAll(deleteClaims(deletion.from()));
        }
        deletion.entries()
                .forEach(entry -> batch.add(partitions.delete(
                        id, ClickPartitions.ATTEMPT, entry.attemptId().toString())));
        return batch;
    }

    private List<BoundStatement> deleteClaims(Partition from) {
        return from.claims().stream()
                .map(claim -> partitions.delete(from.id(), ClickPartitions.CLAIM, claim))
                .toList();
    }

    /** Returns whether an earlier run whose answer is lost has deleted everything. */
    private CompletionStage<Boolean> isDeleted(Deletion deletion) {
        return read(deletion.from().id()).thenApply(now -> {
            Set<UUID> left = now.ids();
            return (deletion.click().isEmpty() || now.click().isEmpty())
                    && deletion.conversions().stream()
                            .map(Conversion::conversionId)
                            .noneMatch(left::contains)
                    && deletion.entries().stream().map(Entry::attemptId).noneMatch(left::contains);
        });
    }

    /** Deletes the rows that lead to what was deleted, a few in one request: the server warns of requests with many. */
    private CompletionStage<Boolean> deleteLeading(Deletion deletion) {
        return write(leading(deletion));
    }

    private CompletionStage<Boolean> write(List<BoundStatement> writes) {
        List<CompletionStage<?>> done = new ArrayList<>();
        for (int i = 0; i < writes.size(); i += MAX_IN_REQUEST) {
            done.add(requests.write(writes.subList(i, Math.min(i + MAX_IN_REQUEST, writes.size()))));
        }
        return CassandraRequests.all(done).thenApply(all -> true);
    }

    private List<BoundStatement> leading(Deletion deletion) {
        List<BoundStatement> writes = new ArrayList<>();
        deletion.click().ifPresent(click -> writes.add(lists.delete(TimeLists.CLICKS, Cursor.of(click))));
        for (Conversion conversion : deletion.conversions()) {
            writes.add(lists.delete(TimeLists.CONVERSIONS, Cursor.of(conversion)));
            writes.add(members.deleteListed(conversion));
            writes.add(conversions.deleteHome(conversion.conversionId()));
        }
        for (Entry entry : deletion.entries()) {
            writes.add(lists.delete(TimeLists.HISTORY, entry.place()));
            writes.add(conversions.deleteHome(entry.attemptId()));
        }
        return writes;
    }
}
