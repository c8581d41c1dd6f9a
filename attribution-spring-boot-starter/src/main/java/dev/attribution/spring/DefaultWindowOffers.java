package dev.attribution.spring;

import dev.attribution.offer.Offer;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.OfferRepository;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The offers of a store, with a window for those that have none. An offer that is found with this window and put again keeps having
 * none of its own, so that it follows the property.
 */
final class DefaultWindowOffers implements OfferRepository {
    private final AttributionStore store;
    private final Duration window;

    DefaultWindowOffers(AttributionStore store, Duration window) {
        this.store = store;
        this.window = Offer.builder("window")
                .trackingLink("https://example.com?c={gk_click_id}")
                .attributionWindow(window) // refuses what is no window
                .build()
                .attributionWindow()
                .orElseThrow();
    }

    private OfferRepository offers() {
        return store.isInHostTransaction() ? store.joining().offers() : store.offers();
    }

    @Override
    public Map<String, Offer> find(Collection<String> offerIds) {
        Map<String, Offer> found = new HashMap<>(offers().find(offerIds));
        found.replaceAll((offerId, offer) -> offer.attributionWindow().isPresent() ? offer : withWindow(offer));
        return found;
    }

    private Offer withWindow(Offer offer) {
        boolean isTooShort = window.compareTo(offer.minimumDelay()) < 0;
        return offer.toBuilder()
                .attributionWindow(isTooShort ? offer.minimumDelay() : window)
                .build();
    }

    @Override
    public void put(Offer offer) {
        OfferRepository offers = offers();
        Offer stored = offers.find(List.of(offer.offerId())).get(offer.offerId());
        boolean isAdded = stored != null
                && stored.attributionWindow().isEmpty()
                && offer.attributionWindow().equals(withWindow(stored).attributionWindow());
        offers.put(isAdded ? offer.toBuilder().withoutAttributionWindow().build() : offer);
    }
}
