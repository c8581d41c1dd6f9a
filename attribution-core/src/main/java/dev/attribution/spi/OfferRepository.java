package dev.attribution.spi;

import dev.attribution.AttributionException;
import dev.attribution.offer.Offer;
import java.util.Collection;
import java.util.Map;

/**
 * Where offers are kept. A host that keeps its offers elsewhere implements {@link #find} alone, perhaps as a lambda, and
 * passes it to the façade's builder. See {@link AttributionStore} for what holds for every method.
 */
@FunctionalInterface
public interface OfferRepository {
    /**
     * Finds offers. Called for every click and every postback, so that a changed offer counts at once.
     *
     * <ol>
     *   <li id="offers-1">The answer holds every offer that exists under one of the ids, with all its parts, and
     *       leaves out the ids that do not.
     *   <li id="offers-2">What is found is what was put last before the call.
     * </ol>
     *
     * <p>An offer that was ever clicked must stay findable, even when it is clicked no more: of one that is not, conversions
     * are judged without terms of its own, under the façade's policy.
     *
     * @param offerIds the ids, compared exactly
     * @return the offers that exist, by their ids
     */
    Map<String, Offer> find(Collection<String> offerIds);

    /**
     * Inserts an offer, or replaces the one with the same id.
     *
     * <ol>
     *   <li id="put-1">An offer replaces the one with the same id as a whole: nothing of the old one is left.
     * </ol>
     *
     * @param offer the offer; its link was checked
     * @throws AttributionException if offers are kept elsewhere
     */
    default void put(Offer offer) {
        throw new AttributionException("The offer '" + offer.offerId()
                + "' cannot be put here: this application keeps its offers itself. Put it there.");
    }
}
