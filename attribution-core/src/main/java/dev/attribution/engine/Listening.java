package dev.attribution.engine;

import dev.attribution.StorageException;
import dev.attribution.listener.AttributionListener;
import dev.attribution.spi.AttributionStore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener what became of calls on a store that commits by itself. Nothing that the listener throws gets out. */
final class Listening {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);

    private final AttributionListener listener;
    private final boolean isTold;

    Listening(AttributionListener listener, AttributionStore store) {
        this.listener = listener;
        this.isTold = store.commitsByItself();
    }

    void tell(Consumer<AttributionListener> what) {
        if (!isTold) {
            return;
        }
        try {
            what.accept(listener);
        } catch (Throwable e) { // the call is stored: an error of the listener is no error of the call
            LOG.warn("The AttributionListener failed, which changes nothing", e);
        }
    }

    /** Tells of a fault, and returns it to be thrown. */
    <E extends RuntimeException> E failed(E fault) {
        if (fault instanceof StorageException storage) {
            tell(listener -> listener.failed(storage));
        }
        return fault;
    }
}
