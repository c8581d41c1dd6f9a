package dev.attribution.examples.benchmarks.measure;

import java.util.List;
import java.util.Optional;

/**
 * Contestants that do the same thing, to be measured side by side.
 *
 * @param title what they do
 * @param statistics what the database knows about their tables; empty if they have none
 * @param baseline the contestant that the others are set against in the table
 * @param contestants all of them
 * @param targets what is to be reached; over all statistics, the worst ratio counts
 * @param warmsItself whether the contestants need no round of warm-up
 */
public record Comparison(
        String title,
        Optional<Statistics> statistics,
        String baseline,
        List<Contestant> contestants,
        List<Target> targets,
        boolean warmsItself) {
    /**
     * Creates a comparison with a round of warm-up, on the tables of a database.
     *
     * @param title what they do
     * @param statistics what the database knows about their tables
     * @param baseline the contestant that the others are set against in the table
     * @param contestants all of them
     * @param targets what is to be reached
     */
    public Comparison(
            String title, Statistics statistics, String baseline, List<Contestant> contestants, List<Target> targets) {
        this(title, Optional.of(statistics), baseline, contestants, targets, false);
    }

    /**
     * Creates a comparison whose contestants need no round of warm-up.
     *
     * @param title what they do
     * @param baseline the contestant that the others are set against in the table
     * @param contestants all of them
     * @param targets what is to be reached
     */
    public Comparison(String title, String baseline, List<Contestant> contestants, List<Target> targets) {
        this(title, Optional.empty(), baseline, contestants, targets, true);
    }

    /** The title, with the statistics. */
    String fullTitle() {
        return title + statistics.map(some -> ", " + some.title()).orElse("");
    }
}
