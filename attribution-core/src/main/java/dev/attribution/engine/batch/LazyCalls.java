package dev.attribution.engine.batch;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls that ask the store how to run only when the first of them comes. A failure to ask is not remembered. */
public final class LazyCalls<I, O> implements Calls<I, O> {
    private final Supplier<Calls<I, O>> make;
    private final AtomicReference<@Nullable Calls<I, O>> made = new AtomicReference<>();

    /**
     * Creates calls.
     *
     * @param make asks the store; only one of the calls that it returns is used
     */
    public LazyCalls(Supplier<Calls<I, O>> make) {
        this.make = make;
    }

    private Calls<I, O> made() {
        Calls<I, O> known = made.get();
        if (known != null) {
            return known;
        }
        Calls<I, O> ours = make.get();
        Calls<I, O> first = made.compareAndExchange(null, ours);
        return first == null ? ours : first;
    }

    @Override
    public O call(I input) {
        return made().call(input);
    }

    @Override
    public void submit(I input, HostExecutor executor, Completion<O> completion) {
        Calls<I, O> calls;
        try {
            calls = made();
        } catch (Throwable e) { // the stage must end
            completion.complete(null, e);
            return;
        }
        calls.submit(input, executor, completion);
    }

    @Override
    public int waiting() {
        Calls<I, O> known = made.get();
        return known == null ? 0 : known.waiting();
    }
}
