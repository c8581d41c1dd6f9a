package dev.attribution.examples.benchmarks.measure;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param rounds how many rounds count
 * @param duration how long a contestant has in each
 * @param stored how many clicks are stored already, where that matters
 * @param warm whether a round that does not count comes first, and everything else that steadies figures is done
 */
public record Plan(int rounds, Duration duration, int stored, boolean warm) {
    /** Creates a plan. */
    public Plan {
        if (rounds < 1 || stored < 1 || duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("rounds, seconds and stored must be positive");
        }
    }

    /**
     * Reads a plan.
     *
     * @param options any of {@code rounds=3}, {@code seconds=3} and {@code stored=1000000}, which are the defaults
     * @return the plan
     * @throws IllegalArgumentException if an option is something else
     */
    public static Plan parse(Iterable<String> options) {
        int rounds = 3;
        double seconds = 3;
        int stored = 1_000_000;
        for (String option : options) {
            String value = option.substring(option.indexOf('=') + 1);
            switch (option.substring(0, option.length() - value.length())) {
                case "rounds=" -> rounds = Integer.parseInt(value);
                case "seconds=" -> seconds = Double.parseDouble(value);
                case "stored=" -> stored = Integer.parseInt(value);
                default -> throw new IllegalArgumentException("Not rounds=…, seconds=… or stored=…: " + option);
            }
        }
        return new Plan(rounds, Duration.ofMillis(Math.round(seconds * 1000)), stored, true);
    }
}
