package dev.attribution.spi.support;

import dev.attribution.click.ClickId;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.Settlement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps the order of the settlements of a click, for stores that append the settlements of a list one after the other: a
 * settlement is stale if an earlier effect of its click in the list is not stored.
 *
 * <p>{@link #appendAll} does all of it. Other stores ask {@link #isBrokenBefore} before they append a settlement, and call
 * {@link #add} with the result.
 *
 * <p>Not thread-safe; one object serves one list.
 */
public final class CreditOrder {
    private final Set<ClickId> broken = new HashSet<>();

    /** Appends one settlement. */
    @FunctionalInterface
    public interface SingleAppend {
        /**
         * Appends a settlement, if nothing prevents it.
         *
         * @param settlement the settlement
         * @param isOrderBroken whether it is stale unless its attempt id is known
         * @return what became of it
         */
        AppendResult append(Settlement settlement, boolean isOrderBroken);
    }

    /**
     * Appends the settlements of a list one after the other.
     *
     * @param settlements the list
     * @param append appends one of them
     * @return the results in the order of the list
     */
    public static List<AppendResult> appendAll(List<Settlement> settlements, SingleAppend append) {
        CreditOrder order = new CreditOrder();
        List<AppendResult> results = new ArrayList<>(settlements.size());
        for (Settlement settlement : settlements) {
            AppendResult result = append.append(settlement, order.isBrokenBefore(settlement));
            order.add(settlement, result);
            results.add(result);
        }
        return results;
    }

    /** Creates an object for one list. */
    public CreditOrder() {}

    /**
     * Returns whether a settlement may not be stored because of those before it.
     *
     * @param settlement the next settlement of the list
     * @return whether an earlier effect for the same click is not stored; the settlement is stale then, unless its attempt id
     *     is known
     */
    public boolean isBrokenBefore(Settlement settlement) {
        return !broken.isEmpty()
                && settlement.entry().clickId().filter(broken::contains).isPresent();
    }

    /**
     * Adds a settlement with its result.
     *
     * @param settlement the settlement
     * @param result what became of it
     */
    public void add(Settlement settlement, AppendResult result) {
        settlement
                .effect()
                .filter(effect -> !result.isStored(effect))
                .ifPresent(effect -> broken.add(effect.conversion().clickId()));
    }
}
