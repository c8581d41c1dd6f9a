package dev.attribution.testkit;

import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.Settlement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that fails when a test tells it to, in front of one that works: with a {@link StorageException} that is
 * transient, as an outage is. So a host can test what it answers, and that it repeats what it should.
 *
 * <p>Calls that write are counted: a click, a bulk of postbacks, an offer. One that fails <em>before</em> its commit has
 * stored nothing. One that fails <em>after</em> it has stored everything, and its answer is lost.
 *
 * <p>Thread-safe.
 */
public final class FaultSwitch extends ForwardingStore {
    private final AtomicInteger writes = new AtomicInteger();
    private final Set<Integer> failingBefore = ConcurrentHashMap.newKeySet();
    private final Set<Integer> failingAfter = ConcurrentHashMap.newKeySet();
    private volatile boolean isDown;

    private FaultSwitch(AttributionStore store) {
        super(store);
    }

    /**
     * Puts a switch in front of a store. It is off.
     *
     * @param store a store that works
     * @return a store that fails when it is told to
     */
    public static FaultSwitch on(AttributionStore store) {
        return new FaultSwitch(store);
    }

    /**
     * Lets a call fail before its commit, once.
     *
     * @param nth which of the calls that write, counted from now: 1 is the next
     * @throws IllegalArgumentException if it is less than 1
     */
    public void failBeforeCommit(int nth) {
        failingBefore.add(number(nth));
    }

    /**
     * Lets a call fail after its commit, once.
     *
     * @param nth which of the calls that write, counted from now: 1 is the next
     * @throws IllegalArgumentException if it is less than 1
     */
    public void failAfterCommit(int nth) {
        failingAfter.add(number(nth));
    }

    private int number(int nth) {
        if (nth < 1) {
            throw new IllegalArgumentException("Calls are counted from 1, which is the next one, not from " + nth);
        }
        return writes.get() + nth;
    }

    /** Lets every call fail, reads too, until {@link #comeBack()}. */
    public void goDown() {
        isDown = true;
    }

    /**
     * Lets every call through again. What {@link #failBeforeCommit} and {@link #failAfterCommit} set stays: calls that came
     * while it was down are not counted.
     */
    public void comeBack() {
        isDown = false;
    }

    private <T> T write(Supplier<T> write) {
        failIf(isDown, "because it is down");
        int number = writes.incrementAndGet();
        failIf(failingBefore.remove(number), "before its commit: nothing is stored");
        T result = write.get();
        failIf(failingAfter.remove(number), "after its commit: everything is stored, the answer is lost");
        return result;
    }

    private <T> T read(Supplier<T> read) {
        failIf(isDown, "because it is down");
        return read.get();
    }

    private static void failIf(boolean failing, String how) {
        if (failing) {
            throw new StorageException("The test let the store fail " + how, true, null);
        }
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
                write(() -> {
                    offers.put(offer);
                    return offer;
                });
            }
        };
    }

    @Override
    public void insert(List<Click> clicks) {
        write(() -> {
            super.insert(clicks);
            return clicks;
        });
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
    public List<AppendResult> append(List<Settlement> settlements) {
        return write(() -> super.append(settlements));
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
    public List<SummaryRow> summarize(List<Day> days) {
        return read(() -> super.summarize(days));
    }
}
