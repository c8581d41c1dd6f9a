package dev.attribution.examples.benchmarks.store;

import static dev.attribution.examples.benchmarks.measure.Target.atLeast;
import static dev.attribution.examples.benchmarks.measure.Target.atMost;

import dev.attribution.Attribution;
import dev.attribution.examples.benchmarks.load.Callers;
import dev.attribution.examples.benchmarks.load.InFlight;
import dev.attribution.examples.benchmarks.measure.Comparison;
import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import dev.attribution.examples.benchmarks.measure.Run;
import dev.attribution.examples.benchmarks.measure.Statistics;
import dev.attribution.examples.benchmarks.measure.Target;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** How many clicks are stored in a second. */
final class ClickBenchmarks {
    static final String CLICK = "click()";

    private static final int POOL = 10;
    private static final int[] SAME_POOL = {POOL};
    private static final int[] POOLS = {8, 16, 32};

    private ClickBenchmarks() {}

    static void fewCallers(Run run) throws Exception {
        for (Statistics statistics : run.plan().statistics()) {
            againstOneRow(
                    run,
                    Server.POSTGRESQL,
                    statistics,
                    1,
                    SAME_POOL,
                    List.of(atLeast(0.97, CLICK, Metric.RATE, plain(SAME_POOL))));
            againstOneRow(
                    run,
                    Server.POSTGRESQL,
                    statistics,
                    8,
                    SAME_POOL,
                    List.of(atLeast(1.2, CLICK, Metric.RATE, plain(SAME_POOL))));
        }
    }

    static void manyCallers(Run run) throws Exception {
        for (Statistics statistics : run.plan().statistics()) {
            againstOneRow(
                    run,
                    Server.POSTGRESQL,
                    statistics,
                    64,
                    POOLS,
                    List.of(
                            atLeast(4.2, CLICK, Metric.RATE, plain(POOLS)),
                            atMost(0.1, CLICK, Metric.P99, plain(POOLS))));
            againstOneRow(
                    run,
                    Server.POSTGRESQL,
                    statistics,
                    256,
                    POOLS,
                    List.of(atLeast(5.5, CLICK, Metric.RATE, plain(POOLS))));
        }
    }

    static void otherServers(Run run) throws Exception {
        int[] pools = {8, 32};
        for (Server server : List.of(Server.H2, Server.MARIADB)) {
            for (Statistics statistics : run.plan().statistics()) {
                againstOneRow(
                        run, server, statistics, 64, pools, List.of(atLeast(3, CLICK, Metric.RATE, plain(pools))));
            }
        }
    }

    private static void againstOneRow(
            Run run, Server server, Statistics statistics, int callers, int[] pools, List<Target> targets)
            throws Exception {
        try (Sites sites = new Sites(server, statistics)) {
            run.compare(new Comparison(
                    title(server, callers), statistics, plain(pools)[0], contestants(sites, callers, pools), targets));
        }
    }

    static String title(Server server, int callers) {
        return server.title() + ", " + callers + (callers == 1 ? " caller" : " callers");
    }

    /** The library, and one-row inserts with pools of several sizes. */
    static List<Contestant> contestants(Sites sites, int callers, int... pools) throws SQLException {
        List<Contestant> contestants = new ArrayList<>();
        Site ours = sites.open("library", POOL);
        contestants.add(contestant(CLICK, ours, callers, call(ours.attribution())));
        for (int pool : pools) {
            Site plain = sites.open("plain", pool);
            contestants.add(contestant(plain(pool), plain, callers, new PlainClick(plain)));
        }
        return contestants;
    }

    static Contestant contestant(String name, Site site, int callers, Callers.Call call) {
        return new Contestant(name, site::empty, Costs.of(site, Callers.threads(callers, call)));
    }

    static Callers.Call call(Attribution attribution) {
        return () -> {
            attribution.click(Rows.click());
            return 1;
        };
    }

    static String plain(int pool) {
        return "one row, plain JDBC, pool of " + pool;
    }

    private static String[] plain(int[] pools) {
        return Arrays.stream(pools).mapToObj(ClickBenchmarks::plain).toArray(String[]::new);
    }

    static void inFlight(Run run) throws Exception {
        for (Statistics statistics : run.plan().statistics()) {
            inFlight(run, statistics);
        }
    }

    private static void inFlight(Run run, Statistics statistics) throws Exception {
        String[] copies = {"COPY, 1,000 a commit, 1 writer", "COPY, 1,000 a commit, 2 writers"};
        String async = "clickAsync(), 4,096 in flight";
        String virtual = "click(), 2,000 virtual threads";
        ExecutorService executor = HostThreads.start();
        try (Sites sites = new Sites(Server.POSTGRESQL, statistics)) {
            Site ours = sites.open("library", POOL);
            Site other = sites.open("copied", POOL);
            Attribution attribution = ours.attribution(executor);
            CopiedClicks copied = new CopiedClicks(other);
            List<Contestant> contestants = new ArrayList<>(List.of(
                    new Contestant(
                            async,
                            ours::empty,
                            Costs.of(
                                    ours, InFlight.of(4_096, () -> Optional.of(attribution.clickAsync(Rows.click()))))),
                    new Contestant(
                            copies[0],
                            () -> copied.prepare(run.plan().duration()),
                            Costs.of(other, Callers.threads(1, copied))),
                    new Contestant(
                            copies[1],
                            () -> copied.prepare(run.plan().duration()),
                            Costs.of(other, Callers.threads(2, copied)))));
            Optional<Contestant.Turn> turn = Callers.virtualThreads(2_000, call(attribution));
            turn.ifPresentOrElse(
                    calls -> contestants.add(1, new Contestant(virtual, ours::empty, Costs.of(ours, calls))),
                    () -> run.note("Not measured: " + virtual + ". They need Java 21 or newer, and this is Java "
                            + Runtime.version().feature() + "."));
            run.compare(new Comparison(
                    "PostgreSQL, many clicks under way",
                    statistics,
                    copies[0],
                    contestants,
                    List.of(
                            atLeast(0.95, async, Metric.RATE, copies[0]),
                            atLeast(0.9, virtual, Metric.RATE, copies[0]))));
        } finally {
            executor.shutdown();
        }
    }
}
