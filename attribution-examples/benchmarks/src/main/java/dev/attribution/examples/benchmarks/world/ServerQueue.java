package dev.attribution.examples.benchmarks.world;

/**
 * A queue before some processors that share all operations, first come, first served: an approximation, exact for one processor.
 * Not thread-safe.
 */
final class ServerQueue {
    private static final int STEPS = 3; // each power of two is cut into 2^3 buckets

    private final int processors;
    private final long[] buckets = new long[Long.SIZE << STEPS];
    private double left; // nanoseconds until all that has come is done
    private double last;
    private long count;

    ServerQueue(int processors) {
        this.processors = processors;
    }

    int processors() {
        return processors;
    }

    /**
     * Adds an operation.
     *
     * @param time when it comes, in nanoseconds
     * @param nanos the processor time that it takes
     */
    void add(double time, double nanos) {
        left = Math.max(0, left - (time - last));
        last = time;
        buckets[bucket((long) left)]++;
        count++;
        left += nanos / processors;
    }

    private static int bucket(long nanos) {
        long some = Math.max(nanos, 1L << STEPS);
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(some);
        return (power << STEPS) | ((int) (some >>> (power - STEPS)) & ((1 << STEPS) - 1));
    }

    /** The milliseconds within which 99 of 100 operations were begun. */
    double p99() {
        long below = 0;
        for (int i = 0; i < buckets.length; i++) {
            below += buckets[i];
            if (below >= count - count / 100) {
                int power = i >>> STEPS;
                long step = i & ((1 << STEPS) - 1);
                return ((1L << STEPS | step) + 1) * Math.scalb(1.0, power - STEPS) / 1e6;
            }
        }
        return Double.NaN;
    }
}
