package dev.attribution.examples.benchmarks.measure;

import java.time.Duration;
import java.util.List;

/**
 * How much is measured.
 *
 * @param rounds how many rounds count
 * @param duration how long a contestant has in each
 * @param stored how many clicks are stored already, where that matters
 * @param grown how many rows a store has when it has grown
 * @param statistics what the planners of databases know, one after the other
 * @param warm whether a round that does not count comes first, and everything else that steadies figures is done
 */
public record Plan(int rounds, Duration duration, int stored, int grown, List<Statistics> statistics, boolean warm) {
    /** Creates a plan. */
    public Plan {
        if (rounds < 1 || stored < 1 || grown < 1 || duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("rounds, seconds, stored and grown must be positive");
        }
        statistics = List.copyOf(statistics);
    }

    /**
     * Reads a plan.
     *
     * @param options any of {@code rounds=5}, {@code seconds=1}, {@code stored=200000}, {@code grown=1000000} and
     *     {@code statistics=all}, which are the defaults
     * @return the plan
     * @throws IllegalArgumentException if an option is something else
     */
    public static Plan parse(Iterable<String> options) {
        int rounds = 5;
        double seconds = 1;
        int stored = 200_000;
        int grown = 1_000_000;
        String statistics = "all";
        for (String option : options) {
            String value = option.substring(option.indexOf('=') + 1);
            switch (option.substring(0, option.length() - value.length())) {
                case "rounds=" -> rounds = Integer.parseInt(value);
                case "seconds=" -> seconds = Double.parseDouble(value);
                case "stored=" -> stored = Integer.parseInt(value);
                case "grown=" -> grown = Integer.parseInt(value);
                case "statistics=" -> statistics = value;
                default ->
                    throw new IllegalArgumentException(
                            "Not rounds=…, seconds=…, stored=…, grown=… or statistics=…: " + option);
            }
        }
        return new Plan(
                rounds,
                Duration.ofMillis(Math.round(seconds * 1000)),
                stored,
                grown,
                Statistics.parse(statistics),
                true);
    }
}
