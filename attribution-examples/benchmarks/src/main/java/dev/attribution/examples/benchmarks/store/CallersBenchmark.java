package dev.attribution.examples.benchmarks.store;

import dev.attribution.examples.benchmarks.measure.Comparison;
import dev.attribution.examples.benchmarks.measure.Run;
import dev.attribution.examples.benchmarks.measure.Statistics;
import java.util.List;

/** Rate and p99 over the number of callers, for each database: the points of a chart. */
final class CallersBenchmark {
    private static final int[] CALLERS = {1, 8, 64, 256};
    private static final int POOL = 16;

    private CallersBenchmark() {}

    static void measure(Run run) throws Exception {
        int stored = run.plan().stored();
        Traffic traffic = Traffic.of(stored, stored);
        for (Server server : List.of(Server.POSTGRESQL, Server.H2, Server.MARIADB)) {
            for (Statistics statistics : run.plan().statistics()) {
                String tables = run.plan().statistics().size() > 1 ? ", " + statistics.title() : "";
                try (Sites sites = new Sites(server, statistics)) {
                    for (int callers : CALLERS) {
                        run.point(
                                server.title() + ", click()" + tables,
                                callers,
                                new Comparison(
                                        ClickBenchmarks.title(server, callers) + ", clicks",
                                        statistics,
                                        ClickBenchmarks.plain(POOL),
                                        ClickBenchmarks.contestants(sites, callers, POOL),
                                        List.of()));
                    }
                }
                try (PostbackBenchmarks.Contest contest =
                        new PostbackBenchmarks.Contest(run, server, statistics, stored, POOL)) {
                    for (int callers : CALLERS) {
                        run.point(
                                server.title() + ", postback()" + tables,
                                callers,
                                contest.comparison(
                                        traffic,
                                        callers,
                                        ClickBenchmarks.title(server, callers) + ", postbacks",
                                        List.of()));
                    }
                }
            }
        }
    }
}
