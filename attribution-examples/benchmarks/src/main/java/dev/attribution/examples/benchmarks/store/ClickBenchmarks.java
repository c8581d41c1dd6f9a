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
import dev.attribution.examples.benchmarks.measure.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** How many clicks are stored in a second. */
final class ClickBenchmarks {
    private static final String CLICK = "click()";
    private static final String[] PLAIN = {plain(8), plain(16), plain(32)};

    private ClickBenchmarks() {}

    static void fewCallers(Run run) throws Exception {
        againstOneRow(run, Server.POSTGRESQL, 1, List.of(atLeast(0.95, CLICK, Metric.RATE, PLAIN)));
        againstOneRow(run, Server.POSTGRESQL, 8, List.of(atLeast(1, CLICK, Metric.RATE, PLAIN)));
    }

    static void manyCallers(Run run) throws Exception {
        againstOneRow(
                run,
                Server.POSTGRESQL,
                64,
                List.of(atLeast(3.5, CLICK, Metric.RATE, PLAIN), atMost(0.3, CLICK, Metric.P99, PLAIN)));
        againstOneRow(run, Server.POSTGRESQL, 256, List.of(atLeast(5, CLICK, Metric.RATE, PLAIN)));
    }

    static void otherServers(Run run) throws Exception {
        againstOneRow(run, Server.H2, 64, List.of(atLeast(3, CLICK, Metric.RATE, PLAIN)));
        againstOneRow(run, Server.MARIADB, 64, List.of(atLeast(3, CLICK, Metric.RATE, PLAIN)));
    }

    private static void againstOneRow(Run run, Server server, int callers, List<Target> targets) throws Exception {
        try (Site ours = new Site(server, "library", 10);
                Site small = new Site(server, "plain", 8);
                Site middle = new Site(server, "plain", 16);
                Site large = new Site(server, "plain", 32)) {
            Attribution attribution = ours.attribution();
            Callers.Call click = () -> {
                attribution.click(Rows.click());
                return 1;
            };
            run.compare(new Comparison(
                    server.title() + ", " + callers + (callers == 1 ? " caller" : " callers"),
                    plain(8),
                    List.of(
                            contestant(CLICK, ours, callers, click),
                            contestant(plain(8), small, callers, new PlainClick(small)),
                            contestant(plain(16), middle, callers, new PlainClick(middle)),
                            contestant(plain(32), large, callers, new PlainClick(large))),
                    targets));
        }
    }

    private static Contestant contestant(String name, Site site, int callers, Callers.Call call) {
        return new Contestant(name, site::empty, Costs.of(site, Callers.threads(callers, call)));
    }

    private static String plain(int pool) {
        return "one row, plain JDBC, pool of " + pool;
    }

    static void inFlight(Run run) throws Exception {
        String[] copies = {"COPY, 1,000 a commit, 1 writer", "COPY, 1,000 a commit, 2 writers"};
        String async = "clickAsync(), 4,096 in flight";
        String virtual = "click(), 2,000 virtual threads";
        ExecutorService executor = HostThreads.start();
        try (Site ours = new Site(Server.POSTGRESQL, "library", 10);
                Site other = new Site(Server.POSTGRESQL, "copied", 10)) {
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
            Optional<Contestant.Turn> turn = Callers.virtualThreads(2_000, () -> {
                attribution.click(Rows.click());
                return 1;
            });
            turn.ifPresentOrElse(
                    calls -> contestants.add(1, new Contestant(virtual, ours::empty, Costs.of(ours, calls))),
                    () -> run.note("Not measured: " + virtual + ". They need Java 21 or newer, and this is Java "
                            + Runtime.version().feature() + "."));
            run.compare(new Comparison(
                    "PostgreSQL, many clicks under way",
                    copies[0],
                    contestants,
                    List.of(
                            atLeast(0.9, async, Metric.RATE, copies[0]),
                            atLeast(0.9, virtual, Metric.RATE, copies[0]))));
        } finally {
            executor.shutdown();
        }
    }
}
