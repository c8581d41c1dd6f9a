package dev.attribution;

import dev.attribution.engine.TemplateCache;
import dev.attribution.internal.Ids;
import dev.attribution.link.InvalidTrackingLinkException;
import dev.attribution.offer.Offer;
import dev.attribution.spi.OfferRepository;
import java.util.List;
import java.util.Optional;

/**
 * The offers of an {@link Attribution}.
 *
 * <p>Immutable and thread-safe.
 */
public final class Offers {
    private final OfferRepository repository;
    private final TemplateCache templates;

    Offers(OfferRepository repository, TemplateCache templates) {
        this.repository = repository;
        this.templates = templates;
    }

    /**
     * Inserts an offer, or replaces the offer with the same id. The change applies from the next click and the next
     * postback on, in every process.
     *
     * @param offer the offer
     * @throws InvalidTrackingLinkException if its tracking link has a problem; it lists every problem, and nothing
     *     changes
     * @throws AttributionException if the host keeps the offers itself
     * @throws StorageException if the offer could not be stored
     */
    public void put(Offer offer) {
        templates.template(offer);
        repository.put(offer);
    }

    /**
     * Finds an offer.
     *
     * @param offerId the id, compared exactly
     * @return the offer, or empty if it does not exist
     * @throws StorageException if the store cannot be read
     */
    public Optional<Offer> find(String offerId) {
        return Ids.problemOf(offerId).isPresent()
                ? Optional.empty() // not every store could be asked for it
                : Optional.ofNullable(repository.find(List.of(offerId)).get(offerId));
    }
}
