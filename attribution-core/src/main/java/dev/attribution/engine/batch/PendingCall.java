package dev.attribution.engine.batch;

import dev.attribution.StorageException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What one caller of a {@link Combiner} wants done: on its own thread, which waits, or for a stage. */
public final class PendingCall<I, O> {
    private enum State {
        WAITING,
        WRITER,
        DONE
    }

    private final I input;
    private final @Nullable Thread thread;
    private final @Nullable Executor executor;
    private final @Nullable CompletableFuture<O> future;

    private volatile State state = State.WAITING;
    private @Nullable O outcome;
    private @Nullable Throwable failure;

    PendingCall(I input, Thread thread) {
        this.input = input;
        this.thread = thread;
        this.executor = null;
        this.future = null;
    }

    PendingCall(I input, Executor executor, CompletableFuture<O> future) {
        this.input = input;
        this.thread = null;
        this.executor = executor;
        this.future = future;
    }

    public I input() {
        return input;
    }

    public void succeed(O with) {
        outcome = with;
    }

    public void fail(Throwable with) {
        failure = with;
    }

    /** Fails by what failed others, too. Each caller gets an exception of its own. */
    void failWithOthers(Throwable shared, boolean isRaisedHere) {
        if (isRaisedHere) {
            failure = shared;
        } else if (shared instanceof StorageException storage) {
            failure = new StorageException(String.valueOf(storage.getMessage()), storage.isTransient(), storage);
        } else {
            failure = new StorageException(
                    "The batch that this call was a part of failed; see the cause.", false, shared);
        }
    }

    boolean isSettled() {
        return outcome != null || failure != null;
    }

    boolean isParked() {
        return thread != null;
    }

    boolean isWaiting() {
        return state == State.WAITING;
    }

    boolean isWriter() {
        return state == State.WRITER;
    }

    void makeWriter() {
        state = State.WRITER;
        LockSupport.unpark(thread);
    }

    void execute(Runnable work) {
        if (executor != null) {
            executor.execute(work);
        }
    }

    /** Shows its caller what became of it. */
    void done() {
        state = State.DONE;
        LockSupport.unpark(thread);
        if (future != null) {
            if (failure != null) {
                future.completeExceptionally(failure);
            } else {
                future.complete(outcome);
            }
        }
    }

    O get() {
        O result = outcome;
        if (result != null) {
            return result;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        throw new IllegalStateException("A task ended without an outcome", failure);
    }
}
