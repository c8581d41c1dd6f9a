package dev.attribution.examples.benchmarks.store;

import static dev.attribution.examples.benchmarks.measure.Target.atMost;

import com.sun.management.ThreadMXBean;
import dev.attribution.Attribution;
import dev.attribution.click.Redirect;
import dev.attribution.examples.benchmarks.measure.Comparison;
import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import dev.attribution.examples.benchmarks.measure.Run;
import dev.attribution.examples.benchmarks.measure.Statistics;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** What calls take of the heap and of the disk, against what they took before any of it was reduced. */
final class SpaceBenchmarks {
    private static final int IN_LIST = 64;
    private static final int MOST_ROWS = 50_000;

    /** The commit "Test that statements over lists are planned once", measured by this class on Java 17 and PostgreSQL 17. */
    private static final String BEFORE = "27 November 2026";

    private static final double CLICK_ALLOCATED = 4_300;
    private static final double POSTBACK_ALLOCATED = 21_971;
    private static final double CLICK_ON_DISK = 367;
    private static final double CREDIT_ON_DISK = 1_375;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private SpaceBenchmarks() {}

    static void allocated(Run run) throws Exception {
        int stored = run.plan().stored();
        try (Site site = new Site(Server.POSTGRESQL, "library", 10, Statistics.FRESH)) {
            Queue<Runnable> submitted = new ArrayDeque<>();
            Attribution attribution = site.attribution(submitted::add);
            String click = "clickAsync(), 64 in a batch";
            compare(
                    run,
                    "Allocated per click",
                    Metric.BYTES,
                    0.5,
                    CLICK_ALLOCATED,
                    new Contestant(
                            click, site::empty, duration -> allocated(duration, () -> batch(attribution, submitted))));
            Traffic traffic = Traffic.of(stored, stored);
            site.fill(run, stored);
            compare(
                    run,
                    "Allocated per postback",
                    Metric.BYTES,
                    0.5,
                    POSTBACK_ALLOCATED,
                    new Contestant(
                            "postbacks(), 64 in a list",
                            () -> site.restart(traffic),
                            duration -> allocated(
                                    duration,
                                    () -> attribution.postbacks(list(traffic)).size())));
        }
    }

    /** Submits clicks before the first of them is written. */
    private static int batch(Attribution attribution, Queue<Runnable> submitted) {
        List<CompletionStage<Redirect>> clicks = new ArrayList<>(IN_LIST);
        for (int i = 0; i < IN_LIST; i++) {
            clicks.add(attribution.clickAsync(Rows.click()));
        }
        for (Runnable task = submitted.poll(); task != null; task = submitted.poll()) {
            task.run();
        }
        clicks.forEach(click -> click.toCompletableFuture().join());
        return IN_LIST;
    }

    private static List<String> list(Traffic traffic) {
        return Stream.generate(traffic::next)
                .limit(IN_LIST)
                .takeWhile(Optional::isPresent)
                .flatMap(Optional::stream)
                .map(Traffic::query)
                .toList();
    }

    /** The median over all batches of what this thread allocates, per call: what grows now and then does not count. */
    private static Map<Metric, Double> allocated(Duration duration, Callable<Integer> batch) throws Exception {
        List<Double> each = new ArrayList<>();
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            int calls = batch.call();
            if (calls < IN_LIST) {
                break;
            }
            each.add((double) (THREADS.getCurrentThreadAllocatedBytes() - before) / calls);
        }
        return Map.of(Metric.BYTES, each.stream().sorted().toList().get(each.size() / 2));
    }

    static void onDisk(Run run) throws Exception {
        int rows = Math.min(run.plan().stored(), MOST_ROWS);
        Traffic traffic = Traffic.of(rows, rows);
        try (Site site = new Site(Server.POSTGRESQL, "library", 10, Statistics.NONE)) {
            Attribution attribution = site.attribution();
            compare(
                    run,
                    "On PostgreSQL's disk per click, indexes included",
                    Metric.DISK,
                    1,
                    CLICK_ON_DISK,
                    new Contestant(
                            "a click",
                            () -> site.fill(run, rows),
                            duration -> Map.of(Metric.DISK, (double) site.bytes("click") / rows)));
            site.fill(run, rows);
            compare(
                    run,
                    "On PostgreSQL's disk per credited postback, indexes included",
                    Metric.DISK,
                    0.6,
                    CREDIT_ON_DISK,
                    new Contestant("a credited postback", () -> site.restart(traffic), duration -> {
                        for (int left = rows; left > 0; left -= IN_LIST) {
                            attribution.postbacks(Stream.generate(traffic::first)
                                    .limit(Math.min(left, IN_LIST))
                                    .map(Traffic::query)
                                    .toList());
                        }
                        return Map.of(
                                Metric.DISK, (double) site.bytes("conversion", "exclusive_scope", "history") / rows);
                    }));
        }
    }

    private static void compare(
            Run run, String title, Metric metric, double limit, double before, Contestant contestant) throws Exception {
        run.compare(new Comparison(
                title,
                BEFORE,
                List.of(contestant, Contestant.known(BEFORE, metric, before)),
                List.of(atMost(limit, contestant.name(), metric, BEFORE))));
    }
}
