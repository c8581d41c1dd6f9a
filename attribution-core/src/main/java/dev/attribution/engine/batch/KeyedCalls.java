package dev.attribution.engine.batch;

import dev.attribution.AttributionException;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Calls that are combined only with calls of an equal key, such as the tenant by which a pool chooses the connection. A call
 * has the key of the thread that makes it, and is written on threads of this key alone.
 */
public final class KeyedCalls<I, O> implements Calls<I, O> {
    private static final int MAX_KEYS = 10_000;

    private final Supplier<Object> keys;
    private final BatchWriter<I, O> writer;
    private final Function<BatchWriter<I, O>, Calls<I, O>> combined;
    private final ConcurrentHashMap<Object, Calls<I, O>> byKey = new ConcurrentHashMap<>();

    /**
     * Creates calls.
     *
     * @param keys returns the key of the current thread
     * @param combined makes the calls of one key
     */
    public KeyedCalls(
            Supplier<Object> keys, BatchWriter<I, O> writer, Function<BatchWriter<I, O>, Calls<I, O>> combined) {
        this.keys = keys;
        this.writer = writer;
        this.combined = combined;
    }

    @Override
    public O call(I input) {
        return callsOf(keys.get()).call(input);
    }

    @Override
    public void submit(I input, HostExecutor executor, Completion<O> completion) {
        Calls<I, O> calls;
        try {
            calls = callsOf(keys.get());
        } catch (Throwable e) { // the stage must end
            completion.complete(null, e);
            return;
        }
        calls.submit(input, executor, completion);
    }

    @Override
    public int waiting() {
        int sum = 0;
        for (Calls<I, O> calls : byKey.values()) {
            sum += calls.waiting();
        }
        return sum;
    }

    /** Returns the calls of a key. Calls of very many keys are not worth combining, and are not remembered. */
    private Calls<I, O> callsOf(Object key) {
        Calls<I, O> known = byKey.get(key);
        if (known != null) {
            return known;
        }
        return byKey.size() >= MAX_KEYS
                ? new DirectCalls<>(writer)
                : byKey.computeIfAbsent(
                        key,
                        added -> combined.apply(batch -> {
                            requireSame(added, keys.get());
                            writer.write(batch);
                        }));
    }

    /** Refuses to continue on a thread of another key. */
    public static void requireSame(Object key, Object here) {
        if (!Objects.equals(key, here)) {
            throw new AttributionException("A call would be written on a thread whose combining key is not that of the"
                    + " caller, so in another place. Nothing was written. Give the façade an executor that hands the"
                    + " caller's context, such as its tenant, on to its threads.");
        }
    }
}
