package dev.attribution.examples.benchmarks.measure;

import java.util.List;
import java.util.Locale;

/**
 * What a contestant is meant to reach, against others in the same run.
 *
 * @param subject the contestant
 * @param metric what is compared
 * @param opponents the others; the best of them counts, by the comparison's first metric
 * @param bound on which side of the limit the ratio is to be
 * @param limit the limit of the ratio
 */
public record Target(String subject, Metric metric, List<String> opponents, Bound bound, double limit) {
    /** On which side of a limit a ratio is to be. */
    public enum Bound {
        /** The limit or more: how many times as good the subject is. */
        AT_LEAST,
        /** The limit or less: the subject's share of what the opponent takes. */
        AT_MOST
    }

    /**
     * Asks for a subject that is so many times as good: that does more in a second, or takes less.
     *
     * @param limit how many times
     * @param subject the contestant
     * @param metric what is compared
     * @param opponents the others
     * @return the target
     */
    public static Target atLeast(double limit, String subject, Metric metric, String... opponents) {
        return new Target(subject, metric, List.of(opponents), Bound.AT_LEAST, limit);
    }

    /**
     * Asks for a subject that takes at most so many times what the others take.
     *
     * @param limit how many times
     * @param subject the contestant
     * @param metric what is compared
     * @param opponents the others
     * @return the target
     */
    public static Target atMost(double limit, String subject, Metric metric, String... opponents) {
        return new Target(subject, metric, List.of(opponents), Bound.AT_MOST, limit);
    }

    double ratio(double subject, double opponent) {
        boolean inverse = bound == Bound.AT_LEAST && !metric.isMoreBetter();
        return inverse ? opponent / subject : subject / opponent;
    }

    boolean isMetBy(double ratio) {
        return bound == Bound.AT_LEAST ? ratio >= limit : ratio <= limit;
    }

    String wanted() {
        return limit == 0
                ? "stated"
                : String.format(Locale.ROOT, "%s %.4s×", bound == Bound.AT_LEAST ? "at least" : "at most", limit);
    }

    String relation(String opponent) {
        return bound == Bound.AT_LEAST && !metric.isMoreBetter()
                ? subject + ", times as good in " + metric.noun() + " as " + opponent
                : subject + ", " + metric.noun() + " ÷ that of " + opponent;
    }
}
