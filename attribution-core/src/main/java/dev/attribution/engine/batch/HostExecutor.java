package dev.attribution.engine.batch;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The host's executor, as the library uses it: nothing that it runs is nested in something that it ran. An executor may run a
 * task on the thread that hands it over; a task that arrives while another one runs on the same thread is run after it, so
 * that a long chain of stages needs no deep stack, and no code of the host runs in the middle of the library's.
 */
public final class HostExecutor implements Executor {
    /** What the current thread has still to run, while it runs something; else absent. */
    private static final ThreadLocal<@Nullable ArrayDeque<Runnable>> NEXT = new ThreadLocal<>();

    private final Executor executor;

    /** Creates a view of the host's executor. */
    public HostExecutor(Executor executor) {
        this.executor = executor;
    }

    /** Hands a task to the host's executor. Raises whatever the executor raises. */
    @Override
    public void execute(Runnable task) {
        executor.execute(() -> run(task));
    }

    /** Runs a task on the current thread, or after the one that it runs now. */
    static void run(Runnable task) {
        ArrayDeque<Runnable> running = NEXT.get();
        if (running != null) {
            running.add(task);
            return;
        }
        ArrayDeque<Runnable> next = new ArrayDeque<>(2);
        NEXT.set(next);
        Throwable raised = null;
        try {
            for (Runnable current = task; current != null; current = next.poll()) {
                try {
                    current.run();
                } catch (Throwable e) { // must not cost the other tasks their run
                    raised = raised == null ? e : raised;
                }
            }
        } finally {
            NEXT.remove();
        }
        if (raised instanceof Error error) {
            throw error;
        }
        if (raised instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** Runs what the current thread has still to run: called before the thread waits for one of these tasks. */
    static void runOutstanding() {
        ArrayDeque<Runnable> next = NEXT.get();
        if (next != null) {
            runAll(next);
        }
    }

    private static void runAll(ArrayDeque<Runnable> tasks) {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }
}
