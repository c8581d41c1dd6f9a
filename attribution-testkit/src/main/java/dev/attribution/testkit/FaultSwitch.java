package dev.attribution.testkit;

import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.DeletedRows;
import dev.attribution.spi.ErasedRows;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.SettleQuery;
import dev.attribution.spi.SettleResult;
import dev.attribution.spi.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that passes its calls on to another store and fails when a test says so, with a transient
 * {@link StorageException} as in an outage. With it a host tests its answers and its retries.
 *
 * <p>The switch counts the calls that write: clicks, a list of postbacks, an offer, a batch of an erasure or a deletion. A call that fails <em>before</em>
 * its commit has stored nothing. A call that fails <em>after</em> its commit has stored everything, and its answer is
 * lost.
 *
 * <p>Thread-safe.
 */
public final class FaultSwitch extends ForwardingStore {
    private static final String AFTER_COMMIT = "after its commit: everything is stored, the answer is lost";

    /** What a switch and its stores inside of transactions share. */
    private static final class Faults {
        private final AtomicInteger writes = new AtomicInteger();
        private final Set<Integer> failingBefore = ConcurrentHashMap.newKeySet();
        private final Set<Integer> failingAfter = ConcurrentHashMap.newKeySet();
        private volatile boolean isDown;
    }

    private final Faults faults;

    private FaultSwitch(AttributionStore store, Faults faults) {
        super(store);
        this.faults = faults;
    }

    /**
     * Creates a switch in front of a store. The switch is off.
     *
     * @param store the store
     * @return a store that fails when a test says so
     */
    public static FaultSwitch on(AttributionStore store) {
        return new FaultSwitch(store, new Faults());
    }

    /**
     * Makes one call fail before its commit.
     *
     * @param nth the number of the writing call, counted from now: 1 is the next one
     * @throws IllegalArgumentException if the number is less than 1
     */
    public void failBeforeCommit(int nth) {
        faults.failingBefore.add(number(nth));
    }

    /**
     * Makes one call fail after its commit.
     *
     * @param nth the number of the writing call, counted from now: 1 is the next one
     * @throws IllegalArgumentException if the number is less than 1
     */
    public void failAfterCommit(int nth) {
        faults.failingAfter.add(number(nth));
    }

    private int number(int nth) {
        if (nth < 1) {
            throw new IllegalArgumentException("The number of a call is at least 1 (the next call), not " + nth);
        }
        return faults.writes.get() + nth;
    }

    /** Makes every call fail, including reads, until {@link #comeBack()}. */
    public void goDown() {
        faults.isDown = true;
    }

    /**
     * Lets every call pass again. Failures that {@link #failBeforeCommit} and {@link #failAfterCommit} have set remain:
     * the switch does not count calls while it is down.
     */
    public void comeBack() {
        faults.isDown = false;
    }

    private <T> T write(Supplier<T> write) {
        failIf(faults.isDown, "because it is down");
        int number = faults.writes.incrementAndGet();
        failIf(faults.failingBefore.remove(number), "before its commit: nothing is stored");
        T result = write.get();
        failIf(faults.failingAfter.remove(number), AFTER_COMMIT);
        return result;
    }

    private void writeVoid(Runnable write) {
        write(() -> {
            write.run();
            return true;
        });
    }

    private <T> T read(Supplier<T> read) {
        failIf(faults.isDown, "because it is down");
        return read.get();
    }

    private static void failIf(boolean failing, String how) {
        if (failing) {
            throw new StorageException("The test made the store fail " + how, true, null);
        }
    }

    /** {@return a store inside of the application's transaction, with the same switch before it} */
    @Override
    public AttributionStore joining() {
        return new FaultSwitch(super.joining(), faults);
    }

    @Override
    public void ping() {
        read(() -> {
            super.ping();
            return true;
        });
    }

    @Override
    public OfferRepository offers() {
        OfferRepository offers = super.offers();
        return new OfferRepository() {
            @Override
            public Map<String, Offer> find(Collection<String> offerIds) {
                return read(() -> offers.find(offerIds));
            }

            @Override
            public void put(Offer offer) {
                writeVoid(() -> offers.put(offer));
            }
        };
    }

    @Override
    public void insert(List<Click> clicks) {
        writeVoid(() -> super.insert(clicks));
    }

    @Override
    public void clearFlags(Collection<ClickId> clickIds, Instant clearedAt) {
        writeVoid(() -> super.clearFlags(clickIds, clearedAt));
    }

    @Override
    public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
        return write(() -> super.insertIfUnchanged(clicks));
    }

    @Override
    public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
        return read(() -> super.lookUp(lookUps, defaultPolicy));
    }

    /** Leaves the write to an append, which counts, if one is to fail before its commit. */
    @Override
    public SettleResult settle(SettleQuery query, DuplicatePolicy defaultPolicy) {
        failIf(faults.isDown, "because it is down");
        if (!faults.failingBefore.isEmpty()) {
            return new SettleResult(
                    super.lookUp(List.of(query.lookUp()), defaultPolicy).get(0), false);
        }
        SettleResult result = super.settle(query, defaultPolicy);
        if (result.isAppended()) {
            failIf(faults.failingAfter.remove(faults.writes.incrementAndGet()), AFTER_COMMIT);
        }
        return result;
    }

    @Override
    public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
        return read(() -> super.find(clickIds));
    }

    @Override
    public List<Facts> facts(List<FactsQuery> queries) {
        return read(() -> super.facts(queries));
    }

    @Override
    public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
        return read(() -> super.findConversions(conversionIds));
    }

    @Override
    public List<AppendResult> append(List<Settlement> settlements) {
        return write(() -> super.append(settlements));
    }

    @Override
    public ErasedRows erase(String memberId, String token, int limit) {
        return write(() -> super.erase(memberId, token, limit));
    }

    @Override
    public ErasedRows eraseEntries(Collection<UUID> attemptIds) {
        return write(() -> super.eraseEntries(attemptIds));
    }

    @Override
    public Map<String, Long> countClicks(Instant before) {
        return read(() -> super.countClicks(before));
    }

    @Override
    public List<String> offersWithClicks(Instant before, @Nullable String after, int limit) {
        return read(() -> super.offersWithClicks(before, after, limit));
    }

    @Override
    public DeletedRows deleteClicks(Instant before, Instant settledBefore, @Nullable Cursor after, int limit) {
        return write(() -> super.deleteClicks(before, settledBefore, after, limit));
    }

    @Override
    public DeletedRows deleteConversions(Instant before, @Nullable Cursor after, int limit) {
        return write(() -> super.deleteConversions(before, after, limit));
    }

    @Override
    public DeletedRows deleteHistory(Instant before, @Nullable Cursor after, int limit) {
        return write(() -> super.deleteHistory(before, after, limit));
    }

    @Override
    public Optional<List<String>> detach(Instant before, Instant settledBefore) {
        return write(() -> super.detach(before, settledBefore));
    }

    @Override
    public List<Click> clicks(ReportFilter filter, @Nullable Cursor after, int limit) {
        return read(() -> super.clicks(filter, after, limit));
    }

    @Override
    public List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit) {
        return read(() -> super.conversions(filter, after, limit));
    }

    @Override
    public List<HistoryEntry> history(ReportFilter filter, @Nullable Cursor after, int limit) {
        return read(() -> super.history(filter, after, limit));
    }

    @Override
    public List<HistoryEntry> history(Collection<ClickId> clickIds, @Nullable Cursor after, int limit) {
        return read(() -> super.history(clickIds, after, limit));
    }

    @Override
    public Optional<Duration> lag() {
        return read(super::lag);
    }

    @Override
    public List<SummaryRow> summarize(List<Day> days) {
        return read(() -> super.summarize(days));
    }
}
