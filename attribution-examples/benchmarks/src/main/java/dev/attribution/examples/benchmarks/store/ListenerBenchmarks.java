package dev.attribution.examples.benchmarks.store;

import static dev.attribution.examples.benchmarks.measure.Target.atLeast;

import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.examples.benchmarks.measure.Comparison;
import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import dev.attribution.examples.benchmarks.measure.Run;
import dev.attribution.examples.benchmarks.measure.Statistics;
import dev.attribution.listener.AttributionListener;
import dev.attribution.listener.SettledPostback;
import dev.attribution.listener.WrittenBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What it costs many callers that a listener counts what they do. */
final class ListenerBenchmarks {
    private static final int CALLERS = 64;
    private static final int POOL = 10;
    private static final String COUNTED = ", counted by a listener";
    private static final double KEPT = 0.98;

    private ListenerBenchmarks() {}

    /** Counts and times as meters do: by a tag that it looks up for each. */
    private static final class Meters implements AttributionListener {
        private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
        private final Map<String, LongAdder> nanos = new ConcurrentHashMap<>();

        @Override
        public void clicked(Click click) {
            add("click", Duration.between(click.clickedAt(), Instant.now()));
        }

        @Override
        public void settled(SettledPostback settled) {
            add(settled.outcome().kind().name(), Duration.ZERO);
        }

        @Override
        public void written(WrittenBatch batch) {
            add("batch", Duration.ZERO);
        }

        private void add(String tag, Duration time) {
            counts.computeIfAbsent(tag, some -> new LongAdder()).increment();
            nanos.computeIfAbsent(tag, some -> new LongAdder()).add(time.toNanos());
        }
    }

    static void callers(Run run) throws Exception {
        for (Statistics statistics : run.plan().statistics()) {
            try (Sites sites = new Sites(Server.POSTGRESQL, statistics)) {
                compareClicks(run, statistics, sites.open("clicks", POOL));
                comparePostbacks(run, statistics, sites.open("postbacks", POOL));
            }
        }
    }

    private static void compareClicks(Run run, Statistics statistics, Site site) throws Exception {
        String click = ClickBenchmarks.CLICK;
        compare(
                run,
                statistics,
                click,
                ClickBenchmarks.contestant(click, site, CALLERS, ClickBenchmarks.call(site.attribution())),
                ClickBenchmarks.contestant(click + COUNTED, site, CALLERS, ClickBenchmarks.call(counted(site))));
    }

    private static void comparePostbacks(Run run, Statistics statistics, Site site) throws Exception {
        int stored = run.plan().stored();
        site.fill(run, stored);
        Traffic traffic = Traffic.of(stored, stored);
        String postback = PostbackBenchmarks.POSTBACK;
        compare(
                run,
                statistics,
                postback,
                PostbackBenchmarks.contestant(
                        postback, site, traffic, CALLERS, PostbackBenchmarks.call(site.attribution(), traffic)),
                PostbackBenchmarks.contestant(
                        postback + COUNTED, site, traffic, CALLERS, PostbackBenchmarks.call(counted(site), traffic)));
    }

    private static Attribution counted(Site site) {
        return site.attribution(Runnable::run, Optional.of(new Meters()));
    }

    private static void compare(Run run, Statistics statistics, String alone, Contestant uncounted, Contestant counted)
            throws Exception {
        run.compare(new Comparison(
                "PostgreSQL, " + alone + ", " + CALLERS + " callers",
                statistics,
                alone,
                List.of(uncounted, counted),
                List.of(atLeast(KEPT, alone + COUNTED, Metric.RATE, alone))));
    }
}
