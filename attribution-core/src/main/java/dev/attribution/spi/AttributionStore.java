package dev.attribution.spi;

import dev.attribution.click.Click;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A place to keep clicks, conversions and history. What a store's author implements, one repository at a time.
 *
 * <p>Every method of every repository:
 *
 * <ol>
 *   <li>is safe to call from many threads and many processes at once;
 *   <li>has made durable what it wrote when it returns, or, inside a host's transaction, leaves that to the host's commit;
 *   <li>raises {@link dev.attribution.StorageException} when it cannot do what it was asked, and never answers "there is
 *       none" because it could not look;
 *   <li>returns every instant, id and text exactly as it was given: to the microsecond, with case, trailing blanks and
 *       every code point.
 * </ol>
 */
public interface AttributionStore {
    /**
     * Returns where offers are kept.
     *
     * @return the repository
     */
    OfferRepository offers();

    /**
     * Returns where clicks are kept.
     *
     * @return the repository
     */
    ClickRepository clicks();

    /**
     * Returns where conversions and history are kept.
     *
     * @return the repository
     */
    ConversionRepository conversions();

    /**
     * Returns the read side: a capability that a store may leave out.
     *
     * @return the repository, or empty where the store has no reports
     */
    Optional<ReportRepository> reports();

    /**
     * Inserts clicks whose links were filled from offers as they were last seen. A store that can tell within the insert
     * whether an offer has changed saves a question for each click; by default this reads the offers, then inserts.
     *
     * <ol>
     *   <li>A click is stored, as {@link ClickRepository#insert} does, if its offer is kept with the tracking link and the
     *       link rules that are given. What else the offer says does not matter.
     *   <li>An offer that is kept otherwise, or not at all, is returned. Of its clicks none is stored that was not before.
     *   <li>What was put before the call counts.
     * </ol>
     *
     * @param clicks by the offers that their links were filled from; each with an id of its own
     * @return the offers of which the link has changed, empty if all clicks are stored
     */
    default Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
        Map<String, Offer> now =
                offers().find(clicks.keySet().stream().map(Offer::offerId).collect(Collectors.toSet()));
        Set<Offer> changed = new HashSet<>();
        List<Click> unchanged = new ArrayList<>();
        clicks.forEach((offer, some) -> {
            Offer kept = now.get(offer.offerId());
            if (kept != null
                    && kept.trackingLink().equals(offer.trackingLink())
                    && kept.linkRules().equals(offer.linkRules())) {
                unchanged.addAll(some);
            } else {
                changed.add(offer);
            }
        });
        if (!unchanged.isEmpty()) {
            clicks().insert(unchanged);
        }
        return changed;
    }

    /**
     * Looks up what postbacks are decided on. A store that can do so at once saves two questions for each postback; by
     * default this reads clicks, offers and facts one after the other.
     *
     * <ol>
     *   <li>There are as many answers as questions, in the same order: empty where there is no such click.
     *   <li>The policy in force is the offer's; where it has none, or there is no offer, it is the default.
     *   <li>The facts are those of the scope that {@link DuplicatePolicy#scopeOf} gives. On them the policy decides as it
     *       does on those of {@link ConversionRepository#facts}; what it does not look at may be left out.
     *   <li>What was put, inserted or appended before the call counts.
     * </ol>
     *
     * @param lookUps what to look for
     * @param defaultPolicy the policy of offers that have none of their own
     * @return as many answers, in the same order
     */
    default List<Optional<Found>> lookUp(List<LookUp> lookUps, DuplicatePolicy defaultPolicy) {
        return new LookUpInSteps(this, defaultPolicy).find(lookUps);
    }
}
