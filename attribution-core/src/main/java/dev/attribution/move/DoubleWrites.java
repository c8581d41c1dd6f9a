package dev.attribution.move;

import dev.attribution.StorageException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to the target without ever failing a call of the application, which the source has stored. While the target is away one
 * write at a time tries, so that the others do not wait for it.
 */
final class DoubleWrites {
    private static final Logger LOG = LoggerFactory.getLogger(DoubleWrites.class);

    private final Executor executor;
    private final LongAdder missed = new LongAdder();
    private final AtomicBoolean isAway = new AtomicBoolean();
    private final AtomicBoolean isTrying = new AtomicBoolean();

    DoubleWrites(Executor executor) {
        this.executor = executor;
    }

    long missed() {
        return missed.sum();
    }

    void miss() {
        missed.increment();
    }

    /** Runs a write on the executor. */
    void write(Runnable write) {
        try {
            executor.execute(() -> writeNow(write));
        } catch (RuntimeException | Error e) { // such as no room in the queue, or no thread
            miss();
            LOG.debug("The executor of the move did not take a write", e);
        }
    }

    private void writeNow(Runnable write) {
        boolean isTrial = isAway.get();
        if (isTrial && !isTrying.compareAndSet(false, true)) {
            miss();
            return;
        }
        try {
            write.run();
            if (isAway.compareAndSet(true, false)) {
                LOG.info("The target of the move takes writes again. Copy what it missed.");
            }
        } catch (RuntimeException | Error e) { // the source has stored it, so the call of the application is done
            miss();
            boolean isOutage = e instanceof StorageException fault && fault.isTransient();
            if (!isOutage) {
                LOG.warn("The target of the move refused a write. Copy and compare, which names the row", e);
            } else if (isAway.compareAndSet(false, true)) {
                LOG.warn(
                        "The target of the move is away. The application goes on with the source; copy what was missed",
                        e);
            }
        } finally {
            if (isTrial) {
                isTrying.set(false);
            }
        }
    }
}
