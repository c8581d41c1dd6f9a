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
 * @param clicks how many clicks a load has
 * @param perDay the clicks a day to which a simulated load is scaled
 * @param statistics what the planners of databases know, one after the other
 * @param warm whether a round that does not count comes first, and everything else that steadies figures is done
 */
public record Plan(
        int rounds,
        Duration duration,
        int stored,
        int grown,
        long clicks,
        long perDay,
        List<Statistics> statistics,
        boolean warm) {
    /** Creates a plan. */
    public Plan {
        if (rounds < 1
                || stored < 1
                || grown < 1
                || clicks < 1
                || perDay < 1
                || duration.isNegative()
                || duration.isZero()) {
            throw new IllegalArgumentException("rounds, seconds, stored, grown, clicks and perday must be positive");
        }
        statistics = List.copyOf(statistics);
    }

    /**
     * Reads a plan.
     *
     * @param options any of {@code rounds=5}, {@code seconds=1}, {@code stored=200000}, {@code grown=1000000},
     *     {@code clicks=100000}, {@code perday=1000000000} and {@code statistics=all}, which are the defaults
     * @return the plan
     * @throws IllegalArgumentException if an option is something else
     */
    public static Plan parse(Iterable<String> options) {
        int rounds = 5;
        double seconds = 1;
        int stored = 200_000;
        int grown = 1_000_000;
        long clicks = 100_000;
        long perDay = 1_000_000_000;
        String statistics = "all";
        for (String option : options) {
            String value = option.substring(option.indexOf('=') + 1);
            switch (option.substring(0, option.length() - value.length())) {
                case "rounds=" -> rounds = Integer.parseInt(value);
                case "seconds=" -> seconds = Double.parseDouble(value);
                case "stored=" -> stored = Integer.parseInt(value);
                case "grown=" -> grown = Integer.parseInt(value);
                case "clicks=" -> clicks = Long.parseLong(value);
                case "perday=" -> perDay = Long.parseLong(value);
                case "statistics=" -> statistics = value;
                default ->
                    throw new IllegalArgumentException(
                            "Not rounds=…, seconds=…, stored=…, grown=…, clicks=…, perday=… or statistics=…: "
                                    + option);
            }
        }
        return new Plan(
                rounds,
                Duration.ofMillis(Math.round(seconds * 1000)),
                stored,
                grown,
                clicks,
                perDay,
                Statistics.parse(statistics),
                true);
    }
}
