package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.attribution.cassandra.MemberScopes.ClaimWait;
import dev.attribution.cassandra.MemberScopes.ScopeClaim;
import dev.attribution.cassandra.MemberScopes.ScopeRows;
import dev.attribution.cassandra.TimeLists.Added;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Conversions and history. One settlement is one conditional batch on the partition of its click.
 *
 * <p>Each settlement of a call has a writer id of its own, which is stored with the attempt. After a conditional write that
 * was not applied, or whose answer is lost, the stored attempt decides: with this writer id the settlement was stored by this
 * call, with another one it is known, and without an attempt a place of it is taken.
 */
final class CassandraConversions implements ConversionRepository {
    private static final int MAX_TOGETHER = 20;

    private final CassandraRequests requests;
    private final ClickPartitions partitions;
    private final MemberScopes members;
    private final TimeLists lists;
    private final PreparedStatement selectHome;
    private final PreparedStatement insertHome;
    private final PreparedStatement deleteHome;
    private final PreparedStatement deleteWrittenHome;

    CassandraConversions(
            CassandraRequests requests,
            ClickPartitions partitions,
            MemberScopes members,
            TimeLists lists,
            CqlSession session,
            CassandraTableNames names) {
        this.requests = requests;
        this.partitions = partitions;
        this.members = members;
        this.lists = lists;
        this.selectHome = session.prepare(names.in("SELECT home FROM {home} WHERE id = ?"));
        this.insertHome = session.prepare(names.in("INSERT INTO {home} (id, home) VALUES (?, ?)"));
        this.deleteHome = session.prepare(names.in("DELETE FROM {home} WHERE id = ?"));
        this.deleteWrittenHome = session.prepare(names.in("DELETE FROM {home} USING TIMESTAMP ? WHERE id = ?"));
    }

    /** A settlement and its place in the list. */
    private record Numbered(Settlement settlement, int place, UUID writer, ClaimWait claimWait) {
        HistoryEntry entry() {
            return settlement.entry();
        }

        UUID partition() {
            return partitionOf(settlement.entry());
        }

        /** Names the rows that the settlement writes. */
        Stream<String> rows() {
            Stream.Builder<String> rows = Stream.builder();
            rows.add("attempt " + entry().attemptId());
            settlement.effect().ifPresent(effect -> {
                Conversion conversion = effect.conversion();
                rows.add("conversion " + conversion.conversionId());
                slotOf(effect).ifPresent(slot -> rows.add("slot " + slot));
                conversion.callKey().ifPresent(key -> rows.add("call key " + key));
            });
            return rows.build();
        }

        Optional<ScopeClaim> claim() {
            return settlement
                    .effect()
                    .flatMap(effect -> exclusiveScope(effect)
                            .map(scope -> new ScopeClaim(
                                    scope,
                                    partition(),
                                    effect.conversion().conversionId(),
                                    settlement.entry().attemptId(),
                                    writer)));
        }
    }

    @Override
    public List<Facts> facts(List<FactsQuery> queries) {
        return facts(queries, decisiveRows(ids(queries, query -> query.clickId().uuid())));
    }

    /**
     * Finds the facts.
     *
     * @param queries the queries
     * @param ofClicks the click and the conversions of each query's click
     */
    List<Facts> facts(List<FactsQuery> queries, Map<UUID, List<Row>> ofClicks) {
        List<UUID> scopeKeys = List.copyOf(ids(
                queries.stream()
                        .filter(query -> query.scope() instanceof Scope.OfMember)
                        .toList(),
                query -> query.scope().key()));
        List<ScopeRows> scopeRows = requests.each("read the conversions of members", scopeKeys, members::read);
        Map<UUID, ScopeRows> scopes = new HashMap<>();
        Set<UUID> others = new LinkedHashSet<>();
        for (int i = 0; i < scopeKeys.size(); i++) {
            scopes.put(scopeKeys.get(i), scopeRows.get(i));
            others.addAll(scopeRows.get(i).homes());
        }
        others.removeAll(ofClicks.keySet());
        Map<UUID, List<Row>> rows = new HashMap<>(ofClicks);
        rows.putAll(decisiveRows(others));
        return queries.stream()
                .map(query -> {
                    List<Conversion> ofClick = conversions(rows, query.clickId().uuid());
                    ScopeRows scope = scopes.get(query.scope().key());
                    return FactsOf.conversions(query, scope == null ? ofClick : ofScope(query, scope, rows), ofClick);
                })
                .toList();
    }

    private static Set<UUID> ids(List<FactsQuery> queries, Function<FactsQuery, UUID> id) {
        return queries.stream().map(id).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static List<Conversion> conversions(Map<UUID, List<Row>> rows, UUID partition) {
        return rows.getOrDefault(partition, List.of()).stream()
                .filter(row -> row.getByte("kind") == ClickPartitions.CONVERSION)
                .map(CassandraConversions::conversion)
                .toList();
    }

    private static Collection<Conversion> ofScope(FactsQuery query, ScopeRows scope, Map<UUID, List<Row>> rows) {
        Map<UUID, Conversion> found = new HashMap<>();
        scope.kept().ifPresent(kept -> found.put(kept.conversionId(), kept));
        Stream.concat(scope.homes().stream(), Stream.of(query.clickId().uuid()))
                .distinct()
                .flatMap(home -> conversions(rows, home).stream())
                .filter(conversion ->
                        conversion.memberScope().equals(query.scope().key()))
                .forEach(conversion -> found.put(conversion.conversionId(), conversion));
        return found.values();
    }

    static Conversion conversion(Row row) {
        return TextFields.readConversion(Documents.of(row));
    }

    /** Reads the click and the conversions of each partition. */
    Map<UUID, List<Row>> decisiveRows(Collection<UUID> clickIds) {
        List<UUID> ids = List.copyOf(clickIds);
        List<List<Row>> found = requests.each("read clicks", ids, id -> requests.read(partitions.selectDecisive(id)));
        Map<UUID, List<Row>> rows = new HashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            rows.put(ids.get(i), found.get(i));
        }
        return rows;
    }

    @Override
    public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
        return requests.each("find conversions", new LinkedHashSet<>(conversionIds), this::findConversion).stream()
                .flatMap(Optional::stream)
                .collect(Collectors.toMap(Conversion::conversionId, Function.identity()));
    }

    private CompletionStage<Optional<Conversion>> findConversion(UUID id) {
        return home(id).thenCompose(home ->
                home.isEmpty() ? CompletableFuture.completedFuture(Optional.empty()) : findConversion(home.get(), id));
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

    BoundStatement deleteHome(UUID id) {
        return deleteHome.bind(id);
    }

    /** Deletes what leads to an id, unless it was written after an instant, in microseconds. */
    BoundStatement deleteHome(UUID id, long writtenAt) {
        return deleteWrittenHome.bind(writtenAt, id);
    }

    @Override
    public List<AppendResult> append(List<Settlement> settlements) {
        Map<UUID, List<Numbered>> byPartition = new LinkedHashMap<>();
        for (int i = 0; i < settlements.size(); i++) {
            byPartition
                    .computeIfAbsent(partitionOf(settlements.get(i).entry()), added -> new ArrayList<>())
                    .add(new Numbered(settlements.get(i), i, UUID.randomUUID(), new ClaimWait()));
        }
        AppendResult[] results = new AppendResult[settlements.size()];
        requests.each(
                "append settlements",
                byPartition.entrySet(),
                Map.Entry::getKey, // of concurrent writes of a partition all but one fail and are repeated
                some -> appendInOrder(some.getValue(), 0, 0, new CreditOrder(), results));
        return List.of(results);
    }

    private static Optional<Scope.OfMember> exclusiveScope(Effect effect) {
        if (effect instanceof Credit credit) {
            return credit.exclusiveScope();
        }
        return effect instanceof Change change ? change.exclusiveScope() : Optional.empty();
    }

    static UUID partitionOf(HistoryEntry entry) {
        return entry.clickId().map(ClickId::uuid).orElse(entry.attemptId());
    }

    /**
     * Appends the settlements of a partition.
     *
     * @param single the settlements before this one are appended one by one, since together they were refused
     */
    private CompletionStage<Boolean> appendInOrder(
            List<Numbered> settlements, int next, int single, CreditOrder order, AppendResult[] results) {
        if (next == settlements.size()) {
            return CompletableFuture.completedFuture(true);
        }
        Numbered numbered = settlements.get(next);
        boolean isBroken = order.isBrokenBefore(numbered.settlement());
        List<Numbered> together = isBroken || next < single ? List.of() : together(settlements, next);
        if (together.size() > 1) {
            int end = next + together.size();
            return appendTogether(together).thenCompose(isAppended -> {
                if (isAppended) {
                    together.forEach(one -> results[one.place()] = new AppendResult.Appended());
                }
                return appendInOrder(settlements, isAppended ? end : next, end, order, results);
            });
        }
        return (isBroken ? stored(numbered) : append(numbered)).thenCompose(result -> {
            results[numbered.place()] = result;
            order.add(numbered.settlement(), result);
            return appendInOrder(settlements, next + 1, single, order, results);
        });
    }

    /** The next settlements that write different rows, so that one batch can store them all or none of them. */
    private static List<Numbered> together(List<Numbered> settlements, int next) {
        Set<String> rows = new HashSet<>();
        int end = next;
        while (end < settlements.size()
                && end - next < MAX_TOGETHER
                && settlements.get(end).claim().isEmpty()
                && settlements.get(end).rows().allMatch(rows::add)) {
            end++;
        }
        return settlements.subList(next, end);
    }

    private CompletionStage<Boolean> appendTogether(List<Numbered> settlements) {
        return CassandraRequests.all(settlements.stream()
                        .map(one -> listed(one.settlement(), one.partition()))
                        .toList())
                .thenCompose(listed -> requests.writeIf(settlements.stream()
                        .flatMap(one -> batch(one.settlement(), one.partition(), one.writer()).stream())
                        .toList()))
                .thenApply(result -> result.wasApplied() || isOfWriters(settlements, rows(result)));
    }

    /** Whether the attempts of all settlements are stored by this call, whose first answer is lost. */
    private static boolean isOfWriters(List<Numbered> settlements, List<Row> refusing) {
        return isOfRows(refusing)
                && settlements.stream()
                        .allMatch(one -> attempt(one, refusing)
                                .filter(row -> one.writer().equals(row.getUuid("writer")))
                                .isPresent());
    }

    private static List<Row> rows(AsyncResultSet result) {
        List<Row> rows = new ArrayList<>();
        result.currentPage().forEach(rows::add);
        return rows;
    }

    private CompletionStage<AppendResult> append(Numbered numbered) {
        CompletionStage<?> listed = listed(numbered.settlement(), numbered.partition());
        Optional<ScopeClaim> claim = numbered.claim();
        if (claim.isEmpty()) {
            return listed.thenCompose(done -> appendBatch(numbered));
        }
        return listed.thenCompose(done -> members.claim(claim.get(), numbered.claimWait()))
                .thenCompose(isClaimed -> isClaimed ? appendUnderClaim(numbered, claim.get()) : stored(numbered));
    }

    private CompletionStage<AppendResult> appendUnderClaim(Numbered numbered, ScopeClaim claim) {
        return appendBatch(numbered)
                .thenCompose(result -> result instanceof AppendResult.Appended
                        ? CompletableFuture.completedFuture(result)
                        : members.release(claim).thenApply(released -> result));
    }

    private CompletionStage<AppendResult> appendBatch(Numbered numbered) {
        return requests.writeIf(batch(numbered.settlement(), numbered.partition(), numbered.writer()))
                .thenCompose(result -> {
                    if (result.wasApplied()) {
                        return CompletableFuture.completedFuture(new AppendResult.Appended());
                    }
                    List<Row> refusing = rows(result);
                    return isOfRows(refusing) ? stored(numbered, attempt(numbered, refusing)) : stored(numbered);
                });
    }

    /** Whether a refused batch returned the rows that it found; some engines return something else. */
    private static boolean isOfRows(List<Row> refusing) {
        return !refusing.isEmpty()
                && refusing.stream()
                        .allMatch(row -> row.getColumnDefinitions().contains("kind")
                                && row.getColumnDefinitions().contains("writer")
                                && !row.isNull("kind"));
    }

    private static Optional<Row> attempt(Numbered numbered, List<Row> rows) {
        String key = numbered.entry().attemptId().toString();
        return rows.stream()
                .filter(row -> row.getByte("kind") == ClickPartitions.ATTEMPT && key.equals(row.getString("key")))
                .findFirst();
    }

    /** Writes what leads to the settlement before it is stored, so that everything stored is found. */
    private CompletionStage<?> listed(Settlement settlement, UUID partition) {
        HistoryEntry entry = settlement.entry();
        List<Added> added = new ArrayList<>();
        List<BoundStatement> others = new ArrayList<>();
        added.add(new Added(TimeLists.HISTORY, Cursor.of(entry), partition));
        others.add(insertHome.bind(entry.attemptId(), partition));
        settlement
                .effect()
                .map(Effect::conversion)
                .filter(conversion -> conversion.revision() == 1)
                .ifPresent(conversion -> {
                    added.add(new Added(TimeLists.CONVERSIONS, Cursor.of(conversion), partition));
                    others.add(insertHome.bind(conversion.conversionId(), partition));
                    others.add(members.list(conversion, partition));
                });
        return lists.add(added, others);
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
                        .ifPresent(key ->
                                batch.add(partitions.take(partition, ClickPartitions.CALL_KEY, key, attempt, writer)));
            }
            slotOf(effect)
                    .ifPresent(slot -> batch.add(
                            partitions.take(partition, ClickPartitions.SLOT, Long.toString(slot), attempt, writer)));
            if (exclusiveScope(effect).isPresent()) {
                batch.add(partitions.take(partition, ClickPartitions.CLAIM, writer.toString(), attempt, writer));
            }
            batch.add(partitions.touch(partition, writer));
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
    private CompletionStage<AppendResult> stored(Numbered numbered) {
        return attempt(numbered.partition(), numbered.entry().attemptId()).thenCompose(row -> stored(numbered, row));
    }

    private CompletionStage<AppendResult> stored(Numbered numbered, Optional<Row> attempt) {
        if (attempt.isEmpty()) {
            return CompletableFuture.completedFuture(new AppendResult.Stale());
        }
        if (numbered.writer().equals(attempt.get().getUuid("writer"))) {
            return CompletableFuture.completedFuture(new AppendResult.Appended());
        }
        HistoryEntry entry = TextFields.readHistoryEntry(Documents.of(attempt.get()));
        return findNamed(numbered.partition(), entry.conversionId())
                .thenApply(conversion -> new AppendResult.Known(entry, conversion));
    }

    /** Reads an attempt serially: a write of it that is under way is decided by the read. */
    private CompletionStage<Optional<Row>> attempt(UUID partition, UUID attemptId) {
        return requests.readSerially(partitions.select(partition, ClickPartitions.ATTEMPT, attemptId.toString()))
                .thenApply(rows -> rows.stream().findFirst());
    }

    /** Finds the conversion that an entry of a partition names, there or in another one. */
    CompletionStage<Optional<Conversion>> findNamed(UUID partition, Optional<UUID> conversionId) {
        if (conversionId.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        UUID id = conversionId.get();
        return findConversion(partition, id)
                .thenCompose(
                        found -> found.isPresent() ? CompletableFuture.completedFuture(found) : findConversion(id));
    }

    /** Finds the entry of an attempt in a partition, also if the write of it was never acknowledged. Reads serially. */
    CompletionStage<Optional<HistoryEntry>> findEntry(UUID partition, UUID attemptId) {
        return attempt(partition, attemptId)
                .thenApply(row -> row.map(found -> TextFields.readHistoryEntry(Documents.of(found))));
    }
}
