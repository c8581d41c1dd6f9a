package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.attribution.UnsupportedPolicyException;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.report.Cursor;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Change;
import dev.attribution.spi.Settlement.Credit;
import dev.attribution.spi.Settlement.Effect;
import dev.attribution.spi.support.CreditOrder;
import dev.attribution.spi.support.FactsOf;
import dev.attribution.spi.support.TextFields;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Conversions and history. One settlement is one conditional batch on the partition of its click.
 *
 * <p>Each settlement of a call has a writer id of its own, which is stored with the attempt. After a conditional write that
 * was not applied, or whose answer is lost, the stored attempt decides: with this writer id the settlement was stored by this
 * call, with another one it is known, and without an attempt a place of it is taken.
 */
final class CassandraConversions implements ConversionRepository {
    private final Requests requests;
    private final ClickPartitions partitions;
    private final TimeLists lists;
    private final PreparedStatement selectHome;
    private final PreparedStatement insertHome;

    CassandraConversions(
            Requests requests, ClickPartitions partitions, TimeLists lists, CqlSession session, TableNames names) {
        this.requests = requests;
        this.partitions = partitions;
        this.lists = lists;
        this.selectHome = session.prepare(names.in("SELECT home FROM {home} WHERE id = ?"));
        this.insertHome = session.prepare(names.in("INSERT INTO {home} (id, home) VALUES (?, ?)"));
    }

    /** A settlement and its place in the list. */
    private record Numbered(Settlement settlement, int place, UUID writer) {}

    @Override
    public List<Facts> facts(List<FactsQuery> queries) {
        requireClicks(queries);
        Map<UUID, List<Row>> rows = decisiveRows(
                queries.stream().map(query -> query.clickId().uuid()).collect(Collectors.toCollection(LinkedHashSet::new)));
        return queries.stream()
                .map(query -> facts(query, rows.getOrDefault(query.clickId().uuid(), List.of())))
                .toList();
    }

    static void requireClicks(List<FactsQuery> queries) {
        if (queries.stream().anyMatch(query -> query.scope() instanceof Scope.OfMember)) {
            throw new UnsupportedPolicyException("The Cassandra store");
        }
    }

    static Facts facts(FactsQuery query, List<Row> decisive) {
        List<Conversion> conversions = decisive.stream()
                .filter(row -> row.getByte("kind") == ClickPartitions.CONVERSION)
                .map(CassandraConversions::conversion)
                .toList();
        return FactsOf.conversions(query, conversions, conversions);
    }

    static Conversion conversion(Row row) {
        return TextFields.readConversion(Documents.of(row));
    }

    /** Reads the click and the conversions of each partition. */
    Map<UUID, List<Row>> decisiveRows(Collection<UUID> clickIds) {
        List<UUID> ids = List.copyOf(clickIds);
        List<List<Row>> found =
                requests.each("read clicks", ids, id -> requests.read(partitions.selectDecisive(id)));
        Map<UUID, List<Row>> rows = new HashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            rows.put(ids.get(i), found.get(i));
        }
        return rows;
    }

    @Override
    public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
        return requests
                .each("find conversions", new LinkedHashSet<>(conversionIds), this::findConversion)
                .stream()
                .flatMap(Optional::stream)
                .collect(Collectors.toMap(Conversion::conversionId, Function.identity()));
    }

    private CompletionStage<Optional<Conversion>> findConversion(UUID id) {
        return home(id).thenCompose(home -> home.isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : findConversion(home.get(), id));
    }

    /** Finds a conversion in a partition. */
    CompletionStage<Optional<Conversion>> findConversion(UUID partition, UUID id) {
        return requests.read(partitions.select(partition, ClickPartitions.CONVERSION, id.toString()))
                .thenApply(rows -> rows.stream().findFirst().map(CassandraConversions::conversion));
    }

    /** Finds the partition in which a conversion or an attempt may be stored. */
    CompletionStage<Optional<UUID>> home(UUID id) {
        return requests.read(selectHome.bind(id))
                .thenApply(rows -> rows.stream().findFirst().map(row -> row.getUuid(0)));
    }

    @Override
    public List<AppendResult> append(List<Settlement> settlements) {
        if (settlements.stream().anyMatch(CassandraConversions::needsMember)) {
            throw new UnsupportedPolicyException("The Cassandra store");
        }
        Map<UUID, List<Numbered>> byPartition = new LinkedHashMap<>();
        for (int i = 0; i < settlements.size(); i++) {
            byPartition
                    .computeIfAbsent(partitionOf(settlements.get(i).entry()), added -> new ArrayList<>())
                    .add(new Numbered(settlements.get(i), i, UUID.randomUUID()));
        }
        AppendResult[] results = new AppendResult[settlements.size()];
        requests.each("append settlements", byPartition.values(), some -> appendInOrder(some, 0, new CreditOrder(), results));
        return List.of(results);
    }

    private static boolean needsMember(Settlement settlement) {
        return settlement.credit().flatMap(Credit::exclusiveScope).isPresent()
                || settlement.change().flatMap(Change::exclusiveScope).isPresent();
    }

    static UUID partitionOf(HistoryEntry entry) {
        return entry.clickId().map(ClickId::uuid).orElse(entry.attemptId());
    }

    private CompletionStage<Boolean> appendInOrder(
            List<Numbered> settlements, int next, CreditOrder order, AppendResult[] results) {
        if (next == settlements.size()) {
            return CompletableFuture.completedFuture(true);
        }
        Numbered numbered = settlements.get(next);
        Settlement settlement = numbered.settlement();
        return (order.isBrokenBefore(settlement)
                        ? stored(settlement, numbered.writer())
                        : append(settlement, numbered.writer()))
                .thenCompose(result -> {
                    results[numbered.place()] = result;
                    order.add(settlement, result);
                    return appendInOrder(settlements, next + 1, order, results);
                });
    }

    private CompletionStage<AppendResult> append(Settlement settlement, UUID writer) {
        HistoryEntry entry = settlement.entry();
        UUID partition = partitionOf(entry);
        return listed(settlement, partition)
                .thenCompose(listed -> requests.writeIf(batch(settlement, partition, writer)))
                .thenCompose(result -> result.wasApplied()
                        ? CompletableFuture.completedFuture(new AppendResult.Appended())
                        : stored(settlement, writer));
    }

    /** Writes what leads to the settlement before it is stored, so that everything stored is found. */
    private CompletionStage<?> listed(Settlement settlement, UUID partition) {
        HistoryEntry entry = settlement.entry();
        List<CompletionStage<?>> writes = new ArrayList<>();
        writes.add(lists.add(TimeLists.HISTORY, Cursor.of(entry), partition));
        writes.add(requests.write(insertHome.bind(entry.attemptId(), partition)));
        settlement.effect().ifPresent(effect -> {
            Conversion conversion = effect.conversion();
            if (conversion.revision() == 1) {
                writes.add(requests.write(insertHome.bind(conversion.conversionId(), partition)));
            }
            if (slotOf(effect).isPresent()) {
                writes.add(lists.add(TimeLists.CONVERSIONS, Cursor.of(conversion), partition));
            }
        });
        return Requests.all(writes);
    }

    private List<BoundStatement> batch(Settlement settlement, UUID partition, UUID writer) {
        HistoryEntry entry = settlement.entry();
        UUID attempt = entry.attemptId();
        List<BoundStatement> batch = new ArrayList<>();
        batch.add(partitions.insertNew(
                partition, ClickPartitions.ATTEMPT, attempt.toString(), TextFields.write(entry), attempt, writer));
        settlement.effect().ifPresent(effect -> {
            Conversion conversion = effect.conversion();
            String id = conversion.conversionId().toString();
            if (effect instanceof Change change) {
                batch.add(partitions.update(
                        partition,
                        ClickPartitions.CONVERSION,
                        id,
                        TextFields.write(conversion),
                        change.before().revision()));
            } else {
                batch.add(partitions.insert(
                        partition, ClickPartitions.CONVERSION, id, TextFields.write(conversion), attempt, writer));
                conversion
                        .callKey()
                        .ifPresent(key -> batch.add(partitions.insertNew(
                                partition, ClickPartitions.CALL_KEY, key, null, attempt, writer)));
            }
            slotOf(effect)
                    .ifPresent(slot -> batch.add(partitions.insertNew(
                            partition, ClickPartitions.SLOT, Long.toString(slot), null, attempt, writer)));
        });
        return batch;
    }

    private static OptionalLong slotOf(Effect effect) {
        if (effect instanceof Credit credit) {
            return OptionalLong.of(credit.slot());
        }
        return effect instanceof Change change ? change.slot() : OptionalLong.empty();
    }

    /** Returns what is stored under the attempt id: the settlement of this writer, that of another one, or nothing. */
    private CompletionStage<AppendResult> stored(Settlement settlement, UUID writer) {
        UUID partition = partitionOf(settlement.entry());
        return attempt(partition, settlement.entry().attemptId()).thenCompose(row -> {
            if (row.isEmpty()) {
                return CompletableFuture.completedFuture(new AppendResult.Stale());
            }
            if (writer.equals(row.get().getUuid("writer"))) {
                return CompletableFuture.completedFuture(new AppendResult.Appended());
            }
            HistoryEntry entry = TextFields.readHistoryEntry(Documents.of(row.get()));
            return named(partition, entry).thenApply(conversion -> new AppendResult.Known(entry, conversion));
        });
    }

    /** Reads an attempt serially: a write of it that is under way is decided by the read. */
    private CompletionStage<Optional<Row>> attempt(UUID partition, UUID attemptId) {
        return requests.readSerially(partitions.select(partition, ClickPartitions.ATTEMPT, attemptId.toString()))
                .thenApply(rows -> rows.stream().findFirst());
    }

    private CompletionStage<Optional<Conversion>> named(UUID partition, HistoryEntry entry) {
        if (entry.conversionId().isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        UUID id = entry.conversionId().get();
        return findConversion(partition, id)
                .thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedFuture(found)
                        : findConversion(id));
    }

    /** Finds the entry of an attempt in a partition, also if the write of it was never acknowledged. */
    CompletionStage<Optional<HistoryEntry>> findEntry(UUID partition, UUID attemptId) {
        return requests.read(partitions.select(partition, ClickPartitions.ATTEMPT, attemptId.toString()))
                .thenCompose(rows -> rows.isEmpty()
                        ? attempt(partition, attemptId)
                        : CompletableFuture.completedFuture(Optional.of(rows.get(0))))
                .thenApply(row -> row.map(found -> TextFields.readHistoryEntry(Documents.of(found))));
    }
}
