package dev.attribution.examples.benchmarks.measure;

import java.util.List;

/**
 * Contestants that do the same thing, to be measured side by side.
 *
 * @param title what they do
 * @param baseline the contestant that the others are set against in the table
 * @param contestants all of them
 * @param targets what is to be reached
 * @param warmsItself whether the contestants need no round of warm-up
 */
public record Comparison(
        String title, String baseline, List<Contestant> contestants, List<Target> targets, boolean warmsItself) {
    /**
     * Creates a comparison with a round of warm-up.
     *
     * @param title what they do
     * @param baseline the contestant that the others are set against in the table
     * @param contestants all of them
     * @param targets what is to be reached
     */
    public Comparison(String title, String baseline, List<Contestant> contestants, List<Target> targets) {
        this(title, baseline, contestants, targets, false);
    }
}
