package dev.attribution.engine.batch;

import dev.attribution.OverloadedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Combines what concurrent callers want done into batches, so that many share one commit.
 *
 * <p>A caller that finds a writer's place free does its own task at once. Otherwise it queues. Whoever writes does one batch,
 * its own task among it, and then hands its place to the caller that has waited longest, whatever was thrown. There is no
 * thread and no timer: a batch is what came while the one before it was written.
 *
 * <p>A caller that waits cannot be interrupted, since its task may be under way; the interrupt is handed on when it is done.
 */
public final class Combiner<I, O> {
    private final BatchWriter<I, O> batchWriter;
    private final int writers;
    private final int maxBatchSize;
    private final int maxWaiting;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<PendingCall<I, O>> waiting = new ArrayDeque<>(); // guarded by lock, as are the next two
    private int parked;
    private int writing;

    /**
     * Creates a combiner.
     *
     * @param writers how many batches at once, at least 1
     */
    public Combiner(BatchWriter<I, O> batchWriter, int writers, int maxBatchSize, int maxWaiting) {
        this.batchWriter = batchWriter;
        this.writers = writers;
        this.maxBatchSize = maxBatchSize;
        this.maxWaiting = maxWaiting;
    }

    /**
     * Does a task, perhaps together with others, and waits for it.
     *
     * @throws OverloadedException if too many wait already
     */
    public O call(I input) {
        PendingCall<I, O> task = new PendingCall<>(input, Thread.currentThread());
        boolean interrupted = false;
        try {
            if (!isWriter(task)) {
                while (task.isWaiting()) {
                    LockSupport.park(this);
                    interrupted |= Thread.interrupted();
                }
            }
            if (task.isWriter()) {
                interrupted |= Thread.interrupted(); // nothing that reaches the disk is to be torn by it
                writeUntilDone(task);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return task.get();
    }

    /** Does a task on an executor's threads, perhaps together with others. An overload fails the stage. */
    public CompletionStage<O> callAsync(I input, Executor executor) {
        CompletableFuture<O> future = new CompletableFuture<>();
        PendingCall<I, O> task = new PendingCall<>(input, executor, future);
        boolean isWriterWanted;
        lock.lock();
        try {
            refuseBeyondLimit();
            waiting.add(task);
            isWriterWanted = writing < writers;
        } catch (OverloadedException e) {
            return CompletableFuture.failedFuture(e);
        } finally {
            lock.unlock();
        }
        if (isWriterWanted) {
            dispatch(task);
        }
        return future.minimalCompletionStage();
    }

    private boolean isWriter(PendingCall<I, O> task) {
        lock.lock();
        try {
            if (writing < writers) {
                writing++;
                task.makeWriter();
                return true;
            }
            refuseBeyondLimit();
            waiting.add(task);
            parked++;
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void refuseBeyondLimit() {
        if (waiting.size() >= maxWaiting) {
            throw new OverloadedException(
                    maxWaiting
                            + " calls wait for the store already: it does not keep up, or is not available. Nothing was"
                            + " written; answer with a 503, or call again later.",
                    null);
        }
    }

    private void writeUntilDone(PendingCall<I, O> own) {
        while (own.isWriter()) {
            List<PendingCall<I, O>> batch = batchWith(own);
            try {
                batchWriter.write(batch);
            } catch (Throwable e) { // an Error, too, must leave no one waiting
                batch.stream().filter(task -> !task.isSettled()).forEach(task -> task.failWithOthers(e, task == own));
            } finally {
                finish(own, batch);
            }
        }
    }

    private List<PendingCall<I, O>> batchWith(PendingCall<I, O> own) {
        List<PendingCall<I, O>> batch = new ArrayList<>();
        batch.add(own);
        lock.lock();
        try {
            while (batch.size() < maxBatchSize && !waiting.isEmpty()) {
                PendingCall<I, O> next = waiting.remove();
                parked -= next.isParked() ? 1 : 0;
                batch.add(next);
            }
        } finally {
            lock.unlock();
        }
        return batch;
    }

    /** Hands over, unless the writer's own task is to be done again, and tells those that are done. */
    private void finish(PendingCall<I, O> own, List<PendingCall<I, O>> batch) {
        boolean isOwnDone = own.isSettled();
        List<PendingCall<I, O>> done = new ArrayList<>(batch.size());
        PendingCall<I, O> next = null;
        lock.lock();
        try {
            for (int i = batch.size() - 1; i > 0; i--) {
                PendingCall<I, O> task = batch.get(i);
                if (task.isSettled()) {
                    done.add(task);
                } else {
                    waiting.addFirst(task);
                    parked += task.isParked() ? 1 : 0;
                }
            }
            if (isOwnDone) {
                next = successor();
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.makeWriter();
        }
        tell(own, done);
        if (isOwnDone) {
            own.done();
            dispatchWaiting();
        }
    }

    /** Picks the thread that has waited longest, or leaves the place free. */
    private @Nullable PendingCall<I, O> successor() {
        if (parked > 0) {
            for (Iterator<PendingCall<I, O>> tasks = waiting.iterator(); tasks.hasNext(); ) {
                PendingCall<I, O> task = tasks.next();
                if (task.isParked()) {
                    tasks.remove();
                    parked--;
                    return task;
                }
            }
        }
        writing--;
        return null;
    }

    /** Wakes threads, and completes stages: on a thread of their executor, since what depends on them runs there, too. */
    private void tell(PendingCall<I, O> own, List<PendingCall<I, O>> done) {
        List<PendingCall<I, O>> stages = new ArrayList<>();
        for (PendingCall<I, O> task : done) {
            if (task.isParked() || !own.isParked()) {
                task.done();
            } else {
                stages.add(task);
            }
        }
        if (stages.isEmpty()) {
            return;
        }
        try {
            stages.get(0).execute(() -> stages.forEach(PendingCall::done));
        } catch (RejectedExecutionException e) {
            stages.forEach(PendingCall::done);
        }
    }

    /** Where only stages wait, asks the executor of the oldest for a thread. */
    private void dispatchWaiting() {
        PendingCall<I, O> oldest;
        lock.lock();
        try {
            oldest = writing < writers ? waiting.peek() : null;
        } finally {
            lock.unlock();
        }
        if (oldest != null) {
            dispatch(oldest);
        }
    }

    // A place is taken only when the executor runs this: what it drops must not keep others waiting
    private void dispatch(PendingCall<I, O> task) {
        try {
            task.execute(this::writeForTheOldest);
        } catch (RejectedExecutionException e) {
            lock.lock();
            try {
                if (!waiting.remove(task)) {
                    return; // another writer has it
                }
            } finally {
                lock.unlock();
            }
            task.fail(Stages.rejected(e));
            task.done();
            dispatchWaiting();
        }
    }

    private void writeForTheOldest() {
        PendingCall<I, O> oldest;
        lock.lock();
        try {
            if (writing >= writers || waiting.isEmpty()) {
                return;
            }
            writing++;
            oldest = waiting.remove(); // a stage: threads wait only where all places are taken
            oldest.makeWriter();
        } finally {
            lock.unlock();
        }
        boolean interrupted = Thread.interrupted();
        try {
            writeUntilDone(oldest);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
