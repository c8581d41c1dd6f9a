package dev.attribution.engine;

import dev.attribution.offer.Offer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Offers as they were last seen: a guess, which is checked before anything is stored. Bounded. Each key of threads has its own
 * offers.
 */
public final class OfferCache {
    private static final int MAX_OFFERS = 10_000;

    private record KeyedOffer(Object key, String offerId) {}

    private final ConcurrentHashMap<KeyedOffer, Offer> offers = new ConcurrentHashMap<>();
    private final Supplier<Object> keys;

    /**
     * Creates an empty cache.
     *
     * @param keys returns the key of the current thread
     */
    OfferCache(Supplier<Object> keys) {
        this.keys = keys;
    }

    @Nullable
    Offer get(String offerId) {
        return offers.get(keyed(offerId));
    }

    Offer put(Offer offer) {
        if (offers.size() >= MAX_OFFERS) {
            offers.clear();
        }
        offers.put(keyed(offer.offerId()), offer);
        return offer;
    }

    void remove(String offerId) {
        offers.remove(keyed(offerId));
    }

    private KeyedOffer keyed(String offerId) {
        return new KeyedOffer(keys.get(), offerId);
    }
}
