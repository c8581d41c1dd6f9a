package dev.attribution.listener;

import dev.attribution.StorageException;
import dev.attribution.click.Click;

/**
 * Is told of clicks, outcomes and faults, for metrics and alerts. The methods do nothing by default.
 *
 * <p>A method is called after the commit, on a thread that waits for it, perhaps for several callers one after the other: it
 * returns quickly, and does not call the library. What it throws is logged and changes nothing.
 *
 * <p>Of a call inside a transaction of the host, {@link #clicked}, {@link #settled} and {@link #written} are called after that
 * transaction has committed, and never if it is rolled back. This needs a store that learns of the commit: with Spring that of the
 * starter, otherwise one that is built with {@code hostCommits(…)}. On any other store inside a transaction of the host they are
 * not called. {@link #speculative} and {@link #failed} need no commit, and are always called at once.
 *
 * <p>Implementations are thread-safe.
 */
public interface AttributionListener {
    /**
     * A click is stored.
     *
     * @param click the click
     */
    default void clicked(Click click) {}

    /**
     * An outcome is stored. Each outcome is told once, unless its process ends in between.
     *
     * @param settled the postback and its outcome
     */
    default void settled(SettledPostback settled) {}

    /**
     * Calls of concurrent callers were written together, or one call by itself. Told after the outcomes of the batch.
     *
     * @param batch how many they were, and how many wait
     */
    default void written(WrittenBatch batch) {}

    /**
     * A click was refused as speculative, and nothing was stored.
     *
     * @param rule the name of the rule of the {@link dev.attribution.click.ClickScreen} that says so
     */
    default void speculative(String rule) {}

    /**
     * A click or a postback could not be stored.
     *
     * @param fault the exception that the caller gets: an {@link dev.attribution.OverloadedException} if too many callers waited
     *     already
     */
    default void failed(StorageException fault) {}
}
