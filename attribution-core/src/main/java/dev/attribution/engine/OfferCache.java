package dev.attribution.engine;

import dev.attribution.offer.Offer;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Offers as they were last seen: a guess, which is checked before anything is stored. Bounded. */
public final class OfferCache {
    private static final int MAX_OFFERS = 10_000;

    private final ConcurrentHashMap<String, Offer> offers = new ConcurrentHashMap<>();

    @Nullable
    Offer get(String offerId) {
        return offers.get(offerId);
    }

    Offer put(Offer offer) {
        if (offers.size() >= MAX_OFFERS) {
            offers.clear();
        }
        offers.put(offer.offerId(), offer);
        return offer;
    }

    void remove(String offerId) {
        offers.remove(offerId);
    }
}
