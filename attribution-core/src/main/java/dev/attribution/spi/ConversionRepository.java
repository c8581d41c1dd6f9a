package dev.attribution.spi;

import dev.attribution.UnsupportedPolicyException;
import dev.attribution.conversion.Facts;
import java.util.List;

/**
 * Where conversions and history are kept: an optimistic append, as in an event store with an expected version. See
 * {@link AttributionStore} for what holds for every method.
 *
 * <p>The core reads facts, decides on them, and appends what it decided with the places that it found free. Between the
 * two anything may happen; the append alone decides, by unique keys, whether the decision still holds.
 */
public interface ConversionRepository {
    /**
     * Reads what was credited in scopes.
     *
     * <ol>
     *   <li id="facts-1">There are as many facts as queries, in the same order.
     *   <li id="facts-2">The facts of a click come from all conversions with its id, whatever policy won them.
     *   <li id="facts-3">The facts of a member come from all conversions with the offer's and the member's id,
     *       whatever policy won them.
     *   <li id="facts-4">"First" and "earliest" go by time, then by conversion id as an unsigned number.
     *   <li id="facts-5">"Same event" is the earliest conversion with the event that was asked for, or, where none
     *       was, the earliest without an event.
     *   <li id="facts-6">"Same transaction" is the conversion with the transaction id that was asked for, and empty
     *       where none was.
     *   <li id="facts-7">A conversion that was appended before the call counts.
     *   <li id="facts-8">Facts of one scope belong together, also while others append: a first conversion exactly
     *       where the count is not zero.
     * </ol>
     *
     * @param queries what to look for
     * @return as many facts, in the same order
     * @throws UnsupportedPolicyException if a scope is a member's, and this store does not have it
     */
    List<Facts> facts(List<FactsQuery> queries);

    /**
     * Appends settlements.
     *
     * <ol>
     *   <li id="append-1">There are as many results as settlements, in the same order.
     *   <li id="append-2">What is appended is stored with all its parts: its history entry and, where it has a
     *       credit, its conversion.
     *   <li id="append-3">No reader and no crash ever shows a conversion without the entry that won it.
     *   <li id="append-4">An attempt id that is stored already writes nothing and is <em>known</em>: the answer is
     *       what is stored, and the conversion that it names.
     *   <li id="append-5">Of racing appends under one attempt id, exactly one is appended; the others are known.
     *   <li id="append-6">A credit whose (click, slot) is taken is <em>stale</em>.
     *   <li id="append-7">A credit whose (click, transaction id) is taken is stale.
     *   <li id="append-8">A credit that is to be the sole one of its scope is stale where another sole one has the
     *       scope.
     *   <li id="append-9">No other place counts: a slot or a transaction id of another click is free, and credits
     *       without a transaction id share none.
     *   <li id="append-10">A stale settlement writes nothing: its attempt id stays unknown, and the places it found
     *       free stay free.
     *   <li id="append-11">Of racing appends that share a (click, slot), exactly one is appended; the others are
     *       stale.
     *   <li id="append-12">Of racing appends that share a (click, transaction id), exactly one is appended; the
     *       others are stale.
     *   <li id="append-13">Of racing appends that share a sole scope, exactly one is appended; the others are stale.
     *   <li id="append-14">A settlement without a credit is never stale.
     *   <li id="append-15">If it throws, a prefix of the list may be stored; appending the list again completes it:
     *       what is stored is known, the rest is appended.
     *   <li id="append-16">A settlement that stands in the list twice is appended once and known once.
     *   <li id="append-17">Of several in the list that share a place, exactly one is appended; the others are stale.
     * </ol>
     *
     * @param settlements what to append
     * @return as many results, in the same order
     * @throws UnsupportedPolicyException if a credit is to be a member's only one, and this store cannot keep that
     */
    List<AppendResult> append(List<Settlement> settlements);

    /**
     * Tells how many lists to append at once where many callers have a settlement each, as
     * {@link ClickRepository#maxConcurrentInserts()} does for clicks.
     *
     * @return the number of lists at once, or 0 where each caller is to append its own; the default
     */
    default int maxConcurrentAppends() {
        return 0;
    }
}
