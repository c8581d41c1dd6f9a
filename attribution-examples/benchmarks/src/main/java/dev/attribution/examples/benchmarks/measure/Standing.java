package dev.attribution.examples.benchmarks.measure;

import dev.attribution.examples.benchmarks.measure.Series.Spread;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How a comparison ended.
 *
 * @param comparison what was compared
 * @param series one for each contestant, in the order of the comparison
 */
record Standing(Comparison comparison, List<Series> series) {
    /**
     * What became of a target.
     *
     * @param target the target
     * @param opponent the best of its opponents
     * @param ratio the ratios of the rounds
     */
    record Verdict(Target target, String opponent, Spread ratio) {
        boolean isWorseThan(Verdict other) {
            return target.bound() == Target.Bound.AT_LEAST
                    ? ratio.median() < other.ratio.median()
                    : ratio.median() > other.ratio.median();
        }

        boolean isMet() {
            return target.isMetBy(ratio.median());
        }
    }

    /** What became of the targets whose contestants were all there. */
    List<Verdict> verdicts() {
        List<Verdict> verdicts = new ArrayList<>();
        for (Target target : comparison.targets()) {
            Optional<Series> subject = find(target.subject());
            Optional<Series> opponent = best(target.opponents());
            if (subject.isPresent() && opponent.isPresent()) {
                verdicts.add(new Verdict(
                        target,
                        opponent.get().contestant(),
                        ratios(
                                target,
                                subject.get().of(target.metric()),
                                opponent.get().of(target.metric()))));
            }
        }
        return verdicts;
    }

    private static Spread ratios(Target target, List<Double> subject, List<Double> opponent) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(subject.size(), opponent.size()); round++) {
            ratios.add(target.ratio(subject.get(round), opponent.get(round)));
        }
        return Spread.of(ratios);
    }

    private Optional<Series> best(List<String> names) {
        Comparator<Series> byFirst =
                Comparator.comparing(one -> one.spread(one.first()).median());
        List<Series> opponents =
                names.stream().flatMap(name -> find(name).stream()).toList();
        return opponents.stream()
                .max(opponents.stream().anyMatch(one -> !one.first().isMoreBetter()) ? byFirst.reversed() : byFirst);
    }

    Optional<Series> find(String name) {
        return series.stream().filter(one -> one.contestant().equals(name)).findFirst();
    }
}
