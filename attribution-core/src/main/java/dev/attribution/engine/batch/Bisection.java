package dev.attribution.engine.batch;

import dev.attribution.StorageException;
import java.util.List;
import java.util.function.Consumer;

/** Finds the calls that make a whole list fail, by halves. */
public final class Bisection {
    private Bisection() {}

    /**
     * Writes all calls of a list, or fails those that cannot be written. What is wrong with the data of one call must not
     * fail the others; an outage is the same for all, and is not tried again.
     */
    public static <I, O> void run(List<PendingCall<I, O>> calls, Consumer<List<PendingCall<I, O>>> write) {
        if (calls.isEmpty()) {
            return;
        }
        try {
            write.accept(calls);
        } catch (RuntimeException e) {
            if (calls.size() == 1 || isOutage(e)) {
                calls.forEach(call -> call.failWithOthers(e, calls.size() == 1));
            } else {
                int half = calls.size() / 2;
                run(calls.subList(0, half), write);
                run(calls.subList(half, calls.size()), write);
            }
        }
    }

    private static boolean isOutage(RuntimeException e) {
        return e instanceof StorageException storage && storage.isTransient();
    }
}
