package dev.attribution.spi;

import dev.attribution.StorageException;
import dev.attribution.UnsupportedPolicyException;
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
 * <p>The contract is in numbered sentences, here and at the methods of the repositories. The module
 * {@code attribution-testkit} has a test for each, which quotes it.
 *
 * <p>Every method of every repository:
 *
 * <ol>
 *   <li id="every-1">It is safe to call from many threads at once.
 *   <li id="every-2">What it wrote is durable when it returns, and shows in every process; inside a host's
 *       transaction, with the host's commit.
 *   <li id="every-3">It raises {@link StorageException} when it cannot do what it was asked, and never answers "there
 *       is none" because it could not look.
 *   <li id="every-4">It returns every id and text exactly as it was given: with case, blanks and every code point, in
 *       full length.
 *   <li id="every-5">It compares ids exactly: two that differ in anything are two.
 *   <li id="every-6">It returns every instant to the microsecond.
 *   <li id="every-7">It returns every amount with its scale, of up to 20 digits before the point and 18 behind it.
 *   <li id="every-8">It takes lists of none to 1,000 elements.
 * </ol>
 *
 * <p>What this adds up to, through an {@code Attribution}:
 *
 * <ol>
 *   <li id="together-1">Of any number of racing postbacks with one click and one transaction id, exactly one is credited, under any
 *       mix of policies; the others are duplicates of it.
 *   <li id="together-2">Of any number of racing postbacks that differ, as many are credited as the policy allows.
 *   <li id="together-3">Of any number of racing postbacks for several clicks of one member on one offer, exactly one
 *       is credited, where the policy allows one per member and offer.
 * </ol>
 *
 * <p>Two capabilities may be left out. A store without reports returns none from {@link #reports()}. A store that cannot
 * keep a key beside those of the click, so that it cannot decide about a member on an offer, refuses:
 *
 * <ol>
 *   <li id="scope-1">A store without the scope of a member raises {@link UnsupportedPolicyException} for facts and
 *       credits that need it, and writes nothing of the list.
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
     *   <li id="unchanged-1">A click is stored, as by an insert, where its offer is kept with the tracking link and the
     *       link rules that are given; what else the offer says does not matter.
     *   <li id="unchanged-2">An offer that is kept otherwise, or not at all, is returned, and of its clicks none is
     *       stored that was not before.
     *   <li id="unchanged-3">What was put before the call counts.
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
     *   <li id="lookup-1">There are as many answers as questions, in the same order: empty where there is no such
     *       click, else with the click, and with its offer where there is one.
     *   <li id="lookup-2">The policy in force is the offer's; where it has none, or there is no offer, it is the
     *       default.
     *   <li id="lookup-3">On the facts of an answer the policy in force decides as it does on those of its whole scope;
     *       what it does not look at may be left out.
     *   <li id="lookup-4">What was put, inserted or appended before the call counts.
     * </ol>
     *
     * @param lookUps what to look for
     * @param defaultPolicy the policy of offers that have none of their own
     * @return as many answers, in the same order
     */
    default List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
        return new StepwiseLookUp(this, defaultPolicy).find(lookUps);
    }
}
