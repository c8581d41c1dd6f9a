package dev.attribution.engine.batch;

import dev.attribution.OverloadedException;
import dev.attribution.StorageException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Combines what concurrent callers want written into batches, so that many share one commit.
 *
 * <p>A caller that finds a writer's place free writes its own call immediately. Otherwise the call waits in a queue. A writer
 * writes one batch, with its own call in it, and then hands its place to the caller that has waited longest, whatever was
 * raised. There is no thread and no timer: a batch is what arrived while the one before it was written.
 *
 * <p>A caller waits at most a limited time, and gives up when it is interrupted. A call that no batch holds yet is not written
 * then; of a call that a writer holds the exception says that it may be.
 */
public final class Combiner<I, O> implements Calls<I, O> {
    /** Of calls that concern the same thing, so many are written in one batch if others wait, too. */
    private static final int FAIR_SHARE = 64;

    /** For {@link Limits#maxWait()}: callers wait as long as it takes. */
    public static final Duration NO_LIMIT = Duration.ofSeconds(Long.MAX_VALUE);

    private final BatchWriter<I, O> batchWriter;
    private final Limits limits;
    private final @Nullable Function<? super I, ?> subject;
    private final Reentrance reentrance;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<PendingCall<I, O>> waiting = new ArrayDeque<>(); // guarded by lock, as are the next two
    private int parked;
    private int writing;

    /**
     * How much a combiner does.
     *
     * @param maxWriters how many batches may be written at the same time, at least 1
     * @param maxWait how long a caller waits for a writer
     * @param stackReserve how many frames of stack must be left when a call begins
     */
    public record Limits(int maxWriters, int maxBatchSize, int maxWaiting, Duration maxWait, int stackReserve) {}

    /**
     * Creates a combiner.
     *
     * @param subject what a call concerns: many calls of one subject do not hold up the calls of others; {@code null} if no two
     *     calls concern the same
     */
    public Combiner(
            BatchWriter<I, O> batchWriter,
            Limits limits,
            @Nullable Function<? super I, ?> subject,
            Reentrance reentrance) {
        this.batchWriter = batchWriter;
        this.limits = limits;
        this.subject = subject;
        this.reentrance = reentrance;
    }

    /**
     * {@inheritDoc}
     *
     * @throws OverloadedException if too many wait already
     * @throws StorageException if the wait was too long, or interrupted
     */
    @Override
    public O call(I input) {
        reentrance.refuse();
        reserveStack(limits.stackReserve());
        PendingCall<I, O> own = PendingCall.ofThread(input);
        boolean interrupted = false;
        try {
            if (!acquirePlaceOrEnqueue(own)) {
                interrupted = await(own);
            }
            if (own.state() == PendingCall.State.WRITER) {
                interrupted |= Thread.interrupted(); // an interrupt must not tear what reaches the disk
                writeUntilDone(own);
            }
        } finally {
            if (own.state() == PendingCall.State.WRITER) {
                giveUpPlace(own);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return own.get();
    }

    @Override
    public void submit(I input, HostExecutor executor, Completion<O> completion) {
        PendingCall<I, O> call = PendingCall.ofStage(input, executor, completion);
        boolean isPlaceFree;
        try {
            reentrance.refuse();
            lock.lock();
            try {
                refuseBeyondLimit();
                waiting.add(call);
                isPlaceFree = writing < limits.maxWriters();
            } finally {
                lock.unlock();
            }
        } catch (Throwable e) { // the stage must end
            completion.complete(null, e);
            return;
        }
        if (isPlaceFree) {
            dispatchWaiting(); // not here: what arrives on this thread's executor meanwhile counts against the limit
        }
    }

    @Override
    public int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Runs out of stack here, where nothing is held, rather than where a place would be lost. */
    private static int reserveStack(int frames) {
        return frames == 0 ? 0 : reserveStack(frames - 1) + 1;
    }

    private boolean acquirePlaceOrEnqueue(PendingCall<I, O> call) {
        lock.lock();
        try {
            if (writing < limits.maxWriters()) {
                writing++;
                call.become(PendingCall.State.WRITER);
                return true;
            }
            refuseBeyondLimit();
            waiting.add(call);
            parked++;
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void refuseBeyondLimit() {
        if (waiting.size() >= limits.maxWaiting()) {
            throw new OverloadedException(
                    limits.maxWaiting()
                            + " calls wait for the store already: it does not keep up, or is not available. Nothing was"
                            + " written; answer with a 503, or call again later.",
                    null);
        }
    }

    /** {@return whether the thread was interrupted when it was too late to give up} */
    private boolean await(PendingCall<I, O> own) {
        try {
            if (!own.await(limits.maxWait())) {
                abandon(own, "No writer came to this call within " + limits.maxWait());
            }
            return false;
        } catch (InterruptedException e) {
            try {
                abandon(own, "The thread was interrupted while it waited for a writer");
            } catch (StorageException abandoned) {
                Thread.currentThread().interrupt();
                throw abandoned;
            }
            return true;
        }
    }

    /** Gives up waiting, unless the call has ended or is its thread's to write. */
    private void abandon(PendingCall<I, O> own, String cause) {
        boolean isInBatch;
        lock.lock();
        try {
            if (own.state() == PendingCall.State.WRITER || own.state() == PendingCall.State.DONE) {
                return;
            }
            isInBatch = own.state() == PendingCall.State.IN_BATCH;
            if (waiting.remove(own)) {
                parked--;
            }
            own.become(PendingCall.State.ABANDONED);
        } finally {
            lock.unlock();
        }
        throw new StorageException(
                cause
                        + (isInBatch
                                ? ". A writer holds the call, so that it may still be written: a postback may be repeated,"
                                        + " and ends as a duplicate then; do not redirect for a click, click again."
                                : ". Nothing was written; answer with a 503, or call again later."),
                true,
                null);
    }

    private void writeUntilDone(PendingCall<I, O> own) {
        while (own.state() == PendingCall.State.WRITER) {
            List<PendingCall<I, O>> batch = takeBatch(own);
            try {
                reentrance.enter();
                batchWriter.write(batch);
            } catch (Throwable e) { // an Error, too, must leave no one waiting
                batch.stream().filter(call -> !call.isSettled()).forEach(call -> call.failWithOthers(e, call == own));
            } finally {
                reentrance.leave();
                finish(own, batch);
            }
        }
    }

    /** Takes the oldest calls, but of each subject no more than its share while others wait. */
    private List<PendingCall<I, O>> takeBatch(PendingCall<I, O> own) {
        lock.lock();
        try {
            List<PendingCall<I, O>> batch = new ArrayList<>(Math.min(limits.maxBatchSize(), waiting.size() + 1));
            List<PendingCall<I, O>> passedOver = new ArrayList<>();
            Map<Object, Integer> shares = new HashMap<>();
            Function<? super I, ?> limited = waiting.size() > FAIR_SHARE ? subject : null;
            batch.add(own);
            while (batch.size() < limits.maxBatchSize() && !waiting.isEmpty()) {
                PendingCall<I, O> next = waiting.remove();
                if (limited != null && shares.merge(limited.apply(next.input()), 1, Integer::sum) > FAIR_SHARE) {
                    passedOver.add(next);
                } else {
                    parked -= next.isParked() ? 1 : 0;
                    next.become(PendingCall.State.IN_BATCH);
                    batch.add(next);
                }
            }
            for (int i = passedOver.size() - 1; i >= 0; i--) {
                waiting.addFirst(passedOver.get(i));
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Hands the place over, unless the writer's own call must be written again, and tells the callers that are done. */
    private void finish(PendingCall<I, O> own, List<PendingCall<I, O>> batch) {
        List<PendingCall<I, O>> told = new ArrayList<>(batch.size() + 1);
        boolean isOwnDone = own.isSettled();
        lock.lock();
        try {
            for (int i = batch.size() - 1; i > 0; i--) {
                PendingCall<I, O> call = batch.get(i);
                if (call.state() == PendingCall.State.ABANDONED) {
                    continue;
                }
                if (call.isSettled()) {
                    call.become(PendingCall.State.DONE);
                    told.add(call);
                } else {
                    call.become(PendingCall.State.WAITING);
                    waiting.addFirst(call);
                    parked += call.isParked() ? 1 : 0;
                }
            }
            if (isOwnDone) {
                own.become(PendingCall.State.DONE);
                PendingCall<I, O> next = successor();
                if (next != null) {
                    told.add(0, next);
                }
                if (!own.isParked()) {
                    told.add(own);
                }
            }
        } finally {
            lock.unlock();
        }
        HostExecutor.run(() -> told.forEach(PendingCall::wake));
        if (isOwnDone) {
            dispatchWaiting();
        }
    }

    private void giveUpPlace(PendingCall<I, O> own) {
        PendingCall<I, O> next;
        lock.lock();
        try {
            own.become(PendingCall.State.ABANDONED);
            next = successor();
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.wake();
        }
        dispatchWaiting();
    }

    /** Gives the place to the thread that has waited longest, or leaves it free. */
    private @Nullable PendingCall<I, O> successor() {
        if (parked > 0) {
            for (Iterator<PendingCall<I, O>> calls = waiting.iterator(); calls.hasNext(); ) {
                PendingCall<I, O> call = calls.next();
                if (call.isParked()) {
                    calls.remove();
                    parked--;
                    call.become(PendingCall.State.WRITER);
                    return call;
                }
            }
        }
        writing--;
        return null;
    }

    /** If only stages wait, asks the executor of the oldest for a thread. */
    private void dispatchWaiting() {
        for (PendingCall<I, O> oldest = oldestWithFreePlace(); oldest != null; oldest = oldestWithFreePlace()) {
            try {
                oldest.executor().execute(this::writeForTheOldest);
                return;
            } catch (Throwable e) { // an executor may raise anything
                fail(oldest, e);
            }
        }
    }

    private @Nullable PendingCall<I, O> oldestWithFreePlace() {
        lock.lock();
        try {
            PendingCall<I, O> oldest = waiting.peek();
            return oldest == null || oldest.isParked() || writing >= limits.maxWriters() ? null : oldest;
        } finally {
            lock.unlock();
        }
    }

    private void fail(PendingCall<I, O> stage, Throwable rejection) {
        lock.lock();
        try {
            if (!waiting.remove(stage)) {
                return; // a writer has it
            }
            stage.fail(HostStage.rejected(rejection));
            stage.become(PendingCall.State.DONE);
        } finally {
            lock.unlock();
        }
        stage.wake();
    }

    // A place is taken only when the executor runs this: what it drops must not keep others waiting
    private void writeForTheOldest() {
        reserveStack(limits.stackReserve());
        PendingCall<I, O> oldest;
        lock.lock();
        try {
            if (writing >= limits.maxWriters() || waiting.isEmpty()) {
                return;
            }
            writing++;
            oldest = successor(); // a thread, if one waits
            if (oldest == null) {
                writing++;
                oldest = waiting.remove();
                oldest.become(PendingCall.State.WRITER);
            }
        } finally {
            lock.unlock();
        }
        if (oldest.isParked()) {
            oldest.wake();
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            writeUntilDone(oldest);
        } catch (Throwable e) { // the stage must end
            oldest.fail(e);
        } finally {
            if (oldest.state() == PendingCall.State.WRITER) {
                endAndGiveUpPlace(oldest);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void endAndGiveUpPlace(PendingCall<I, O> stage) {
        try {
            giveUpPlace(stage);
        } finally {
            stage.become(PendingCall.State.DONE);
            stage.wake();
        }
    }
}
