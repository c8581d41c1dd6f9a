package dev.attribution.engine;

import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.ErasureRepository;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.RetentionRepository;
import java.util.Optional;

/** A store, but for the offers, which the host keeps itself. */
public record HostOffersStore(AttributionStore store, OfferRepository offers) implements AttributionStore {
    @Override
    public ClickRepository clicks() {
        return store.clicks();
    }

    @Override
    public ConversionRepository conversions() {
        return store.conversions();
    }

    @Override
    public Optional<ReportRepository> reports() {
        return store.reports();
    }

    @Override
    public Optional<ErasureRepository> erasure() {
        return store.erasure();
    }

    @Override
    public Optional<RetentionRepository> retention() {
        return store.retention();
    }

    @Override
    public Optional<ReportRepository> displayedReports() {
        return store.displayedReports();
    }

    @Override
    public boolean commitsByItself() {
        return store.commitsByItself();
    }

    @Override
    public boolean isInHostTransaction() {
        return store.isInHostTransaction();
    }

    @Override
    public AttributionStore joining() {
        return new HostOffersStore(store.joining(), offers);
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
