package dev.attribution.examples.benchmarks.measure;

/**
 * A named thing to measure.
 *
 * @param name what the command line calls it
 * @param title what it measures
 * @param body measures it
 */
public record Benchmark(String name, String title, Body body) {
    /** What a benchmark does. */
    @FunctionalInterface
    public interface Body {
        /**
         * Measures.
         *
         * @param run takes the comparisons
         * @throws Exception if something fails
         */
        void measure(Run run) throws Exception;
    }
}
