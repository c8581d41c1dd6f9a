package dev.attribution.spi;

import dev.attribution.AttributionException;
import dev.attribution.offer.Offer;
import java.util.Collection;
import java.util.Map;

/**
 * The repository of offers. A host that keeps its offers elsewhere implements only {@link #find}, for example as a
 * lambda, and passes it to the façade's builder. {@link AttributionStore} states the rules for every method.
 *
 * <p>One class cannot implement both this interface and {@link ClickRepository}, since their {@code find} methods have
 * the same erasure: use a class for each.
 */
@FunctionalInterface
public interface OfferRepository {
    /**
     * Finds offers. The façade calls this method for every click and every postback, so a change of an offer takes
     * effect immediately.
     *
     * <ol>
     *   <li id="offers-1">The map contains every offer that is stored under one of the ids, with all its parts, and
     *       nothing else.
     *   <li id="offers-2">The method finds each offer as it was last put before the call.
     * </ol>
     *
     * <p>Keep an offer findable after its last click: conversions of a missing offer are judged by the façade's default
     * policy alone.
     *
     * @param offerIds the ids, compared exactly
     * @return the stored offers by their ids
     */
    Map<String, Offer> find(Collection<String> offerIds);

    /**
     * Inserts an offer, or replaces the one with the same id.
     *
     * <ol>
     *   <li id="put-1">An offer replaces the stored offer with the same id completely: no part of the old offer
     *       remains.
     *   <li id="put-2">Putting an offer changes no click, no conversion and no history entry.
     *   <li id="put-3">While an offer is being replaced, it is found: as it was before or as it is afterwards.
     * </ol>
     *
     * @param offer the offer, with a valid tracking link
     * @throws AttributionException if the host keeps its offers elsewhere
     */
    default void put(Offer offer) {
        throw new AttributionException("The offer '" + offer.offerId()
                + "' cannot be put here: this application keeps its own offers. Put it there.");
    }
}
