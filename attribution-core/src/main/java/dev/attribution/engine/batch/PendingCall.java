package dev.attribution.engine.batch;

import dev.attribution.StorageException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call of one caller: on the caller's own thread, which waits, or for a stage. */
public final class PendingCall<I, O> {
    /** Where a call stands. It changes under the combiner's lock. */
    enum State {
        WAITING,
        IN_BATCH,
        WRITER,
        DONE,
        /** Its thread left before the end. */
        ABANDONED
    }

    private final I input;
    private final @Nullable HostExecutor executor;
    private final @Nullable Completion<O> completion;
    private final @Nullable Semaphore signal; // of a thread

    private volatile State state = State.WAITING;
    private @Nullable O outcome;
    private @Nullable Throwable failure;

    private PendingCall(I input, @Nullable HostExecutor executor, @Nullable Completion<O> completion) {
        this.input = input;
        this.executor = executor;
        this.completion = completion;
        this.signal = executor == null ? new Semaphore(0) : null;
    }

    static <I, O> PendingCall<I, O> ofThread(I input) {
        return new PendingCall<>(input, null, null);
    }

    static <I, O> PendingCall<I, O> ofStage(I input, HostExecutor executor, Completion<O> completion) {
        return new PendingCall<>(input, executor, completion);
    }

    /** {@return what the caller wants written} */
    public I input() {
        return input;
    }

    /** Sets the outcome that the caller gets when the batch ends. */
    public void succeed(O with) {
        outcome = with;
    }

    /** Sets the failure that the caller gets when the batch ends. */
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

    /** {@return whether a thread waits for the end, and could write} */
    boolean isParked() {
        return executor == null;
    }

    HostExecutor executor() {
        if (executor == null) {
            throw new IllegalStateException("Only a stage has an executor");
        }
        return executor;
    }

    State state() {
        return state;
    }

    void become(State next) {
        state = next;
    }

    /**
     * Waits until this call is its thread's to write, or has ended.
     *
     * @return false if the time was up
     */
    boolean await(Duration most) throws InterruptedException {
        Semaphore own = Objects.requireNonNull(signal, "only a thread waits");
        if (most.equals(Combiner.NO_LIMIT)) {
            own.acquire();
            return true;
        }
        return own.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Tells the caller that this call is its thread's to write, or has ended. */
    void wake() {
        if (signal != null) {
            signal.release();
        } else if (completion != null && state == State.DONE) {
            completion.complete(outcome, failure);
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
        throw new IllegalStateException("A call ended without an outcome", failure);
    }
}
