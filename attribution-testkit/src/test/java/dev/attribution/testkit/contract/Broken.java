package dev.attribution.testkit.contract;

import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.SettleQuery;
import dev.attribution.spi.SettleResult;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.ForwardingStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;

/**
 * The reference store, of which a subclass breaks one method. Methods with a default call the other methods of this
 * store.
 */
class Broken extends ForwardingStore implements MutantContract.Shared {
    private final CyclicBarrier gate = new CyclicBarrier(racers());
    private final AtomicInteger came = new AtomicInteger();
    private final AtomicLong slots = new AtomicLong(1_000);

    Broken() {
        super(new InMemoryAttributionStore());
    }

    private AttributionStore stepwise() {
        return new AttributionStore() {
            @Override
            public OfferRepository offers() {
                return Broken.this.offers();
            }

            @Override
            public ClickRepository clicks() {
                return Broken.this.clicks();
            }

            @Override
            public ConversionRepository conversions() {
                return Broken.this.conversions();
            }

            @Override
            public Optional<ReportRepository> reports() {
                return Broken.this.reports();
            }
        };
    }

    @Override
    public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
        return stepwise().insertIfUnchanged(clicks);
    }

    @Override
    public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
        return stepwise().lookUp(lookUps, defaultPolicy);
    }

    @Override
    public SettleResult settle(SettleQuery query, DuplicatePolicy defaultPolicy) {
        return new SettleResult(lookUp(List.of(query.lookUp()), defaultPolicy).get(0), false);
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

    @Override
    public int maxConcurrentInserts() {
        return 0; // callers of a race meet in the store
    }

    @Override
    public int maxConcurrentAppends() {
        return 0;
    }

    /** {@return how many callers of a race come to {@link #meet()}} */
    int racers() {
        return AttributionStoreContract.THREADS;
    }

    /** Holds the first callers until a whole race has arrived, so that none of them sees the writes of another. */
    final void meet() {
        if (came.incrementAndGet() <= racers()) {
            try {
                gate.await();
            } catch (InterruptedException | BrokenBarrierException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The store that another process opens on the same data. */
    @Override
    public AttributionStore again() {
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

    static Settlement withSole(Settlement settlement, Function<Conversion, Scope.OfMember> scope) {
        return withCredit(
                settlement,
                settlement
                        .credit()
                        .map(credit -> new Settlement.Credit(
                                credit.conversion(),
                                credit.slot(),
                                credit.exclusiveScope().map(any -> scope.apply(credit.conversion())))));
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
        return new Settlement(
                settlement.entry(), credit.<Settlement.Effect>map(some -> some).or(settlement::effect));
    }

    static Conversion.Builder copy(Conversion conversion) {
        return conversion.toBuilder();
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
                .change(entry.change().orElse(null))
                .origin(entry.origin(), entry.replayOf().orElse(null))
                .query(entry.query(), entry.truncated())
                .notes(entry.notes());
    }
}
