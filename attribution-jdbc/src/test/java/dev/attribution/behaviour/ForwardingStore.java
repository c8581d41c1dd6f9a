package dev.attribution.behaviour;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Facts;
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
import java.util.Optional;

/** A store in front of another one, for what should happen between the two. */
class ForwardingStore implements AttributionStore, ClickRepository, ConversionRepository {
    private final AttributionStore store;

    ForwardingStore(AttributionStore store) {
        this.store = store;
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
        return store.reports();
    }

    @Override
    public void insert(List<Click> clicks) {
        store.clicks().insert(clicks);
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
}
