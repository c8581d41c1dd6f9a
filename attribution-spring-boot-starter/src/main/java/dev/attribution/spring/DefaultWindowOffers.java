package dev.attribution.spring;

import dev.attribution.offer.Offer;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.OfferRepository;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Offers, of a store or of the application, with a window for those that have none. An offer that is found with this window and
 * put again keeps having none of its own, so that it follows the property.
 */
final class DefaultWindowOffers implements OfferRepository {
    private final Supplier<OfferRepository> current;
    private final Duration window;

    private DefaultWindowOffers(Supplier<OfferRepository> current, Duration window) {
        this.current = current;
        this.window = Offer.builder("window")
                .trackingLink("https://example.com?c={gk_click_id}")
                .attributionWindow(window) // refuses what is no window
                .build()
                .attributionWindow()
                .orElseThrow();
    }

    /** Returns the offers of a store, in the transaction of the application if one is running. */
    static DefaultWindowOffers of(AttributionStore store, Duration window) {
        return new DefaultWindowOffers(
                () -> store.isInHostTransaction() ? store.joining().offers() : store.offers(), window);
    }

    /** Returns the offers that the application keeps itself. */
    static DefaultWindowOffers of(OfferRepository offers, Duration window) {
        return new DefaultWindowOffers(() -> offers, window);
    }

    @Override
    public Map<String, Offer> find(Collection<String> offerIds) {
        Map<String, Offer> found = new HashMap<>(current.get().find(offerIds));
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
        OfferRepository offers = current.get();
        Offer stored = offers.find(List.of(offer.offerId())).get(offer.offerId());
        boolean isAdded = stored != null
                && stored.attributionWindow().isEmpty()
                && offer.attributionWindow().equals(withWindow(stored).attributionWindow());
        offers.put(isAdded ? offer.toBuilder().withoutAttributionWindow().build() : offer);
    }
}
