package dev.attribution.examples.benchmarks.store;

import static dev.attribution.examples.benchmarks.measure.Target.atMost;

import dev.attribution.Attribution;
import dev.attribution.examples.benchmarks.load.Callers;
import dev.attribution.examples.benchmarks.measure.Comparison;
import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import dev.attribution.examples.benchmarks.measure.Run;
import dev.attribution.examples.benchmarks.measure.Statistics;
import java.util.List;
import java.util.Locale;

/** What a store costs when it has grown. */
final class GrowthBenchmarks {
    private static final int FEW = 10_000;
    private static final double MOST = 1.15;

    private GrowthBenchmarks() {}

    static void growth(Run run) throws Exception {
        for (Statistics statistics : run.plan().statistics()) {
            growth(run, statistics);
        }
    }

    private static void growth(Run run, Statistics statistics) throws Exception {
        int stored = run.plan().grown();
        int few = Math.min(FEW, stored);
        String small = title(few);
        String large = title(stored);
        Traffic toFresh = Traffic.of(few, few);
        Traffic toGrown = Traffic.of(few, stored);
        try (Sites sites = new Sites(Server.POSTGRESQL, statistics)) {
            Site fresh = sites.open("fresh", 10);
            Site grown = sites.open("grown", 10);
            grown.fill(run, stored);
            Attribution onFresh = fresh.attribution();
            Attribution onGrown = grown.attribution();
            run.compare(new Comparison(
                    "PostgreSQL, click(), 1 caller",
                    statistics,
                    small,
                    List.of(
                            new Contestant(small, () -> fresh.fill(run, few), clicks(fresh, onFresh)),
                            new Contestant(large, grown::settle, clicks(grown, onGrown))),
                    List.of(atMost(MOST, large, Metric.COST, small))));
            fresh.fill(run, few);
            run.compare(new Comparison(
                    "PostgreSQL, postback(), 1 caller",
                    statistics,
                    small,
                    List.of(
                            PostbackBenchmarks.contestant(
                                    small, fresh, toFresh, 1, PostbackBenchmarks.call(onFresh, toFresh)),
                            PostbackBenchmarks.contestant(
                                    large, grown, toGrown, 1, PostbackBenchmarks.call(onGrown, toGrown))),
                    List.of(atMost(MOST, large, Metric.COST, small))));
        }
    }

    private static Contestant.Turn clicks(Site site, Attribution attribution) {
        return Costs.of(site, Callers.threads(1, ClickBenchmarks.call(attribution)));
    }

    private static String title(int clicks) {
        return String.format(Locale.ROOT, "%,d clicks stored", clicks);
    }
}
