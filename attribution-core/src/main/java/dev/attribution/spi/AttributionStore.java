package dev.attribution.spi;

import dev.attribution.StorageException;
import dev.attribution.UnsupportedPolicyException;
import java.util.Optional;

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
}
