package dev.attribution.move;

import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.offer.Offer;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.ErasedRows;
import dev.attribution.spi.ErasureRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.RetentionRepository;
import dev.attribution.spi.SettleQuery;
import dev.attribution.spi.SettleResult;
import dev.attribution.spi.Settlement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source of a move, which brings to the target whatever it has stored. The source alone decides and answers: every read goes to
 * it, and its exceptions are those of this store.
 *
 * <p>A write reaches the target after the source has stored it, in a transaction of the application after the commit. If the target
 * does not take it, the call succeeds all the same, and {@link #missed()} counts it. Only an erasure fails with the target: it
 * erases there first, and is completed by calling it again. Old clicks are not deleted through this store.
 *
 * <p>Thread-safe. {@link StoreMove#doubleWriting()} returns it.
 */
public final class DoubleWritingStore implements AttributionStore {
    private static final Logger LOG = LoggerFactory.getLogger(DoubleWritingStore.class);

    private final AttributionStore source;
    private final AttributionStore target;
    private final ClickTransfer transfer;
    private final DoubleWrites writes;
    private final Set<KnownOffer> knownOffers;

    /** An offer that the target has, for the data that the calling thread uses. */
    private record KnownOffer(Object key, String offerId) {}

    DoubleWritingStore(AttributionStore source, AttributionStore target, ClickTransfer transfer, DoubleWrites writes) {
        this(source, target, transfer, writes, ConcurrentHashMap.newKeySet());
    }

    private DoubleWritingStore(
            AttributionStore source,
            AttributionStore target,
            ClickTransfer transfer,
            DoubleWrites writes,
            Set<KnownOffer> knownOffers) {
        this.source = source;
        this.target = target;
        this.transfer = transfer;
        this.writes = writes;
        this.knownOffers = knownOffers;
    }

    /**
     * {@return how many writes the target may have missed since this store was made: it did not take them, or nobody learned of
     * their commit. Copy again after the count has grown}
     */
    public long missed() {
        return writes.missed();
    }

    /**
     * Returns this store inside of a transaction of the application, for a store that joins it by its connection, as in {@code
     * attribution.on(doubleWriting.around(jdbcStore.joining(connection)))}.
     *
     * @param joined the source inside of the transaction
     * @return a store that brings to the target what is written once it is committed, if the given store learns of the commit
     *     ({@link AttributionStore#afterCommit}). If it does not, {@link #missed()} counts what is left to the next copy. The
     *     transfer reads the source on another connection than that of the transaction
     */
    public AttributionStore around(AttributionStore joined) {
        return new DoubleWritingStore(joined, target, transfer, writes, knownOffers);
    }

    private void bring(Runnable write) {
        if (source.commitsByItself()) {
            writes.write(write);
        } else if (!isToldOfTheCommit(write)) {
            writes.miss();
        }
    }

    private boolean isToldOfTheCommit(Runnable write) {
        try {
            return source.afterCommit(() -> writes.write(write));
        } catch (RuntimeException e) { // of what the application runs transactions with; the row is stored
            LOG.warn("A write in a transaction of the application is left to the next copy", e);
            return false;
        }
    }

    private void bringClicks(List<Click> clicks) {
        Object key = combiningKey();
        bring(() -> {
            Set<KnownOffer> offers = clicks.stream()
                    .map(click -> new KnownOffer(key, click.offerId()))
                    .collect(Collectors.toSet());
            offers.removeAll(knownOffers);
            transfer.bringAbsentOffers(offers.stream().map(KnownOffer::offerId).collect(Collectors.toSet()));
            knownOffers.addAll(offers);
            target.clicks().insert(clicks);
        });
    }

    /** What was known before may be another entry than this one, so it is read in the source. */
    private void bringAppended(List<Settlement> settlements, List<AppendResult> results) {
        List<Settlement> asTheyAre = new ArrayList<>();
        Set<ClickId> clickIds = new LinkedHashSet<>();
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) instanceof AppendResult.Known known) {
                known.entry().clickId().ifPresentOrElse(clickIds::add, () -> asTheyAre.add(unattributed(known)));
            } else if (results.get(i) instanceof AppendResult.Appended) {
                add(settlements.get(i), asTheyAre, clickIds);
            }
        }
        bringSettlements(asTheyAre, clickIds);
    }

    private static Settlement unattributed(AppendResult.Known known) {
        return new Settlement(known.entry(), Optional.empty());
    }

    /** What moves no conversion waits for nothing in the target, so it is appended there as it is. */
    private static void add(Settlement settlement, List<Settlement> asTheyAre, Set<ClickId> clickIds) {
        settlement
                .effect()
                .ifPresentOrElse(
                        effect -> clickIds.add(effect.conversion().clickId()), () -> asTheyAre.add(settlement));
    }

    private void bringSettlements(List<Settlement> asTheyAre, Set<ClickId> clickIds) {
        if (asTheyAre.isEmpty() && clickIds.isEmpty()) {
            return;
        }
        bring(() -> {
            if (!asTheyAre.isEmpty()) {
                target.conversions().append(asTheyAre);
            }
            if (!transfer.bring(clickIds).isEmpty()) {
                writes.miss();
            }
        });
    }

    @Override
    public OfferRepository offers() {
        OfferRepository offers = source.offers();
        return new OfferRepository() {
            @Override
            public Map<String, Offer> find(Collection<String> offerIds) {
                return offers.find(offerIds);
            }

            @Override
            public void put(Offer offer) {
                offers.put(offer);
                bring(() -> transfer.bringOffers(List.of(offer.offerId())));
            }
        };
    }

    @Override
    public ClickRepository clicks() {
        ClickRepository clicks = source.clicks();
        return new ClickRepository() {
            @Override
            public void insert(List<Click> inserted) {
                clicks.insert(inserted);
                bringClicks(inserted);
            }

            @Override
            public void clearFlags(Collection<ClickId> clickIds, Instant clearedAt) {
                clicks.clearFlags(clickIds, clearedAt);
                List<ClickId> ids = List.copyOf(clickIds);
                bring(() -> transfer.bringStoredClicks(ids));
            }

            @Override
            public int maxConcurrentInserts() {
                return clicks.maxConcurrentInserts();
            }

            @Override
            public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
                return clicks.find(clickIds);
            }
        };
    }

    @Override
    public ConversionRepository conversions() {
        ConversionRepository conversions = source.conversions();
        return new ConversionRepository() {
            @Override
            public List<Facts> facts(List<FactsQuery> queries) {
                return conversions.facts(queries);
            }

            @Override
            public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
                return conversions.findConversions(conversionIds);
            }

            @Override
            public List<AppendResult> append(List<Settlement> settlements) {
                List<AppendResult> results = conversions.append(settlements);
                bringAppended(settlements, results);
                return results;
            }

            @Override
            public int maxConcurrentAppends() {
                return conversions.maxConcurrentAppends();
            }
        };
    }

    @Override
    public Optional<ReportRepository> reports() {
        return source.reports();
    }

    @Override
    public Optional<ReportRepository> displayedReports() {
        return source.displayedReports();
    }

    /**
     * Returns the erasure in both stores, in the target first. A write to the target that is under way at this time may bring what
     * was erased once more: erase again when no process writes to both stores any more.
     *
     * @return the erasure, or empty if one of the stores has none
     */
    @Override
    public Optional<ErasureRepository> erasure() {
        return target.erasure()
                .flatMap(inTarget -> source.erasure().map(inSource -> new ErasureRepository() {
                    @Override
                    public ErasedRows erase(String memberId, String token, int limit) {
                        ErasedRows copied = inTarget.erase(memberId, token, limit);
                        ErasedRows kept = inSource.erase(memberId, token, limit);
                        return kept.all() == 0 ? copied : kept; // zero only if both have nothing left
                    }

                    @Override
                    public ErasedRows eraseEntries(Collection<UUID> attemptIds) {
                        inTarget.eraseEntries(attemptIds);
                        return inSource.eraseEntries(attemptIds);
                    }
                }));
    }

    /** {@return a deletion that refuses every call until the move is over, if the source has a deletion} */
    @Override
    public Optional<RetentionRepository> retention() {
        return source.retention().map(resting -> new RestingRetention());
    }

    @Override
    public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
        Set<Offer> changed = source.insertIfUnchanged(clicks);
        List<Click> inserted = new ArrayList<>();
        clicks.forEach((offer, some) -> {
            if (!changed.contains(offer)) {
                inserted.addAll(some);
            }
        });
        if (!inserted.isEmpty()) {
            bringClicks(inserted);
        }
        return changed;
    }

    @Override
    public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
        return source.lookUp(lookUps, defaultPolicy);
    }

    @Override
    public SettleResult settle(SettleQuery query, DuplicatePolicy defaultPolicy) {
        SettleResult result = source.settle(query, defaultPolicy);
        if (result.isAppended()) {
            Settlement settlement = query.decision().apply(result.lookUp().orElseThrow());
            bringAppended(List.of(settlement), List.of(new AppendResult.Appended()));
        }
        return result;
    }

    @Override
    public boolean commitsByItself() {
        return source.commitsByItself();
    }

    @Override
    public boolean isInHostTransaction() {
        return source.isInHostTransaction();
    }

    @Override
    public AttributionStore joining() {
        return around(source.joining());
    }

    @Override
    public boolean afterCommit(Runnable action) {
        return source.afterCommit(action);
    }

    /**
     * Asks whether the source is there. A target that is away does not matter to the application.
     *
     * @throws StorageException if the source does not answer
     */
    @Override
    public void ping() {
        source.ping();
    }

    @Override
    public boolean needsTimeInIds() {
        return source.needsTimeInIds() || target.needsTimeInIds();
    }

    @Override
    public Object combiningKey() {
        return List.of(source.combiningKey(), target.combiningKey());
    }
}
