package dev.attribution.engine.batch;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import java.util.List;
import java.util.function.Consumer;

/** Finds, by halves, what makes a whole list fail. */
public final class Bisection {
    private Bisection() {}

    /**
     * Does a write for all tasks of a list, or fails those that cannot be written. What is wrong with one task's data must
     * not cost the others theirs; an outage is the same for all, and is not tried again.
     */
    public static <I, O> void run(List<PendingCall<I, O>> tasks, Consumer<List<PendingCall<I, O>>> write) {
        if (tasks.isEmpty()) {
            return;
        }
        try {
            write.accept(tasks);
        } catch (AttributionException e) {
            if (tasks.size() == 1 || isOutage(e)) {
                tasks.forEach(task -> task.failWithOthers(e, tasks.size() == 1));
            } else {
                int half = tasks.size() / 2;
                run(tasks.subList(0, half), write);
                run(tasks.subList(half, tasks.size()), write);
            }
        }
    }

    private static boolean isOutage(AttributionException e) {
        return e instanceof StorageException storage && storage.isTransient();
    }
}
