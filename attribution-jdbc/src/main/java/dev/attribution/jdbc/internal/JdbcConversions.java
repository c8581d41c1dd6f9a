package dev.attribution.jdbc.internal;

import dev.attribution.StorageException;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ConversionTable;
import dev.attribution.jdbc.internal.row.HistoryTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.statement.FactsReader;
import dev.attribution.jdbc.internal.statement.RowsById;
import dev.attribution.jdbc.internal.statement.SettlementWriter;
import dev.attribution.jdbc.internal.statement.SettlementWriter.Trial;
import dev.attribution.jdbc.internal.statement.Statements;
import dev.attribution.jdbc.internal.transaction.CreditHandlerCall;
import dev.attribution.jdbc.internal.transaction.Transactions;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.support.CreditOrder;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Stores conversions and history. Unique keys alone decide whether a credit may be written. */
public final class JdbcConversions implements ConversionRepository {
    private static final AppendResult APPENDED = new AppendResult.Appended();
    private static final AppendResult STALE = new AppendResult.Stale();
    private static final UUID NO_CLICK = new UUID(0, 0);

    private final Transactions transactions;
    private final FactsReader facts;
    private final SettlementWriter writer;
    private final int maxConcurrentLists;
    private final boolean needsTimeInIds;
    private final @Nullable CreditHandlerCall handlers;
    private final RowsById<UUID, Conversion> conversionsById;
    private final RowsById<UUID, HistoryEntry> entriesById;

    public JdbcConversions(
            Transactions transactions,
            TableNames tables,
            Dialect dialect,
            Statements statements,
            @Nullable CreditHandlerCall handlers,
            boolean combining,
            boolean needsTimeInIds) {
        this.transactions = transactions;
        this.facts = statements.facts();
        this.handlers = handlers;
        this.needsTimeInIds = needsTimeInIds;
        this.maxConcurrentLists =
                combining && transactions.isEachOnItsOwn() && handlers == null ? dialect.maxConcurrentLists() : 0;
        this.writer = statements.settlements();
        this.conversionsById = new RowsById<>(
                dialect,
                tables.conversion(),
                ConversionTable.COLUMNS,
                ConversionTable.WRITTEN.get(0),
                ConversionTable::read);
        this.entriesById = new RowsById<>(
                dialect, tables.history(), HistoryTable.COLUMNS, HistoryTable.WRITTEN.get(0), HistoryTable::read);
    }

    /** Returns 0 if there is a handler, which is called on the thread of its caller. */
    @Override
    public int maxConcurrentAppends() {
        return maxConcurrentLists;
    }

    @Override
    public List<Facts> facts(List<FactsQuery> queries) {
        return transactions.read("read conversions", handle -> facts.read(handle, queries));
    }

    @Override
    public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
        List<Conversion> found = transactions.read(
                "find conversions",
                handle -> conversionsById.read(
                        handle, conversionIds.stream().distinct().toList()));
        return found.stream().collect(Collectors.toMap(Conversion::conversionId, Function.identity()));
    }

    @Override
    public List<AppendResult> append(List<Settlement> settlements) {
        if (settlements.isEmpty()) {
            return List.of();
        }
        if (needsTimeInIds) {
            TimeInIds.requireInSettlements(settlements);
        }
        return handlers == null || !transactions.isEachOnItsOwn()
                ? appendTogether(settlements)
                : appendHandledAlone(handlers, settlements);
    }

    /** A settlement for which a handler is called has a transaction of its own. */
    private List<AppendResult> appendHandledAlone(CreditHandlerCall handlers, List<Settlement> settlements) {
        CreditOrder order = new CreditOrder();
        List<AppendResult> results = new ArrayList<>(settlements.size());
        while (results.size() < settlements.size()) {
            int from = results.size();
            Settlement first = settlements.get(from);
            if (order.isBrokenBefore(first)) {
                results.add(knownOrStale(transactions, first));
            } else {
                int to = from + 1;
                while (!handlers.isCalledFor(first)
                        && to < settlements.size()
                        && isWithoutHandler(handlers, settlements.get(to), order)) {
                    to++;
                }
                results.addAll(appendTogether(settlements.subList(from, to)));
            }
            order.add(first, results.get(from));
        }
        return results;
    }

    private static boolean isWithoutHandler(CreditHandlerCall handlers, Settlement settlement, CreditOrder order) {
        return !handlers.isCalledFor(settlement) && !order.isBrokenBefore(settlement);
    }

    private AppendResult knownOrStale(Transactions transactions, Settlement settlement) {
        return transactions.read("read a postback", handle -> {
            UUID attemptId = settlement.entry().attemptId();
            return known(handle, List.of(attemptId)).getOrDefault(attemptId, STALE);
        });
    }

    private List<AppendResult> appendTogether(List<Settlement> settlements) {
        if (isOneStatement(settlements)) {
            return transactions.writeInOneStatement("store postbacks", handle -> append(handle, settlements, false));
        }
        Transactions call = transactions.asOneCall();
        Trial all = tryAppendAll(call, settlements);
        if (all == Trial.WRITTEN) {
            return Collections.nCopies(settlements.size(), APPENDED);
        }
        boolean areRefused = all == Trial.REFUSED;
        return areRefused && settlements.size() == 1
                ? List.of(knownOrStale(call, settlements.get(0)))
                : call.write("store postbacks", handle -> append(handle, settlements, areRefused));
    }

    /** Appends a list that nothing prevents, as is usual. */
    private Trial tryAppendAll(Transactions call, List<Settlement> settlements) {
        if (!writer.triesAll() || handlers != null || !call.isEachOnItsOwn()) {
            return Trial.NOT_TRIED;
        }
        List<Settlement> ordered = ordered(settlements, byAttempt(settlements));
        return ordered.size() == settlements.size()
                ? writer.tryWriteAll(call, "store postbacks", ordered)
                : Trial.NOT_TRIED;
    }

    private static Map<UUID, Settlement> byAttempt(List<Settlement> settlements) {
        Map<UUID, Settlement> byAttempt = new LinkedHashMap<>();
        settlements.forEach(
                settlement -> byAttempt.putIfAbsent(settlement.entry().attemptId(), settlement));
        return byAttempt;
    }

    /**
     * Returns the settlements in the order that keeps racing lists from a deadlock, since a list is one unit: by the member of what is
     * credited or changed, then by click. Settlements that share a place share the hash of the member, and all lists meet them
     * in this order. The settlements of a click keep the order of the list.
     */
    private static List<Settlement> ordered(List<Settlement> settlements, Map<UUID, Settlement> byAttempt) {
        Map<UUID, UUID> members = new HashMap<>();
        for (Settlement settlement : settlements) {
            settlement
                    .effect()
                    .ifPresent(effect ->
                            members.put(clickId(settlement), effect.conversion().memberScope()));
        }
        List<Ordered> ordered = new ArrayList<>(byAttempt.size());
        for (Settlement settlement : byAttempt.values()) {
            UUID click = clickId(settlement);
            ordered.add(new Ordered(members.getOrDefault(click, NO_CLICK), click, settlement));
        }
        ordered.sort(Comparator.comparing(Ordered::member).thenComparing(Ordered::click));
        return ordered.stream().map(Ordered::settlement).toList();
    }

    /** A settlement with its place in the order. */
    private record Ordered(UUID member, UUID click, Settlement settlement) {}

    private boolean isOneStatement(List<Settlement> settlements) {
        return writer.isOneStatement(settlements)
                && (handlers == null || settlements.stream().noneMatch(handlers::isCalledFor));
    }

    private List<AppendResult> append(Handle handle, List<Settlement> settlements, boolean areRefused)
            throws SQLException {
        Map<UUID, Settlement> byAttempt = byAttempt(settlements);
        List<Settlement> ordered = ordered(settlements, byAttempt);
        Set<UUID> written =
                new HashSet<>(areRefused ? writer.writeRefused(handle, ordered) : writer.write(handle, ordered));
        if (handlers != null) {
            ordered.stream()
                    .filter(settlement -> written.contains(settlement.entry().attemptId()))
                    .forEach(settlement -> handlers.run(handle, settlement));
        }
        Map<UUID, AppendResult> known = byAttempt.size() == settlements.size() && written.size() == settlements.size()
                ? Map.of()
                : known(handle, List.copyOf(byAttempt.keySet()));
        List<AppendResult> results = new ArrayList<>(settlements.size());
        CreditOrder order = new CreditOrder();
        for (Settlement settlement : settlements) {
            UUID attemptId = settlement.entry().attemptId();
            AppendResult result = written.remove(attemptId) // in the list twice, it is known the second time
                    ? APPENDED
                    : known.getOrDefault(attemptId, STALE);
            if (result == STALE && settlement.effect().isEmpty() && !order.isBrokenBefore(settlement)) {
                throw storedUnseen();
            }
            order.add(settlement, result);
            results.add(result);
        }
        return results;
    }

    private static UUID clickId(Settlement settlement) {
        return settlement.entry().clickId().map(ClickId::uuid).orElse(NO_CLICK);
    }

    private static StorageException storedUnseen() {
        return new StorageException(
                "Could not store a postback: it was stored by a transaction that this one cannot see."
                        + " Roll the transaction back and repeat everything in it.",
                true,
                null);
    }

    private Map<UUID, AppendResult> known(Handle handle, List<UUID> attemptIds) {
        Map<UUID, HistoryEntry> entries = new HashMap<>();
        entriesById.read(handle, attemptIds).forEach(entry -> entries.put(entry.attemptId(), entry));
        Map<UUID, Conversion> conversions = new HashMap<>();
        conversionsById
                .read(
                        handle,
                        entries.values().stream()
                                .flatMap(entry -> entry.conversionId().stream())
                                .distinct()
                                .toList())
                .forEach(conversion -> conversions.put(conversion.conversionId(), conversion));
        Map<UUID, AppendResult> known = new HashMap<>();
        entries.forEach((attemptId, entry) -> known.put(
                attemptId, new AppendResult.Known(entry, entry.conversionId().map(conversions::get))));
        return known;
    }
}
