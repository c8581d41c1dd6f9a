package dev.attribution.examples.benchmarks.measure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was measured of one contestant, round by round. */
final class Series {
    private final String contestant;
    private final Map<Metric, List<Double>> values = new EnumMap<>(Metric.class);

    Series(String contestant) {
        this.contestant = contestant;
    }

    void add(Map<Metric, Double> round) {
        round.forEach((metric, value) ->
                values.computeIfAbsent(metric, unused -> new ArrayList<>()).add(value));
    }

    String contestant() {
        return contestant;
    }

    Set<Metric> metrics() {
        return values.keySet();
    }

    /** The metric that decides who is best. */
    Metric first() {
        return values.keySet().iterator().next();
    }

    /** The values of a metric; empty if it was not measured. */
    List<Double> of(Metric metric) {
        return values.getOrDefault(metric, List.of());
    }

    Spread spread(Metric metric) {
        return Spread.of(of(metric));
    }

    /**
     * The middle of some values, and their ends.
     *
     * @param median the middle one
     * @param least the least
     * @param most the greatest
     */
    record Spread(double median, double least, double most) {
        static Spread of(Collection<Double> values) {
            double[] sorted =
                    values.stream().mapToDouble(value -> value).sorted().toArray();
            if (sorted.length == 0) {
                return new Spread(Double.NaN, Double.NaN, Double.NaN);
            }
            double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
            return new Spread(median, sorted[0], sorted[sorted.length - 1]);
        }
    }
}
