package dev.attribution.spi;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Where clicks are kept. See {@link AttributionStore} for what holds for every method. */
public interface ClickRepository {
    /**
     * Inserts clicks.
     *
     * <ol>
     *   <li id="insert-1">All clicks of the list are stored, each with all its parts, when it returns.
     *   <li id="insert-2">A click that is stored already, equal in every part, is left as it is: so an insert whose
     *       answer was lost is completed by repeating it.
     *   <li id="insert-3">A click id that is stored already with another click raises {@link AttributionException},
     *       which is no {@link StorageException}; the stored one stays as it is.
     *   <li id="insert-4">Of racing inserts of different clicks under one id, exactly one is stored; the others raise
     *       that exception.
     * </ol>
     *
     * @param clicks the clicks, each with an id of its own
     * @throws AttributionException if an id belongs to another click: the id generator gave it twice
     */
    void insert(List<Click> clicks);

    /**
     * Tells how many lists to insert at once where many callers have a click each. Their clicks are then combined into
     * lists: worth it where an insert waits for a commit.
     *
     * @return the number of lists at once, or 0 where each caller is to insert its own; the default
     */
    default int maxConcurrentInserts() {
        return 0;
    }

    /**
     * Finds clicks.
     *
     * <ol>
     *   <li id="find-1">The answer holds every click that exists under one of the ids, and leaves out the ids that do
     *       not.
     *   <li id="find-2">A click that was stored before the call is found.
     * </ol>
     *
     * @param clickIds the ids
     * @return the clicks that exist, by their ids
     */
    Map<ClickId, Click> find(Collection<ClickId> clickIds);
}
