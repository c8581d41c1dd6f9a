package dev.attribution.examples.benchmarks.measure;

import java.time.Duration;
import java.util.Map;

/**
 * One way to do what is compared.
 *
 * @param name what tables, charts and targets call it
 * @param preparation what precedes each of its turns, untimed
 * @param turn does it for a while
 */
public record Contestant(String name, Preparation preparation, Turn turn) {
    /**
     * Returns a contestant whose figure is known from an earlier measurement, such as that of another version.
     *
     * @param name what tables, charts and targets call it
     * @param metric what was measured
     * @param value the figure
     * @return the contestant
     */
    public static Contestant known(String name, Metric metric, double value) {
        return new Contestant(name, () -> {}, duration -> Map.of(metric, value));
    }

    /** What precedes a turn. */
    @FunctionalInterface
    public interface Preparation {
        /**
         * Prepares.
         *
         * @throws Exception if that fails, and with it the benchmark
         */
        void run() throws Exception;
    }

    /** One contestant's part of a round. */
    @FunctionalInterface
    public interface Turn {
        /**
         * Does it, and measures.
         *
         * @param duration how long
         * @return what was measured
         * @throws Exception if that fails, and with it the benchmark
         */
        Map<Metric, Double> run(Duration duration) throws Exception;
    }
}
