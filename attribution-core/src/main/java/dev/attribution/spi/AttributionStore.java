package dev.attribution.spi;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.TransactionMisuseException;
import dev.attribution.UnsupportedPolicyException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A store of offers, clicks, conversions and history. The author of a store implements this interface and its
 * repositories.
 *
 * <p>Numbered sentences state the contract, here and at the methods of the repositories. The module
 * {@code attribution-testkit} tests each sentence and quotes it when the test fails.
 *
 * <p>Every method of every repository:
 *
 * <ol>
 *   <li id="every-1">A method may be called from many threads at the same time.
 *   <li id="every-2">What a method wrote is durable when the method returns, and every process reads it; in a
 *       transaction of the host, this holds after the host's commit.
 *   <li id="every-3">A method of an open store raises {@link StorageException} if it cannot do its work; it never
 *       answers that nothing exists because it could not look.
 *   <li id="every-4">A method returns every id and text exactly as it was given: with its case, its blanks, every code
 *       point and its full length.
 *   <li id="every-5">A method compares ids exactly: two ids that differ in any code unit are different ids.
 *   <li id="every-6">A method returns every instant to the microsecond.
 *   <li id="every-7">A method returns every amount with its scale, up to 20 digits before the decimal point and 18
 *       digits after it.
 *   <li id="every-8">A method accepts lists of 0 to 1,000 elements and answers for each of them.
 *   <li id="every-9">Several open stores on the same data act as one store: every sentence holds for the calls of all
 *       of them together.
 *   <li id="every-10">Nothing that a method wrote expires, neither with time nor with the number of later writes.
 *   <li id="every-11">An interrupt of the calling thread never changes an answer: the method returns the same as
 *       without it, or raises {@link StorageException}.
 * </ol>
 *
 * <p>These rules together have the following effect through an {@code Attribution}:
 *
 * <ol>
 *   <li id="together-1">If any number of postbacks race with one click and one call key, exactly one is
 *       credited, under any mix of policies; the others are duplicates of it.
 *   <li id="together-2">If any number of different postbacks race, as many are credited as the policy allows.
 *   <li id="together-3">If any number of postbacks race for several clicks of one member on one offer, and the policy
 *       allows one credit per member and offer, exactly one is credited.
 * </ol>
 *
 * <p>A store may leave out capabilities. A store without reports returns an empty {@link #reports()}, one that cannot
 * erase a member an empty {@link #erasure()}, and one that cannot delete what is old an empty {@link #retention()}. A store that
 * has unique keys for the data of one click only cannot decide about a member on an offer:
 *
 * <ol>
 *   <li id="scope-1">A store without the scope of a member raises {@link UnsupportedPolicyException} for facts and
 *       credits that need this scope, and writes nothing of the list.
 * </ol>
 */
public interface AttributionStore {
    /** {@return the repository of offers} */
    OfferRepository offers();

    /** {@return the repository of clicks} */
    ClickRepository clicks();

    /** {@return the repository of conversions and history} */
    ConversionRepository conversions();

    /** {@return the reports, or empty if the store has none; a store may leave out this capability} */
    Optional<ReportRepository> reports();

    /**
     * Returns the erasure of members. By default a store has none.
     *
     * @return the erasure, or empty if the store has none; a store may leave out this capability
     */
    default Optional<ErasureRepository> erasure() {
        return Optional.empty();
    }

    /**
     * Returns the deletion of what is old. By default a store has none.
     *
     * @return the deletion, or empty if the store has none; a store may leave out this capability
     */
    default Optional<RetentionRepository> retention() {
        return Optional.empty();
    }

    /**
     * Returns the reports for people to read. They may lag, such as those of a replica, and say by how much ({@link
     * ReportRepository#lag()}). Nothing is decided by them: repairs, reconciliations and traces read {@link #reports()}.
     * The default returns {@link #reports()}.
     *
     * @return the reports, or empty if the store has none
     */
    default Optional<ReportRepository> displayedReports() {
        return reports();
    }

    /**
     * Inserts clicks if their offers still have the tracking links from which the redirects were filled. A store that
     * can compare the offer within the insert saves a query for each click. The default reads the offers, then inserts.
     *
     * <ol>
     *   <li id="unchanged-1">If the stored offer has the given tracking link and link rules, its clicks are inserted
     *       under the rules of an insert; the other parts of the offer may differ.
     *   <li id="unchanged-2">If the stored offer has another tracking link or other link rules, or does not exist, the
     *       method returns the offer and inserts none of its clicks.
     *   <li id="unchanged-3">The method sees every offer that was put before the call.
     * </ol>
     *
     * @param clicks the clicks by the offers from which their redirects were filled; each click has its own id
     * @return the offers that have changed, empty if all clicks are stored
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
     * Looks up the click, the offer and the facts on which each postback is decided. A store that reads all three with
     * one query saves two or three queries for each postback. The default reads clicks, then offers, then facts, and then again
     * the clicks for which a place is free.
     *
     * <ol>
     *   <li id="lookup-1">The method returns one answer for each query, in the order of the queries: empty if the click
     *       does not exist, otherwise the click, and its offer if the offer exists.
     *   <li id="lookup-2">The facts are those of the offer's policy, or of the default policy if the offer has none or
     *       does not exist.
     *   <li id="lookup-3">The returned facts lead this policy to the same decision as the full facts would; parts that
     *       the policy ignores may be missing.
     *   <li id="lookup-4">The method sees everything that was put, inserted or appended before the call.
     * </ol>
     *
     * <p>A store that deletes old clicks must not return facts that lack the deleted conversions of a click together with this
     * click: it reads both as they were at one time, or reads the click again after its facts.
     *
     * @param lookUps the queries
     * @param defaultPolicy the policy of offers that have no policy of their own
     * @return one answer for each query, in the order of the queries
     */
    default List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
        return new StepwiseLookUp(this, defaultPolicy).find(lookUps);
    }

    /**
     * Looks up what one postback is decided on and, if the store can, appends what the postback writes in the same unit. A
     * store that reads, compares and writes with one statement saves a round trip for most postbacks. It needs not do so for
     * every postback: the core appends what this method leaves. The default only looks up.
     *
     * <ol>
     *   <li id="settle-1">The method returns the answer of a look-up for the query, as it was before the method appended
     *       anything.
     *   <li id="settle-2">The method appends nothing, or exactly the settlement that the decision returns for the returned
     *       look-up, with all its parts, and returns which of the two.
     *   <li id="settle-3">If the attempt id is stored, or a place of the settlement is taken, the method appends nothing.
     *   <li id="settle-4">If settlements under one attempt id, or with one place, race through this method and through an
     *       append, exactly one is appended.
     *   <li id="settle-5">The method sees every offer that was put before the call, and compares with this offer in the unit
     *       in which it appends.
     *   <li id="settle-6">If the method throws, the settlement is stored with all its parts, or nothing of it; an append of the
     *       settlement completes it.
     * </ol>
     *
     * @param query the postback
     * @param defaultPolicy the policy of offers that have no policy of their own
     * @return what was looked up, and whether the settlement for it was appended
     */
    default SettleResult settle(SettleQuery query, DuplicatePolicy defaultPolicy) {
        return new SettleResult(lookUp(List.of(query.lookUp()), defaultPolicy).get(0), false);
    }

    /**
     * Returns whether what a method wrote is committed when the method returns. A store inside a transaction of the host returns
     * {@code false}, and so does one that keeps nothing. The default is {@code true}.
     *
     * @return whether this store commits by itself
     */
    default boolean commitsByItself() {
        return true;
    }

    /**
     * Returns whether the current thread is in a transaction of the application that {@link #joining()} joins. Must not take a
     * connection. The default is {@code false}.
     *
     * @return whether there is a transaction to join
     */
    default boolean isInHostTransaction() {
        return false;
    }

    /**
     * Returns this store inside of the application's transaction that is running on the current thread: a capability that a
     * store may leave out, as the default does. The returned store commits nothing and repeats nothing. It may be used until
     * the transaction ends, on this thread; it holds no connection between two calls.
     *
     * @return the store to use until the transaction ends
     * @throws TransactionMisuseException if no transaction of the application is running on the current thread, before a
     *     connection is taken; or if this store joins no transactions
     */
    default AttributionStore joining() {
        throw new TransactionMisuseException(
                "This store joins no transactions of the application, or was not told how to"
                        + " find the one of the current thread. Nothing was written.");
    }

    /**
     * Runs an action after the commit of the application's transaction that this store is inside of, and never if the
     * transaction is rolled back: a capability that a store may leave out. A listener is told of what was written in the
     * transaction in this way. The action runs on the thread that commits, and throws nothing. The default, and a store that
     * commits by itself, never runs it.
     *
     * @param action what to run after the commit
     * @return whether the action runs after the commit; {@code false} if this store does not learn of the commit
     */
    default boolean afterCommit(Runnable action) {
        return false;
    }

    /**
     * Asks whether the store is there, such as for a health check. Returns normally if it answers. The default looks for a
     * click that does not exist.
     *
     * @throws StorageException if the store does not answer
     */
    default void ping() {
        clicks().find(List.of(ClickId.lowest(Instant.EPOCH)));
    }

    /**
     * Returns whether this store needs ids that contain their time, version 7 UUIDs. A store that is partitioned by time
     * needs them: it would lose an id without time with a partition of any time. The default is {@code false}.
     *
     * <ol>
     *   <li id="time-1">A store that needs ids with a time refuses a click id or an attempt id without one with an
     *       {@link AttributionException}, and writes nothing of the list.
     * </ol>
     *
     * @return whether click ids and attempt ids must contain their time
     */
    default boolean needsTimeInIds() {
        return false;
    }

    /**
     * Returns what the calls of the current thread must have in common with the calls of other threads to be combined with
     * them. A store that reaches another place from each thread, such as the database of the thread's tenant, returns that
     * place. The core asks for the key on the caller's thread, for each click and postback; it combines only calls of equal
     * keys, and remembers offers for each key apart. The default is one key for all threads.
     *
     * @return the key, with {@code equals} and {@code hashCode}; not {@code null}
     */
    default Object combiningKey() {
        return "";
    }
}
