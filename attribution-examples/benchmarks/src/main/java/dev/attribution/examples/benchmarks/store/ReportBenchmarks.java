package dev.attribution.examples.benchmarks.store;

import static dev.attribution.examples.benchmarks.measure.Target.atMost;

import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.examples.benchmarks.load.Callers;
import dev.attribution.examples.benchmarks.measure.Comparison;
import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import dev.attribution.examples.benchmarks.measure.Run;
import dev.attribution.examples.benchmarks.measure.Statistics;
import dev.attribution.report.Cursor;
import dev.attribution.report.Page;
import dev.attribution.report.ReportFilter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a page of a report costs, the deeper it lies. */
final class ReportBenchmarks {
    private static final int DEPTH = 40_000;
    private static final int ROWS = 50;
    private static final ReportFilter OF_OFFER =
            ReportFilter.builder().offerId(Site.OFFER).build();

    private ReportBenchmarks() {}

    static void pages(Run run) throws Exception {
        for (Server server : Server.values()) {
            for (Statistics statistics : run.plan().statistics()) {
                pages(run, server, statistics);
            }
        }
    }

    private static void pages(Run run, Server server, Statistics statistics) throws Exception {
        int stored = Math.min(run.plan().stored(), server == Server.POSTGRESQL ? 1_000_000 : 100_000);
        int depth = Math.min(DEPTH, stored / 2);
        try (Site site = new Site(server, "library", 10, statistics)) {
            site.fill(run, stored);
            Attribution attribution = site.attribution();
            Cursor after = cursor(attribution, depth);
            String deep = String.format(Locale.ROOT, "page at depth %,d", depth);
            run.compare(new Comparison(
                    server.title() + ", " + ROWS + " clicks of an offer, newest first",
                    statistics,
                    "first page",
                    List.of(page("first page", site, attribution, null), page(deep, site, attribution, after)),
                    List.of(atMost(1.2, deep, Metric.COST, "first page"))));
        }
    }

    private static @Nullable Cursor cursor(Attribution attribution, int depth) {
        Cursor cursor = null;
        for (int left = depth; left > 0; left -= 10_000) {
            Page<Click> page = attribution.reports().clicks(OF_OFFER, Math.min(left, 10_000), cursor);
            cursor = page.next().orElse(null);
        }
        return cursor;
    }

    private static Contestant page(String name, Site site, Attribution attribution, @Nullable Cursor after) {
        return new Contestant(name, () -> {}, Costs.of(site, Callers.threads(1, () -> {
            List<Click> rows =
                    attribution.reports().clicks(OF_OFFER, ROWS, after).rows();
            return rows.size() == ROWS ? 1 : 0;
        })));
    }
}
