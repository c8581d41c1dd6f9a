package dev.attribution.examples.benchmarks.reconcile;

import static dev.attribution.examples.benchmarks.measure.Target.atLeast;
import static dev.attribution.examples.benchmarks.measure.Target.atMost;

import dev.attribution.examples.benchmarks.load.OwnJvm;
import dev.attribution.examples.benchmarks.measure.Benchmark;
import dev.attribution.examples.benchmarks.measure.Comparison;
import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import dev.attribution.examples.benchmarks.measure.Run;
import java.util.List;
import java.util.Locale;

/** How fast two sides are compared, and on how much heap, the more rows there are. Each run has a JVM of its own. */
public final class ReconciliationBenchmark {
    /** The benchmark. */
    public static final Benchmark BENCHMARK = new Benchmark(
            "reconciliation",
            "A tracker's rows against as many conversions, on 512 MB",
            ReconciliationBenchmark::measure);

    private ReconciliationBenchmark() {}

    private static void measure(Run run) throws Exception {
        int rows = run.plan().grown();
        String few = String.format(Locale.ROOT, "%,d rows a side", Math.max(1, rows / 10));
        String many = String.format(Locale.ROOT, "%,d rows a side", rows);
        run.compare(new Comparison(
                "rows of both sides, from an export in TUNE's format, put aside on disk",
                few,
                List.of(contestant(few, Math.max(1, rows / 10)), contestant(many, rows)),
                List.of(atLeast(0.7, many, Metric.RATE, few), atMost(2, many, Metric.HEAP, few))));
        run.note("Heap is the most that was in use right after a collection; no JVM has more than 512 MB.");
    }

    private static Contestant contestant(String name, int rows) {
        return new Contestant(name, () -> {}, any -> OwnJvm.run(512, OneReconciliation.class, String.valueOf(rows)));
    }
}
