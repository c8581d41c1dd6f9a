package dev.attribution.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** A race of threads that all leave one gate together, as postbacks do that arrive at the same moment. */
public final class Race {
    private Race() {}

    /**
     * Runs a task on several threads and waits for all of them.
     *
     * @param threads the number of threads, at least 1
     * @param task the task, which gets the number of its thread, starting with 0
     * @return the results in the order of the threads
     * @param <T> the type of a result
     * @throws InterruptedException if this thread is interrupted while it waits
     * @throws AssertionError if the task throws on a thread
     */
    public static <T> List<T> run(int threads, IntFunction<T> task) throws InterruptedException {
        return run(IntStream.range(0, threads)
                .<Callable<T>>mapToObj(thread -> () -> task.apply(thread))
                .toList());
    }

    // which ends with the tests even if a task never does
    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "race");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Runs each task on its own thread and waits for all of them.
     *
     * @param tasks the tasks, at least one
     * @return the results in the order of the tasks
     * @param <T> the type of a result
     * @throws InterruptedException if this thread is interrupted while it waits
     * @throws AssertionError if a task throws
     */
    public static <T> List<T> run(List<Callable<T>> tasks) throws InterruptedException {
        CyclicBarrier gate = new CyclicBarrier(tasks.size());
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size(), Race::daemon);
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (Callable<T> task : tasks) {
                futures.add(threads.submit(() -> {
                    gate.await();
                    return task.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new AssertionError("A racing call raised " + e.getCause(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
