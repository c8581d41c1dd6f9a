package dev.attribution.spi;

import dev.attribution.UnsupportedPolicyException;
import dev.attribution.conversion.Facts;
import java.util.List;

/**
 * The repository of conversions and history, with an optimistic append as in an event store with an expected version.
 * {@link AttributionStore} states the rules for every method.
 *
 * <p>The core reads facts, decides on them, and appends its decision with the places that were free. Other callers may
 * append in between; only the append decides, by unique keys, whether the decision still holds.
 */
public interface ConversionRepository {
    /**
     * Reads the facts of scopes: what was credited in them.
     *
     * <ol>
     *   <li id="facts-1">The method returns one element for each query, in the order of the queries.
     *   <li id="facts-2">The facts of a click cover all conversions with the click's id, however many there are and
     *       under whatever policy they were credited.
     *   <li id="facts-3">The facts of a member cover all conversions with the ids of the offer and the member, under
     *       whatever policy they were credited.
     *   <li id="facts-4">The first and the earliest conversion are determined by time, then by conversion id as an
     *       unsigned number.
     *   <li id="facts-5">The conversion of the same event is the earliest conversion with the requested event; if no
     *       event was requested, it is the earliest conversion without an event.
     *   <li id="facts-6">The conversion of the same transaction is the conversion with the requested transaction id; if
     *       no transaction id was requested, it is empty.
     *   <li id="facts-7">The method sees every conversion that was appended before the call.
     *   <li id="facts-8">The facts of one scope are consistent even while others append: the first conversion is
     *       present if and only if the count is not zero.
     * </ol>
     *
     * @param queries the scopes, each with an event and a transaction id
     * @return one element for each query, in the order of the queries
     * @throws UnsupportedPolicyException if a scope is a member's and this store does not have this scope
     */
    List<Facts> facts(List<FactsQuery> queries);

    /**
     * Appends settlements.
     *
     * <ol>
     *   <li id="append-1">The method returns one result for each settlement, in the order of the settlements.
     *   <li id="append-2">An <em>appended</em> settlement is stored with all its parts: its history entry and, if it
     *       has a credit, its conversion.
     *   <li id="append-3">No reader and no crash ever sees a conversion without its history entry, or an
     *       {@code ATTRIBUTED} entry without its conversion.
     *   <li id="append-4">A settlement with a stored attempt id writes nothing and is <em>known</em>: the result holds
     *       the stored entry and the conversion that this entry names.
     *   <li id="append-5">If appends under one attempt id race, exactly one is appended; the others are known.
     *   <li id="append-6">A credit is <em>stale</em> if its (click, slot) is taken.
     *   <li id="append-7">A credit is stale if its (click, transaction id) is taken.
     *   <li id="append-8">A credit with an exclusive scope is stale if another credit holds this scope exclusively.
     *   <li id="append-9">No other place makes a credit stale: slots and transaction ids of other clicks are free, and
     *       credits without a transaction id do not conflict.
     *   <li id="append-10">A stale settlement writes nothing: its attempt id stays unknown, and its free places stay
     *       free.
     *   <li id="append-11">If appends with one (click, slot) race, exactly one is appended; the others are stale.
     *   <li id="append-12">If appends with one (click, transaction id) race, exactly one is appended; the others are
     *       stale.
     *   <li id="append-13">If appends with one exclusive scope race, exactly one is appended; the others are stale.
     *   <li id="append-14">A settlement without a credit is stale only after a credit of its click in the list that
     *       is not stored.
     *   <li id="append-15">If the method throws, a prefix of the list may be stored; appending the list again completes
     *       it: stored settlements are known, the others are appended.
     *   <li id="append-16">A settlement that occurs twice in the list is appended once and known once.
     *   <li id="append-17">If several credits of the list share a place, exactly one is appended; the others are stale.
     *   <li id="append-18">A taken place stays taken: neither the times of the conversions nor later credits matter.
     *   <li id="append-19">If a credit of the list is not stored, the later settlements of its click in the list are
     *       stale, unless they are known.
     * </ol>
     *
     * <p>The settlements of one click in a list were decided one after the other, each as if those before it were stored: a
     * later one takes the next slot, or names the conversion of an earlier one. {@link
     * dev.attribution.spi.support.CreditOrder} keeps this order for stores that append the settlements one by one. Racing
     * lists have their common places in the same order, so a store that locks them in the order of the list meets no deadlock
     * within a click.
     *
     * @param settlements the settlements
     * @return one result for each settlement, in the order of the settlements
     * @throws UnsupportedPolicyException if a credit has an exclusive scope and this store does not have this scope
     */
    List<AppendResult> append(List<Settlement> settlements);

    /**
     * Returns how many lists may be appended concurrently if many callers have one settlement each, as
     * {@link ClickRepository#maxConcurrentInserts()} does for clicks.
     *
     * @return the number of concurrent lists, or 0 (the default) if each caller appends its own settlement
     */
    default int maxConcurrentAppends() {
        return 0;
    }
}
