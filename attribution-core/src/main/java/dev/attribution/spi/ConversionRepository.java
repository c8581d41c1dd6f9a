package dev.attribution.spi;

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
     *   <li>The facts come from all conversions in the scope, whatever policy won them: of a click those with its id, of a
     *       member those with the offer's and the member's id.
     *   <li>Facts of one scope belong together: a first conversion exactly where the count is not zero.
     *   <li>"First" and "earliest" go by time, then by conversion id as an unsigned number.
     * </ol>
     *
     * @param queries what to look for
     * @return as many facts, in the same order
     */
    List<Facts> facts(List<FactsQuery> queries);

    /**
     * Appends settlements.
     *
     * <ol>
     *   <li>Each element is atomic: its history entry and, where it has a credit, its conversion are stored together or not
     *       at all. No reader and no crash ever shows a conversion without the entry that won it.
     *   <li>An attempt id that is stored already writes nothing and is <em>known</em>: the answer is what is stored.
     *   <li>A credit is appended only if all its places are free: (click, slot), (click, transaction id) where there is a
     *       transaction id, and (scope) where it is the sole one of a member. One of them taken: it is <em>stale</em> and
     *       nothing is written. Of any number of racing appends that share a place, one is appended.
     *   <li>A settlement without a credit is never stale.
     *   <li>Elements are appended in the order of the list. If the method throws, a prefix may be stored; appending the
     *       list again completes it.
     * </ol>
     *
     * @param settlements what to append; no two of them share an attempt id or a place
     * @return as many results, in the same order
     */
    List<AppendResult> append(List<Settlement> settlements);

    /**
     * Tells how many lists to append at once where many callers have a settlement each, as
     * {@link ClickRepository#insertsAtOnce()} does for clicks.
     *
     * @return the number of lists at once, or 0 where each caller is to append its own; the default
     */
    default int appendsAtOnce() {
        return 0;
    }
}
