package dev.attribution.spi;

import dev.attribution.AttributionException;
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
     *   <li>Each click is stored whole or not at all; all of them are stored when the method returns.
     *   <li>A click that is stored already, equal in every part, is left as it is: so an insert whose answer was lost is
     *       completed by repeating it.
     *   <li>A click id that is stored already with another click raises {@link AttributionException}; the stored one stays
     *       as it is.
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
    default int insertsAtOnce() {
        return 0;
    }

    /**
     * Finds clicks.
     *
     * @param clickIds the ids
     * @return the clicks that exist, by their ids
     */
    Map<ClickId, Click> find(Collection<ClickId> clickIds);
}
