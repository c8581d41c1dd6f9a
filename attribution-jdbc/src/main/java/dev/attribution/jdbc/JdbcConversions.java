package dev.attribution.jdbc;

import dev.attribution.StorageException;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Credit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Where conversions and history are kept. Whether a credit may be written is decided by unique keys alone. */
final class JdbcConversions implements ConversionRepository {
    private static final AppendResult APPENDED = new AppendResult.Appended();
    private static final AppendResult STALE = new AppendResult.Stale();

    private final Transactions transactions;
    private final FactsReader facts;
    private final SettlementWriter writer;
    private final int listsAtOnce;
    private final @Nullable Crediting crediting;
    private final String selectConversion;
    private final String selectHistory;

    JdbcConversions(
            Transactions transactions, Faults faults, Tables tables, Dialect dialect, @Nullable Crediting crediting) {
        this.transactions = transactions;
        this.facts = new FactsReader(tables, dialect);
        this.crediting = crediting;
        this.listsAtOnce = transactions.isEachOnItsOwn() && crediting == null ? dialect.listsAtOnce() : 0;
        this.writer = dialect.settlements(tables, faults);
        this.selectConversion =
                "select " + ConversionTable.COLUMNS + " from " + tables.conversion() + " where conversion_id = ?";
        this.selectHistory = "select " + HistoryTable.COLUMNS + " from " + tables.history() + " where attempt_id = ?";
    }

    /** None with a handler, which is called on its caller's thread. */
    @Override
    public int appendsAtOnce() {
        return listsAtOnce;
    }

    @Override
    public List<Facts> facts(List<FactsQuery> queries) {
        return transactions.read("read conversions", handle -> facts.read(handle, queries));
    }

    @Override
    public List<AppendResult> append(List<Settlement> settlements) {
        if (settlements.isEmpty()) {
            return List.of();
        }
        return crediting == null || !transactions.isEachOnItsOwn()
                ? appendTogether(settlements)
                : appendCreditsAlone(settlements);
    }

    private List<AppendResult> appendCreditsAlone(List<Settlement> settlements) {
        List<AppendResult> results = new ArrayList<>(settlements.size());
        for (int from = 0, to; from < settlements.size(); from = to) {
            to = from + 1;
            while (isWithoutCredit(settlements, to - 1) && isWithoutCredit(settlements, to)) {
                to++;
            }
            results.addAll(appendTogether(settlements.subList(from, to)));
        }
        return results;
    }

    private static boolean isWithoutCredit(List<Settlement> settlements, int i) {
        return i < settlements.size() && settlements.get(i).credit().isEmpty();
    }

    private List<AppendResult> appendTogether(List<Settlement> settlements) {
        if (settlements.size() == 1 && isOneStatement(settlements.get(0))) {
            return transactions.writeAtOnce("store a postback", handle -> List.of(append(handle, settlements.get(0))));
        }
        return transactions.write("store postbacks", handle -> {
            AppendResult[] results = new AppendResult[settlements.size()];
            // one unit for the whole list: its order is free, and chosen so that racing lists do not deadlock
            IntStream.range(0, results.length)
                    .boxed()
                    .sorted(Comparator.comparing(settlements::get, LOCKING_ORDER))
                    .forEach(i -> results[i] = append(handle, settlements.get(i)));
            return Arrays.asList(results);
        });
    }

    /** By member, then by click: those that share a place share the member, so that lists meet them in one order. */
    private static final Comparator<Settlement> LOCKING_ORDER = Comparator.comparing(JdbcConversions::member)
            .thenComparing(settlement -> settlement.entry().attemptId());

    private static String member(Settlement settlement) {
        return settlement
                .credit()
                .map(Credit::conversion)
                .map(won -> String.join(
                        "\0", won.offerId(), won.memberId(), won.clickId().value()))
                .orElse("");
    }

    private boolean isOneStatement(Settlement settlement) {
        return writer.isOneStatement(settlement)
                && (crediting == null || settlement.credit().isEmpty());
    }

    private AppendResult append(Handle handle, Settlement settlement) {
        if (writer.write(handle, settlement)) {
            if (crediting != null && settlement.credit().isPresent()) {
                crediting.run(handle, settlement.credit().get().conversion());
            }
            return APPENDED;
        }
        Optional<AppendResult> known = known(handle, settlement.entry().attemptId());
        if (known.isEmpty() && settlement.credit().isEmpty()) {
            throw new StorageException(
                    "Could not store a postback: it was stored by a transaction that this one cannot see."
                            + " Roll the transaction back and repeat everything in it.",
                    true,
                    null);
        }
        return known.orElse(STALE);
    }

    private Optional<AppendResult> known(Handle handle, UUID attemptId) {
        return handle.createQuery(selectHistory)
                .bind(0, attemptId)
                .map(HistoryTable::read)
                .findOne()
                .map(entry -> new AppendResult.Known(
                        entry, entry.conversionId().flatMap(conversionId -> conversion(handle, conversionId))));
    }

    private Optional<Conversion> conversion(Handle handle, UUID conversionId) {
        return handle.createQuery(selectConversion)
                .bind(0, conversionId)
                .map(ConversionTable::read)
                .findOne();
    }
}
