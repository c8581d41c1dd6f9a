package dev.attribution.testkit.contract;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.ForwardingStore;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;

/** The reference store, to be broken in one method. */
class Broken extends ForwardingStore {
    private final CyclicBarrier gate = new CyclicBarrier(AttributionStoreContract.THREADS);
    private final AtomicInteger came = new AtomicInteger();
    private final AtomicLong slots = new AtomicLong(1_000);

    Broken() {
        super(new InMemoryAttributionStore());
    }

    @Override
    public List<AppendResult> append(List<Settlement> settlements) {
        return settlements.stream().map(this::append).toList();
    }

    AppendResult append(Settlement settlement) {
        return super.append(List.of(settlement)).get(0);
    }

    @Override
    public List<Facts> facts(List<FactsQuery> queries) {
        return queries.stream().map(this::facts).toList();
    }

    Facts facts(FactsQuery query) {
        return super.facts(List.of(query)).get(0);
    }

    /** Holds the first callers until a whole race is here, so that each of them acts on what was before all of them. */
    final void meet() {
        if (came.incrementAndGet() <= AttributionStoreContract.THREADS) {
            try {
                gate.await();
            } catch (InterruptedException | BrokenBarrierException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What another process opens on its data. */
    AttributionStore again() {
        return new InMemoryAttributionStore();
    }

    static AppendResult appended() {
        return new AppendResult.Appended();
    }

    static AppendResult stale() {
        return new AppendResult.Stale();
    }

    final Settlement withFreeSlot(Settlement settlement) {
        return withCredit(
                settlement,
                settlement
                        .credit()
                        .map(credit -> new Settlement.Credit(
                                credit.conversion(), slots.incrementAndGet(), credit.exclusiveScope())));
    }

    static Settlement withoutSole(Settlement settlement) {
        return withCredit(
                settlement,
                settlement
                        .credit()
                        .map(credit -> new Settlement.Credit(credit.conversion(), credit.slot(), Optional.empty())));
    }

    static Settlement withConversion(Settlement settlement, Conversion conversion) {
        return withCredit(
                settlement,
                settlement
                        .credit()
                        .map(credit -> new Settlement.Credit(conversion, credit.slot(), credit.exclusiveScope())));
    }

    static Settlement withSole(Settlement settlement, UnaryOperator<Scope.OfMember> scope) {
        return withCredit(
                settlement,
                settlement
                        .credit()
                        .map(credit -> new Settlement.Credit(
                                credit.conversion(),
                                credit.slot(),
                                credit.exclusiveScope().map(scope))));
    }

    static Settlement withSlot(Settlement settlement, LongUnaryOperator slot) {
        return withCredit(
                settlement,
                settlement
                        .credit()
                        .map(credit -> new Settlement.Credit(
                                credit.conversion(), slot.applyAsLong(credit.slot()), credit.exclusiveScope())));
    }

    private static Settlement withCredit(Settlement settlement, Optional<Settlement.Credit> credit) {
        return new Settlement(settlement.entry(), credit);
    }

    static Conversion.Builder copy(Conversion conversion) {
        return Conversion.builder(conversion.conversionId())
                .attemptId(conversion.attemptId())
                .credits(conversion.clickId(), conversion.offerId(), conversion.memberId())
                .convertedAt(conversion.convertedAt())
                .eventId(conversion.eventId().orElse(null))
                .transactionId(conversion.transactionId().orElse(null))
                .payout(conversion.payout().orElse(null))
                .currency(conversion.currency().orElse(null));
    }

    static HistoryEntry.Builder copy(UUID attemptId, HistoryEntry entry) {
        return HistoryEntry.builder(attemptId)
                .receivedAt(entry.receivedAt())
                .outcome(entry.kind(), entry.reason().orElse(null))
                .clickId(entry.receivedClickId().orElse(null), entry.clickId().orElse(null))
                .click(entry.offerId().orElse(null), entry.memberId().orElse(null))
                .eventId(entry.eventId().orElse(null))
                .transactionId(entry.transactionId().orElse(null))
                .conversionId(entry.conversionId().orElse(null))
                .origin(entry.origin(), entry.replayOf().orElse(null))
                .query(entry.query(), entry.truncated())
                .notes(entry.notes());
    }
}
