package dev.attribution.examples.benchmarks.store;

import static dev.attribution.examples.benchmarks.measure.Target.atMost;

import dev.attribution.examples.benchmarks.measure.Comparison;
import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import dev.attribution.examples.benchmarks.measure.Run;
import dev.attribution.examples.benchmarks.measure.Statistics;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;

/** What it costs that tables are partitioned by month, with postbacks of clicks of eleven months. */
final class PartitionBenchmarks {
    private static final int MONTHS = 36;
    private static final Duration OLDEST = Duration.ofDays(330);
    private static final long PRIME = 7_368_787; // so that one click after the other is of another month
    private static final double MOST = 1.25;
    private static final int POOL = 10;
    private static final String PLAIN = "one table";
    private static final String PARTITIONED = MONTHS + " partitions";

    private PartitionBenchmarks() {}

    static void partitions(Run run) throws Exception {
        for (Statistics statistics : run.plan().statistics()) {
            partitions(run, statistics);
        }
    }

    private static void partitions(Run run, Statistics statistics) throws Exception {
        YearMonth last = YearMonth.now(ZoneOffset.UTC).plusMonths(1);
        List<YearMonth> months = Stream.iterate(last.minusMonths(MONTHS - 1), month -> month.plusMonths(1))
                .limit(MONTHS)
                .toList();
        int stored = run.plan().stored();
        LongUnaryOperator numbers = numbers(stored);
        try (Sites sites = new Sites(Server.POSTGRESQL, statistics)) {
            Site plain = sites.open("plain", POOL);
            Site partitioned = sites.open("partitioned", POOL, months);
            plain.fill(run, stored, numbers);
            partitioned.fill(run, stored, numbers);
            for (int callers : new int[] {1, 8, 64}) {
                compare(
                        run,
                        statistics,
                        ClickBenchmarks.title(Server.POSTGRESQL, callers) + ", " + PostbackBenchmarks.POSTBACK,
                        postbacks(PLAIN, plain, callers, Traffic.of(stored, numbers)),
                        postbacks(PARTITIONED, partitioned, callers, Traffic.of(stored, numbers)));
            }
            compare(
                    run,
                    statistics,
                    ClickBenchmarks.title(Server.POSTGRESQL, 1) + ", " + ClickBenchmarks.CLICK,
                    clicks(PLAIN, plain),
                    clicks(PARTITIONED, partitioned));
        }
    }

    /** Numbers of clicks whose times are spread over the last months. */
    private static LongUnaryOperator numbers(int stored) {
        long first = Stored.number(Instant.now().minus(OLDEST));
        long apart = OLDEST.toMillis() / stored;
        return n -> first + n * PRIME % stored * apart;
    }

    private static Contestant postbacks(String name, Site site, int callers, Traffic traffic) {
        return PostbackBenchmarks.contestant(
                name, site, traffic, callers, PostbackBenchmarks.call(site.attribution(), traffic));
    }

    private static Contestant clicks(String name, Site site) {
        return ClickBenchmarks.contestant(name, site, 1, ClickBenchmarks.call(site.attribution()));
    }

    private static void compare(Run run, Statistics statistics, String title, Contestant plain, Contestant partitioned)
            throws Exception {
        run.compare(new Comparison(
                title,
                statistics,
                PLAIN,
                List.of(plain, partitioned),
                List.of(
                        atMost(MOST, PARTITIONED, Metric.COST, PLAIN),
                        atMost(MOST, PARTITIONED, Metric.SERVER_CPU, PLAIN))));
    }
}
