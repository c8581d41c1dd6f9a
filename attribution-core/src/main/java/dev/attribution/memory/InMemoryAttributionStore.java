package dev.attribution.memory;

import dev.attribution.offer.Offer;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.ErasureRepository;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.RetentionRepository;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The reference store, which keeps everything in memory: for tests, and as an example of how a store behaves. Its data
 * end with the process.
 *
 * <p>Thread-safe. Implements the whole SPI. Like a store on a database, it has the façade combine concurrent calls: a test
 * in memory sees the same batches, and the same {@link dev.attribution.OverloadedException} if too many calls wait.
 */
public final class InMemoryAttributionStore implements AttributionStore {
    private final OfferRepository offers = new InMemoryOffers();
    private final Ledger ledger = new Ledger();

    /** Creates an empty store. */
    public InMemoryAttributionStore() {}

    @Override
    public OfferRepository offers() {
        return offers;
    }

    @Override
    public ClickRepository clicks() {
        return ledger;
    }

    @Override
    public ConversionRepository conversions() {
        return ledger;
    }

    @Override
    public Optional<ReportRepository> reports() {
        return Optional.of(ledger);
    }

    @Override
    public Optional<ErasureRepository> erasure() {
        return Optional.of(ledger);
    }

    @Override
    public Optional<RetentionRepository> retention() {
        return Optional.of(ledger);
    }

    private static final class InMemoryOffers implements OfferRepository {
        private final Map<String, Offer> offers = new ConcurrentHashMap<>();

        @Override
        public Map<String, Offer> find(Collection<String> offerIds) {
            return offerIds.stream()
                    .distinct()
                    .flatMap(id -> Optional.ofNullable(offers.get(id)).stream())
                    .collect(Collectors.toMap(Offer::offerId, Function.identity()));
        }

        @Override
        public void put(Offer offer) {
            offers.put(offer.offerId(), offer);
        }
    }
}
