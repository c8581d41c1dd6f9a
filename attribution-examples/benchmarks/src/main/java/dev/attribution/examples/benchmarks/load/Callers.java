package dev.attribution.examples.benchmarks.load;

import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** Threads that each call, wait for the answer, and call again. */
public final class Callers {
    private Callers() {}

    /** A call. */
    @FunctionalInterface
    public interface Call {
        /**
         * Calls, and waits for the answer.
         *
         * @return how much was done; 0 if there is nothing left to do
         * @throws Exception if that fails, and with it the benchmark
         */
        int run() throws Exception;
    }

    /**
     * Returns a turn of platform threads.
     *
     * @param count how many
     * @param call what they call
     * @return the turn
     */
    public static Contestant.Turn threads(int count, Call call) {
        return duration -> run(count, Thread::new, duration, call);
    }

    /**
     * Returns a turn of virtual threads.
     *
     * @param count how many
     * @param call what they call
     * @return the turn, or empty where Java has no virtual threads
     */
    public static Optional<Contestant.Turn> virtualThreads(int count, Call call) {
        return VirtualThreads.factory().map(factory -> duration -> run(count, factory, duration, call));
    }

    private static Map<Metric, Double> run(int count, ThreadFactory factory, Duration duration, Call call)
            throws InterruptedException, ExecutionException {
        Latencies latencies = new Latencies();
        AtomicLong done = new AtomicLong();
        CountDownLatch gate = new CountDownLatch(1);
        Callable<Boolean> caller = () -> {
            gate.await();
            long end = System.nanoTime() + duration.toNanos();
            for (long before = System.nanoTime(); before < end; ) {
                int some = call.run();
                if (some == 0) {
                    return false;
                }
                long now = System.nanoTime();
                latencies.add(now - before);
                done.addAndGet(some);
                before = now;
            }
            return true;
        };
        List<FutureTask<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            FutureTask<Boolean> task = new FutureTask<>(caller);
            tasks.add(task);
            factory.newThread(task).start();
        }
        long begin = System.nanoTime();
        gate.countDown();
        for (FutureTask<Boolean> task : tasks) {
            task.get();
        }
        return latencies.measured(done.get(), System.nanoTime() - begin);
    }
}
