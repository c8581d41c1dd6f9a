package dev.attribution.examples.benchmarks.store;

import static dev.attribution.examples.benchmarks.measure.Target.atLeast;
import static dev.attribution.examples.benchmarks.measure.Target.atMost;

import dev.attribution.examples.benchmarks.load.OwnJvm;
import dev.attribution.examples.benchmarks.measure.Comparison;
import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import dev.attribution.examples.benchmarks.measure.Run;
import dev.attribution.examples.benchmarks.measure.Statistics;
import java.util.List;
import java.util.Locale;

/** How fast all clicks are written as CSV, and on how much heap, the more there are. Each turn has a JVM of its own. */
final class CsvBenchmark {
    private static final int HEAP_MEGABYTES = 64;

    private CsvBenchmark() {}

    static void measure(Run run) throws Exception {
        int rows = run.plan().grown();
        int few = Math.max(1, rows / 10);
        String csv = title("CsvReports.clicks()", rows);
        String csvOfFew = title("CsvReports.clicks()", few);
        String copy = title("COPY (select …) TO STDOUT, as psql does", rows);
        for (Statistics statistics : run.plan().statistics()) {
            try (Sites sites = new Sites(Server.POSTGRESQL, statistics)) {
                Site large = sites.open("many", 2);
                Site small = sites.open("few", 2);
                large.fill(run, rows);
                small.fill(run, few);
                run.compare(new Comparison(
                        "PostgreSQL, clicks as CSV, on a heap of " + HEAP_MEGABYTES + " MB",
                        statistics,
                        copy,
                        List.of(
                                contestant(csv, large, OneExport.CSV),
                                contestant(csvOfFew, small, OneExport.CSV),
                                contestant(copy, large, OneExport.COPY)),
                        List.of(
                                atLeast(0, csv, Metric.RATE, copy), // stated; no limit is set
                                atMost(1.2, csv, Metric.HEAP, csvOfFew))));
            }
        }
    }

    private static Contestant contestant(String name, Site site, String how) {
        return new Contestant(
                name, () -> {}, any -> OwnJvm.run(HEAP_MEGABYTES, OneExport.class, site.url(), site.table(""), how));
    }

    private static String title(String how, int rows) {
        return String.format(Locale.ROOT, "%s, %,d rows", how, rows);
    }
}
