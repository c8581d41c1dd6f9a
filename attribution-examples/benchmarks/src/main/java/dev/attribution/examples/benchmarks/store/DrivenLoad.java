package dev.attribution.examples.benchmarks.store;

import static java.util.Objects.requireNonNull;

import dev.attribution.examples.benchmarks.measure.Benchmark;
import dev.attribution.examples.benchmarks.measure.Comparison;
import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import dev.attribution.examples.benchmarks.measure.Run;
import dev.attribution.examples.benchmarks.measure.Statistics;
import dev.attribution.examples.benchmarks.world.LoadBenchmarks;
import dev.attribution.examples.benchmarks.world.LoadDriver;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/** A load like the world's on a database: checked row by row, and its costs against those of the model. */
final class DrivenLoad {
    private static final int CALLERS = 64;
    private static final int CONNECTIONS = 10;
    private static final String MEASURED = "measured";
    private static final String MODEL = "the cost model of PostgreSQL";

    private DrivenLoad() {}

    static Benchmark.Body on(Server server) {
        return run -> measure(server, run);
    }

    private static void measure(Server server, Run run) throws Exception {
        long clicks = run.plan().clicks();
        try (Site site = new Site(server, "world", CONNECTIONS, Statistics.NONE)) {
            site.empty();
            run.say("%s: sending %,d clicks and what follows from them", server.title(), clicks);
            AtomicReference<LoadDriver> finished = new AtomicReference<>();
            Map<Metric, Double> measured = new HashMap<>(Costs.of(site, any -> {
                        long begin = System.nanoTime();
                        LoadDriver driver = LoadDriver.run(clicks, site.builder(), CALLERS);
                        finished.set(driver);
                        return Map.of(Metric.RATE, driver.calls() * 1e9 / (System.nanoTime() - begin));
                    })
                    .run(run.plan().duration()));
            run.say("%s: reading everything", server.title());
            LoadDriver driven = requireNonNull(finished.get(), "what was driven");
            run.note(driven.audit());
            run.note(String.format(
                    Locale.ROOT,
                    "%d callers, %,.0f calls a second, on a machine that also ran the load and its model.",
                    CALLERS,
                    measured.remove(Metric.RATE)));
            if (server == Server.POSTGRESQL) {
                double bytes = site.bytes("click", "conversion", "exclusive_scope", "history");
                measured.put(Metric.DISK, bytes / driven.calls());
            }
            Map<Metric, Double> modelled = new TreeMap<>(LoadBenchmarks.costPerCall(clicks));
            for (Map.Entry<Metric, Double> cost : modelled.entrySet()) {
                if (measured.containsKey(cost.getKey())) {
                    run.compare(new Comparison(
                            "Mean cost of a click or postback",
                            MODEL,
                            List.of(
                                    Contestant.known(MODEL, cost.getKey(), cost.getValue()),
                                    Contestant.known(MEASURED, cost.getKey(), measured.get(cost.getKey()))),
                            List.of()));
                }
            }
        }
    }
}
