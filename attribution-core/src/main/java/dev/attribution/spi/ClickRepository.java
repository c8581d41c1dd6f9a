package dev.attribution.spi;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The repository of clicks. {@link AttributionStore} states the rules for every method.
 *
 * <p>One class cannot implement both this interface and {@link OfferRepository}, since their {@code find} methods have
 * the same erasure: use a class for each.
 */
public interface ClickRepository {
    /**
     * Inserts clicks.
     *
     * <ol>
     *   <li id="insert-1">When the method returns, every click of the list is stored with all its parts.
     *   <li id="insert-2">A stored click that equals the given click in every part stays as it is; repeating an insert
     *       therefore completes an insert that has lost its answer.
     *   <li id="insert-3">If another click is stored under the id, the method raises {@link AttributionException}, but
     *       not {@link StorageException}, and the stored click stays as it is.
     *   <li id="insert-4">If inserts of different clicks under one id race, exactly one click is stored; the other
     *       inserts raise this exception.
     * </ol>
     *
     * @param clicks the clicks, each with its own id
     * @throws AttributionException if an id belongs to another click: the id generator has returned it twice
     */
    void insert(List<Click> clicks);

    /**
     * Clears the flags of clicks.
     *
     * <ol>
     *   <li id="flag-1">After the method, each of the clicks whose flag stood has the given time as the time at which the
     *       flag was cleared; its other parts stay as they are.
     *   <li id="flag-2">A click without a flag, a click whose flag was cleared before, and an unknown click stay as they
     *       are.
     * </ol>
     *
     * @param clickIds the ids of the clicks
     * @param clearedAt the time, truncated to microseconds
     */
    void clearFlags(Collection<ClickId> clickIds, Instant clearedAt);

    /**
     * Returns how many lists may be inserted concurrently if many callers have one click each. Their clicks are then
     * combined into lists, which pays off if an insert waits for a commit.
     *
     * @return the number of concurrent lists, or 0 (the default) if each caller inserts its own click
     */
    default int maxConcurrentInserts() {
        return 0;
    }

    /**
     * Finds clicks.
     *
     * <ol>
     *   <li id="find-1">The map contains every click that is stored under one of the ids, and nothing else.
     *   <li id="find-2">The method finds every click that was stored before the call.
     * </ol>
     *
     * @param clickIds the ids
     * @return the stored clicks by their ids
     */
    Map<ClickId, Click> find(Collection<ClickId> clickIds);
}
