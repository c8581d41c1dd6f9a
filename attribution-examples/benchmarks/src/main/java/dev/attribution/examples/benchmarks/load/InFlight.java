package dev.attribution.examples.benchmarks.load;

import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** One thread that starts a call whenever fewer than so many are unanswered. */
public final class InFlight {
    private InFlight() {}

    /**
     * Returns a turn of asynchronous calls.
     *
     * @param most how many are under way at once
     * @param call starts one; empty if there is nothing left to do
     * @return the turn
     */
    public static Contestant.Turn of(int most, Supplier<Optional<? extends CompletionStage<?>>> call) {
        return duration -> run(most, duration, call);
    }

    private static Map<Metric, Double> run(
            int most, Duration duration, Supplier<Optional<? extends CompletionStage<?>>> call)
            throws InterruptedException {
        Latencies latencies = new Latencies();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Semaphore free = new Semaphore(most);
        long started = 0;
        long begin = System.nanoTime();
        long end = begin + duration.toNanos();
        while (System.nanoTime() < end && failure.get() == null) {
            free.acquire();
            long before = System.nanoTime();
            Optional<? extends CompletionStage<?>> answer = call.get();
            if (answer.isEmpty()) {
                free.release();
                break;
            }
            started++;
            var unused = answer.get().whenComplete((value, thrown) -> {
                latencies.add(System.nanoTime() - before);
                if (thrown != null) {
                    failure.set(thrown);
                }
                free.release();
            });
        }
        free.acquire(most);
        if (failure.get() != null) {
            throw new IllegalStateException("An asynchronous call failed", failure.get());
        }
        return latencies.measured(started, System.nanoTime() - begin);
    }
}
