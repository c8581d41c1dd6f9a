package dev.attribution.examples.benchmarks.store;

import static dev.attribution.examples.benchmarks.measure.Target.atMost;

import dev.attribution.Attribution;
import dev.attribution.examples.benchmarks.load.Callers;
import dev.attribution.examples.benchmarks.measure.Comparison;
import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import dev.attribution.examples.benchmarks.measure.Run;
import java.util.List;
import java.util.Locale;

/** What a store costs when it has grown. */
final class GrowthBenchmarks {
    private static final int FEW = 10_000;

    private GrowthBenchmarks() {}

    static void growth(Run run) throws Exception {
        int stored = run.plan().stored();
        int few = Math.min(FEW, stored);
        String small = title(few);
        String large = title(stored);
        Traffic toFresh = new Traffic(few, few);
        Traffic toGrown = new Traffic(few, stored);
        try (Site fresh = new Site(Server.POSTGRESQL, "fresh", 10);
                Site grown = new Site(Server.POSTGRESQL, "grown", 10)) {
            grown.fill(run, stored);
            Attribution onFresh = fresh.attribution();
            Attribution onGrown = grown.attribution();
            run.compare(new Comparison(
                    "PostgreSQL, click(), 1 caller",
                    small,
                    List.of(
                            new Contestant(small, () -> fresh.fill(run, few), clicks(onFresh)),
                            new Contestant(large, grown::settle, clicks(onGrown))),
                    List.of(atMost(1.25, large, Metric.COST, small))));
            run.compare(new Comparison(
                    "PostgreSQL, postback(), 1 caller",
                    small,
                    List.of(
                            new Contestant(
                                    small,
                                    () -> {
                                        fresh.fill(run, few);
                                        fresh.restart(toFresh);
                                    },
                                    Callers.threads(1, PostbackBenchmarks.call(onFresh, toFresh))),
                            PostbackBenchmarks.contestant(
                                    large, grown, toGrown, 1, PostbackBenchmarks.call(onGrown, toGrown))),
                    List.of(atMost(1.25, large, Metric.COST, small))));
        }
    }

    private static Contestant.Turn clicks(Attribution attribution) {
        return Callers.threads(1, () -> {
            attribution.click(Rows.click());
            return 1;
        });
    }

    private static String title(int clicks) {
        return String.format(Locale.ROOT, "%,d clicks stored", clicks);
    }
}
