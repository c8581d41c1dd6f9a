package dev.attribution.testkit;

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
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.DeletedRows;
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
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A store that passes every call on to another store, including the calls of methods with a default. A test overrides
 * the methods whose behaviour it changes. Calls of {@link #insertIfUnchanged}, {@link #lookUp}, {@link #settle} and
 * {@link #history(Collection, Cursor, int)} do not pass through the simpler methods of this store; the façade uses the
 * first three wherever it can. A postback that the store settles by itself is neither looked up nor appended by another
 * call.
 *
 * <p>As thread-safe as the other store.
 */
public class ForwardingStore
        implements AttributionStore,
                ClickRepository,
                ConversionRepository,
                ReportRepository,
                ErasureRepository,
                RetentionRepository {
    private final AttributionStore store;

    /**
     * Creates a store that passes its calls on.
     *
     * @param store the other store
     */
    public ForwardingStore(AttributionStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    @Override
    public OfferRepository offers() {
        return store.offers();
    }

    @Override
    public ClickRepository clicks() {
        return this;
    }

    @Override
    public ConversionRepository conversions() {
        return this;
    }

    @Override
    public Optional<ReportRepository> reports() {
        return store.reports().map(reports -> this);
    }

    /** {@return the reports of the other store that people read, or this store where the other reads what is stored} */
    @Override
    public Optional<ReportRepository> displayedReports() {
        Optional<ReportRepository> displayed = store.displayedReports();
        return displayed.equals(store.reports()) ? reports() : displayed;
    }

    @Override
    public Optional<ErasureRepository> erasure() {
        return store.erasure().map(erasure -> this);
    }

    @Override
    public Optional<RetentionRepository> retention() {
        return store.retention().map(retention -> this);
    }

    @Override
    public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
        return store.insertIfUnchanged(clicks);
    }

    @Override
    public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
        return store.lookUp(lookUps, defaultPolicy);
    }

    @Override
    public SettleResult settle(SettleQuery query, DuplicatePolicy defaultPolicy) {
        return store.settle(query, defaultPolicy);
    }

    @Override
    public void insert(List<Click> clicks) {
        store.clicks().insert(clicks);
    }

    @Override
    public void clearFlags(Collection<ClickId> clickIds, Instant clearedAt) {
        store.clicks().clearFlags(clickIds, clearedAt);
    }

    @Override
    public int maxConcurrentInserts() {
        return store.clicks().maxConcurrentInserts();
    }

    @Override
    public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
        return store.clicks().find(clickIds);
    }

    @Override
    public List<Facts> facts(List<FactsQuery> queries) {
        return store.conversions().facts(queries);
    }

    @Override
    public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
        return store.conversions().findConversions(conversionIds);
    }

    @Override
    public List<AppendResult> append(List<Settlement> settlements) {
        return store.conversions().append(settlements);
    }

    @Override
    public int maxConcurrentAppends() {
        return store.conversions().maxConcurrentAppends();
    }

    @Override
    public List<Click> clicks(ReportFilter filter, @Nullable Cursor after, int limit) {
        return target().clicks(filter, after, limit);
    }

    @Override
    public List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit) {
        return target().conversions(filter, after, limit);
    }

    @Override
    public List<HistoryEntry> history(ReportFilter filter, @Nullable Cursor after, int limit) {
        return target().history(filter, after, limit);
    }

    @Override
    public List<HistoryEntry> history(Collection<ClickId> clickIds, @Nullable Cursor after, int limit) {
        return target().history(clickIds, after, limit);
    }

    @Override
    public Optional<Duration> lag() {
        return target().lag();
    }

    @Override
    public List<SummaryRow> summarize(List<Day> days) {
        return target().summarize(days);
    }

    @Override
    public ErasedRows erase(String memberId, String token, int limit) {
        return store.erasure().orElseThrow().erase(memberId, token, limit);
    }

    @Override
    public ErasedRows eraseEntries(Collection<UUID> attemptIds) {
        return store.erasure().orElseThrow().eraseEntries(attemptIds);
    }

    @Override
    public Map<String, Long> countClicks(Instant before) {
        return deletion().countClicks(before);
    }

    @Override
    public List<String> offersWithClicks(Instant before, @Nullable String after, int limit) {
        return deletion().offersWithClicks(before, after, limit);
    }

    @Override
    public DeletedRows deleteClicks(Instant before, Instant settledBefore, @Nullable Cursor after, int limit) {
        return deletion().deleteClicks(before, settledBefore, after, limit);
    }

    @Override
    public DeletedRows deleteConversions(Instant before, @Nullable Cursor after, int limit) {
        return deletion().deleteConversions(before, after, limit);
    }

    @Override
    public DeletedRows deleteHistory(Instant before, @Nullable Cursor after, int limit) {
        return deletion().deleteHistory(before, after, limit);
    }

    @Override
    public Optional<List<String>> detach(Instant before, Instant settledBefore) {
        return deletion().detach(before, settledBefore);
    }

    private RetentionRepository deletion() {
        return store.retention().orElseThrow();
    }

    private ReportRepository target() {
        return store.reports().orElseThrow();
    }

    @Override
    public boolean commitsByItself() {
        return store.commitsByItself();
    }

    @Override
    public boolean isInHostTransaction() {
        return store.isInHostTransaction();
    }

    /** {@return the other store inside of the application's transaction; a subclass that changes behaviour wraps it again} */
    @Override
    public AttributionStore joining() {
        return store.joining();
    }

    @Override
    public boolean afterCommit(Runnable action) {
        return store.afterCommit(action);
    }

    @Override
    public void ping() {
        store.ping();
    }

    @Override
    public boolean needsTimeInIds() {
        return store.needsTimeInIds();
    }

    @Override
    public Object combiningKey() {
        return store.combiningKey();
    }
}
