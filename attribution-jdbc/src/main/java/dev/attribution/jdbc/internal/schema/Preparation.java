package dev.attribution.jdbc.internal.schema;

import dev.attribution.StorageException;
import dev.attribution.jdbc.internal.transaction.DeferredInterrupt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is prepared once, at the latest when it is first used. A failure is not remembered: the next use tries again. */
public final class Preparation<T> {
    private final Supplier<T> prepare;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable T prepared;

    public Preparation(Supplier<T> prepare) {
        this.prepare = prepare;
    }

    /** Prepares now, unless that was done. */
    public T now() {
        lock.lock();
        try {
            T done = prepared;
            if (done == null) {
                done = DeferredInterrupt.during(prepare);
                prepared = done;
            }
            return done;
        } finally {
            lock.unlock();
        }
    }

    /** Returns what is prepared, or {@code null} if nothing is yet. */
    public @Nullable T ifDone() {
        return prepared;
    }

    /** Returns what is prepared. A failure to prepare it is transient, since the next use tries again. */
    public T get() {
        T done = prepared;
        if (done != null) {
            return done;
        }
        try {
            return now();
        } catch (StorageException e) {
            throw new StorageException("The store is not ready: " + e.getMessage(), true, e);
        }
    }
}
