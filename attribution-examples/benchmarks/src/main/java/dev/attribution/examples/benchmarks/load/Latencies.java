package dev.attribution.examples.benchmarks.load;

import dev.attribution.examples.benchmarks.measure.Metric;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long calls took, in a histogram whose buckets are 3 % wide: what matters here are percentiles. Thread-safe.
 */
final class Latencies {
    private static final int STEPS = 5; // each power of two is cut into 2^5 buckets

    private final AtomicLongArray buckets = new AtomicLongArray(Long.SIZE << STEPS);

    void add(long nanos) {
        buckets.getAndIncrement(bucket(Math.max(nanos, 1L << STEPS)));
    }

    private static int bucket(long nanos) {
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
        int step = (int) (nanos >>> (power - STEPS)) & ((1 << STEPS) - 1);
        return power << STEPS | step;
    }

    private static double millisOf(int bucket) {
        int power = bucket >>> STEPS;
        long step = bucket & ((1 << STEPS) - 1);
        return ((1L << STEPS | step) + 0.5) * Math.scalb(1.0, power - STEPS) / 1e6;
    }

    /** The metrics of all calls, which did so much in so much time. */
    Map<Metric, Double> measured(long done, long elapsedNanos) {
        long calls = 0;
        for (int i = 0; i < buckets.length(); i++) {
            calls += buckets.get(i);
        }
        if (calls == 0) {
            throw new IllegalStateException("Not one call was answered: give the contestants more time");
        }
        Map<Metric, Double> measured = new EnumMap<>(Metric.class);
        measured.put(Metric.RATE, done * 1e9 / elapsedNanos);
        measured.put(Metric.COST, elapsedNanos / 1e3 / done);
        measured.put(Metric.P50, percentile(calls / 2));
        measured.put(Metric.P99, percentile(calls - 1 - calls / 100));
        return measured;
    }

    private double percentile(long rank) {
        long below = 0;
        for (int i = 0; i < buckets.length(); i++) {
            below += buckets.get(i);
            if (below > rank) {
                return millisOf(i);
            }
        }
        return Double.NaN;
    }
}
