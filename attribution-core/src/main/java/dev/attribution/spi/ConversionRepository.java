package dev.attribution.spi;

import dev.attribution.UnsupportedPolicyException;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The repository of conversions and history, with an optimistic append as in an event store with an expected version.
 * {@link AttributionStore} states the rules for every method.
 *
 * <p>The core reads facts, decides on them, and appends its decision with the places that were free. Other callers may
 * append in between; only the append decides, by unique keys, whether the decision still holds.
 */
public interface ConversionRepository {
    /**
     * Reads the facts on which messages are decided. A conversion has a place unless it is a reservation.
     *
     * <ol>
     *   <li id="facts-1">The method returns one element for each query, in the order of the queries.
     *   <li id="facts-2">If the scope is a click, the count, the first and the same event cover all conversions with the
     *       click's id that have a place, however many there are, under whatever policy they took it, and in whatever
     *       status they are.
     *   <li id="facts-3">If the scope is a member's, they cover all conversions with the hash of the offer and the member
     *       in the same way, whatever member id they have.
     *   <li id="facts-4">The first and the earliest conversion are determined by time, then by conversion id as an
     *       unsigned number.
     *   <li id="facts-5">The conversion of the same event is the earliest conversion with the requested event; if no
     *       event was requested, it is the earliest conversion without an event.
     *   <li id="facts-6">A message with a call key addresses the conversion or the reservation of its click with
     *       this call key, and no other.
     *   <li id="facts-7">The method sees everything that was appended before the call.
     *   <li id="facts-8">The facts of one scope are consistent even while others append: the first conversion is
     *       present if and only if the count is not zero.
     *   <li id="facts-9">An approval without a call key addresses the earliest pending conversion of its click
     *       that has the same event and no call key.
     *   <li id="facts-10">A pending message without a call key addresses the earliest conversion of its click that
     *       has a place, the same event and no call key, in whatever status.
     *   <li id="facts-11">A reversal without a call key addresses the only conversion of its click that has a
     *       place, or, if it names an event, the only one with this event, in whatever status and with or without a
     *       call key. If there are several, it is ambiguous and addresses none.
     *   <li id="facts-12">A reservation is neither counted, nor the first, nor the earliest of its event.
     * </ol>
     *
     * @param queries the scopes, each with what the message says
     * @return one element for each query, in the order of the queries
     * @throws UnsupportedPolicyException if a scope is a member's and this store does not have this scope
     */
    List<Facts> facts(List<FactsQuery> queries);

    /**
     * Finds conversions and reservations.
     *
     * <ol>
     *   <li id="conversion-1">The map contains every conversion and every reservation that is stored under one of the ids,
     *       with all its changes, and nothing else.
     *   <li id="conversion-2">The method sees everything that was appended before the call.
     * </ol>
     *
     * @param conversionIds the ids
     * @return the stored conversions by their ids
     */
    Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds);

    /**
     * Appends settlements.
     *
     * <ol>
     *   <li id="append-1">The method returns one result for each settlement, in the order of the settlements.
     *   <li id="append-2">An <em>appended</em> settlement is stored with all its parts: its history entry and, if it
     *       has an effect, the conversion, the reservation or the change.
     *   <li id="append-3">No reader and no crash ever sees a conversion or a change without its history entry, or an
     *       entry without the effect that it tells of.
     *   <li id="append-4">A settlement with a stored attempt id writes nothing and is <em>known</em>, even if it would
     *       be stale: the result holds the stored entry and the conversion that this entry names, as it is stored now.
     *   <li id="append-5">If appends under one attempt id race, exactly one is appended; the others are known.
     *   <li id="append-6">A credit is <em>stale</em> if its (click, slot) is taken.
     *   <li id="append-7">A credit or a reservation is stale if its (click, call key) is taken.
     *   <li id="append-8">A credit with an exclusive scope is stale if another conversion holds this scope exclusively.
     *   <li id="append-9">No other place makes a credit stale: slots and call keys of other clicks are free, and
     *       credits without a call key do not conflict.
     *   <li id="append-10">A stale settlement writes nothing: its attempt id stays unknown, and its free places stay
     *       free.
     *   <li id="append-11">If appends with one (click, slot) race, exactly one is appended; the others are stale.
     *   <li id="append-12">If appends with one (click, call key) race, exactly one is appended; the others are
     *       stale.
     *   <li id="append-13">If appends with one exclusive scope race, exactly one is appended; the others are stale.
     *   <li id="append-14">A settlement without an effect is stale only after an effect of its click in the list that is
     *       not stored.
     *   <li id="append-15">If the method throws, a prefix of the list may be stored; appending the list again completes
     *       it: stored settlements are known, the others are appended.
     *   <li id="append-16">A settlement that occurs twice in the list is appended once and known once.
     *   <li id="append-17">If several settlements of the list share a place, or change one revision of a conversion,
     *       exactly one is appended; the others are stale.
     *   <li id="append-18">A taken place stays taken: neither the times of the conversions nor later credits nor later
     *       changes matter.
     *   <li id="append-19">If an effect of the list is not stored, the later settlements of its click in the list are
     *       stale, unless they are known.
     *   <li id="append-20">A change is stale if the stored conversion has another revision than the one that the change
     *       was decided on, or if no such conversion is stored.
     *   <li id="append-21">If changes of one revision of a conversion race, exactly one is appended; the others are
     *       stale.
     *   <li id="append-22">A change that reinstates a reservation takes its slot and its exclusive scope, and is stale
     *       if one of them is taken.
     * </ol>
     *
     * <p>An attempt id belongs to one click id: no caller appends it under another one, so a store may keep attempts by click.
     *
     * <p>The settlements of one click in a list were decided one after the other, each as if those before it were stored: a
     * later one takes the next slot, or names the conversion of an earlier one. {@link
     * dev.attribution.spi.support.CreditOrder} keeps this order for stores that append the settlements one by one. Racing
     * lists have their common places in the same order, so a store that locks them in the order of the list meets no deadlock
     * within a click.
     *
     * @param settlements the settlements
     * @return one result for each settlement, in the order of the settlements
     * @throws UnsupportedPolicyException if a credit or a change has an exclusive scope and this store does not have this scope
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
