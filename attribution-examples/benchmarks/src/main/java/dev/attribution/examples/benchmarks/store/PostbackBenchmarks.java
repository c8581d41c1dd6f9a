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
import java.util.UUID;
import java.util.concurrent.ExecutorService;

/** How many postbacks are settled in a second, 10 % of them repeated, 5 % with an unknown click id. */
final class PostbackBenchmarks {
    static final String POSTBACK = "postback()";

    private static final int POOL = 10;
    private static final int[] POOLS = {8, 16};

    private PostbackBenchmarks() {}

    /** The library and the code by hand, on sites that have their clicks. */
    static final class Contest implements AutoCloseable {
        private final Sites sites;
        private final Site ours;
        private final List<Site> plain = new ArrayList<>();

        Contest(Run run, Server server, Statistics statistics, int stored, int... pools) throws SQLException {
            this.sites = new Sites(server, statistics);
            this.ours = sites.open("library", POOL);
            ours.fill(run, stored);
            for (int pool : pools) {
                plain.add(sites.open("plain", pool));
            }
            plain.get(0).fill(run, stored); // the others share its tables
        }

        void compare(Run run, Traffic traffic, int callers, String title, List<Target> targets) throws Exception {
            run.compare(comparison(traffic, callers, title, targets));
        }

        Comparison comparison(Traffic traffic, int callers, String title, List<Target> targets) {
            List<Contestant> contestants = new ArrayList<>();
            contestants.add(contestant(POSTBACK, ours, traffic, callers, call(ours.attribution(), traffic)));
            for (Site site : plain) {
                contestants.add(contestant(
                        plain(site.connections()), site, traffic, callers, new PlainPostback(site, traffic)));
            }
            return new Comparison(title, sites.statistics(), plain(plain.get(0).connections()), contestants, targets);
        }

        @Override
        public void close() {
            sites.close();
        }
    }

    static String plain(int pool) {
        return "four statements, pool of " + pool;
    }

    private static String[] plains() {
        return Arrays.stream(POOLS).mapToObj(PostbackBenchmarks::plain).toArray(String[]::new);
    }

    static void callers(Run run) throws Exception {
        int stored = run.plan().stored();
        for (Statistics statistics : run.plan().statistics()) {
            try (Contest contest = new Contest(run, Server.POSTGRESQL, statistics, stored, POOLS)) {
                for (int callers : new int[] {1, 8, 64}) {
                    contest.compare(
                            run,
                            Traffic.of(stored, stored),
                            callers,
                            ClickBenchmarks.title(Server.POSTGRESQL, callers),
                            targets(callers));
                }
                contest.compare(
                        run,
                        Traffic.repeated(stored),
                        1,
                        ClickBenchmarks.title(Server.POSTGRESQL, 1) + ", duplicates",
                        List.of(atLeast(1.8, POSTBACK, Metric.RATE, plains())));
            }
        }
    }

    private static List<Target> targets(int callers) {
        return switch (callers) {
            case 1 -> List.of(atLeast(1.8, POSTBACK, Metric.RATE, plains()));
            case 8 -> List.of(atLeast(2, POSTBACK, Metric.RATE, plains()));
            default ->
                List.of(atLeast(6, POSTBACK, Metric.RATE, plains()), atMost(0.06, POSTBACK, Metric.P99, plains()));
        };
    }

    static void otherServers(Run run) throws Exception {
        int stored = run.plan().stored();
        for (Server server : List.of(Server.H2, Server.MARIADB)) {
            for (Statistics statistics : run.plan().statistics()) {
                try (Contest contest = new Contest(run, server, statistics, stored, POOLS)) {
                    contest.compare(
                            run,
                            Traffic.of(stored, stored),
                            64,
                            ClickBenchmarks.title(server, 64),
                            List.of(atLeast(3, POSTBACK, Metric.RATE, plains())));
                }
            }
        }
    }

    static Callers.Call call(Attribution attribution, Traffic traffic) {
        return () -> {
            Optional<UUID> clickId = traffic.next();
            clickId.ifPresent(id -> attribution.postback(Traffic.query(id)));
            return clickId.isPresent() ? 1 : 0;
        };
    }

    static Contestant contestant(String name, Site site, Traffic traffic, int callers, Callers.Call call) {
        return new Contestant(name, () -> site.restart(traffic), Costs.of(site, Callers.threads(callers, call)));
    }

    static void inFlight(Run run) throws Exception {
        for (Statistics statistics : run.plan().statistics()) {
            inFlight(run, statistics);
        }
    }

    private static void inFlight(Run run, Statistics statistics) throws Exception {
        int stored = run.plan().stored();
        Traffic traffic = Traffic.of(stored, stored);
        String async = "postbackAsync(), 4,096 in flight";
        String arrays = "arrays of 256, 2 writers";
        ExecutorService executor = HostThreads.start();
        try (Sites sites = new Sites(Server.POSTGRESQL, statistics)) {
            Site ours = sites.open("library", POOL);
            Site other = sites.open("arrays", POOL);
            ours.fill(run, stored);
            other.fill(run, stored);
            Attribution attribution = ours.attribution(executor);
            run.compare(new Comparison(
                    "PostgreSQL, many postbacks under way",
                    statistics,
                    arrays,
                    List.of(
                            new Contestant(
                                    async,
                                    () -> ours.restart(traffic),
                                    Costs.of(
                                            ours,
                                            InFlight.of(
                                                    4_096,
                                                    () -> traffic.next()
                                                            .map(id -> attribution.postbackAsync(Traffic.query(id)))))),
                            contestant(arrays, other, traffic, 2, new ArrayPostbacks(other, traffic))),
                    List.of(atLeast(0.9, async, Metric.RATE, arrays))));
        } finally {
            executor.shutdown();
        }
    }
}
