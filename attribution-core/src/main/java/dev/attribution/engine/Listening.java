package dev.attribution.engine;

import dev.attribution.StorageException;
import dev.attribution.listener.AttributionListener;
import dev.attribution.spi.AttributionStore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a listener what became of calls: of what is stored after the commit, and at once of what needs none. Nothing that the
 * listener throws gets out.
 */
final class Listening {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);

    private final AttributionListener listener;
    private final AttributionStore store;
    private final boolean isCommitted;

    Listening(AttributionListener listener, AttributionStore store) {
        this.listener = listener;
        this.store = store;
        this.isCommitted = store.commitsByItself();
    }

    /** Tells of what is stored, unless the store is in a transaction of the host and does not learn of its commit. */
    void tell(Consumer<AttributionListener> what) {
        if (isCommitted) {
            tellNow(what);
            return;
        }
        try {
            store.afterCommit(() -> tellNow(what));
        } catch (RuntimeException e) {
            LOG.warn("The AttributionListener cannot be told after the commit, which changes nothing else", e);
        }
    }

    /** Tells of what no commit makes true. */
    void tellNow(Consumer<AttributionListener> what) {
        try {
            what.accept(listener);
        } catch (Throwable e) { // the call is stored: an error of the listener is no error of the call
            LOG.warn("The AttributionListener failed, which changes nothing", e);
        }
    }

    /** Tells of a fault, and returns it to be thrown. */
    <E extends RuntimeException> E failed(E fault) {
        if (fault instanceof StorageException storage) {
            tellNow(listener -> listener.failed(storage));
        }
        return fault;
    }
}
