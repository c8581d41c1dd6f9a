package dev.attribution.engine.batch;

import java.util.List;

/** Writes every call by itself, on its caller's thread: in the host's transaction, or with a handler of the host's. */
public final class DirectCalls<I, O> implements Calls<I, O> {
    private final BatchWriter<I, O> writer;

    /** Creates calls that are written one by one. */
    public DirectCalls(BatchWriter<I, O> writer) {
        this.writer = writer;
    }

    @Override
    public O call(I input) {
        PendingCall<I, O> call = PendingCall.ofThread(input);
        while (!call.isSettled()) {
            writer.write(List.of(call));
        }
        return call.get();
    }

    @Override
    public int waiting() {
        return 0;
    }

    @Override
    public void submit(I input, HostExecutor executor, Completion<O> completion) {
        O outcome;
        try {
            outcome = call(input);
        } catch (Throwable e) { // the stage must end
            completion.complete(null, e);
            return;
        }
        completion.complete(outcome, null);
    }
}
