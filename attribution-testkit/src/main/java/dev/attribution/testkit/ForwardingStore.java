package dev.attribution.testkit;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.history.HistoryEntry;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store in front of another one that passes every call on. A test overrides the method in which something is to happen.
 *
 * <p>As thread-safe as the store behind it.
 */
public class ForwardingStore implements AttributionStore, ClickRepository, ConversionRepository, ReportRepository {
    private final AttributionStore store;

    /**
     * Creates a store in front of another one.
     *
     * @param store the store behind it
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
        return store.reports().map(any -> this);
    }

    @Override
    public void insert(List<Click> clicks) {
        store.clicks().insert(clicks);
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
    public List<AppendResult> append(List<Settlement> settlements) {
        return store.conversions().append(settlements);
    }

    @Override
    public int maxConcurrentAppends() {
        return store.conversions().maxConcurrentAppends();
    }

    @Override
    public List<Click> clicks(ReportFilter filter, @Nullable Cursor after, int limit) {
        return behind().clicks(filter, after, limit);
    }

    @Override
    public List<Conversion> conversions(ReportFilter filter, @Nullable Cursor after, int limit) {
        return behind().conversions(filter, after, limit);
    }

    @Override
    public List<HistoryEntry> history(ReportFilter filter, @Nullable Cursor after, int limit) {
        return behind().history(filter, after, limit);
    }

    @Override
    public List<SummaryRow> summarize(List<Day> days) {
        return behind().summarize(days);
    }

    private ReportRepository behind() {
        return store.reports().orElseThrow();
    }
}
