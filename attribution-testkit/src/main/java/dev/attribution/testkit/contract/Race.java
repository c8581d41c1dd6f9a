package dev.attribution.testkit.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Threads that leave one gate together. */
final class Race {
    private Race() {}

    /** Runs a task on each of {@value AttributionStoreContract#THREADS} threads and returns what each of them got. */
    static <T> List<T> of(IntFunction<T> task) throws InterruptedException {
        List<Supplier<T>> tasks = new ArrayList<>();
        for (int i = 0; i < AttributionStoreContract.THREADS; i++) {
            int thread = i;
            tasks.add(() -> task.apply(thread));
        }
        return of(tasks);
    }

    /** Runs each task on a thread of its own and returns what each of them got. */
    static <T> List<T> of(List<Supplier<T>> tasks) throws InterruptedException {
        CyclicBarrier gate = new CyclicBarrier(tasks.size());
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (Supplier<T> task : tasks) {
                futures.add(threads.submit(() -> {
                    gate.await();
                    return task.get();
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
