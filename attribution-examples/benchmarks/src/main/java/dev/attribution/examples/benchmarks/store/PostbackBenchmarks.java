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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;

/** How many postbacks are settled in a second, 10 % of them repeated, 5 % with an unknown click id. */
final class PostbackBenchmarks {
    private static final String POSTBACK = "postback()";
    private static final String[] PLAIN = {"four statements, pool of 8", "four statements, pool of 16"};

    private PostbackBenchmarks() {}

    static void callers(Run run) throws Exception {
        int stored = run.plan().stored();
        Traffic traffic = new Traffic(stored, stored);
        try (Site ours = new Site(Server.POSTGRESQL, "library", 10);
                Site small = new Site(Server.POSTGRESQL, "plain", 8);
                Site large = new Site(Server.POSTGRESQL, "plain", 16)) {
            ours.fill(run, stored);
            small.fill(run, stored);
            Attribution attribution = ours.attribution();
            for (int callers : new int[] {1, 8, 64}) {
                run.compare(new Comparison(
                        "PostgreSQL, " + callers + (callers == 1 ? " caller" : " callers"),
                        PLAIN[0],
                        List.of(
                                contestant(POSTBACK, ours, traffic, callers, call(attribution, traffic)),
                                contestant(PLAIN[0], small, traffic, callers, new PlainPostback(small, traffic)),
                                contestant(PLAIN[1], large, traffic, callers, new PlainPostback(large, traffic))),
                        targets(callers)));
            }
        }
    }

    private static List<Target> targets(int callers) {
        return switch (callers) {
            case 1 -> List.of(atLeast(1.7, POSTBACK, Metric.RATE, PLAIN));
            case 8 -> List.of(atLeast(1.8, POSTBACK, Metric.RATE, PLAIN));
            default -> List.of(atLeast(4.5, POSTBACK, Metric.RATE, PLAIN), atMost(0.25, POSTBACK, Metric.P99, PLAIN));
        };
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
        int stored = run.plan().stored();
        Traffic traffic = new Traffic(stored, stored);
        String async = "postbackAsync(), 4,096 in flight";
        String arrays = "arrays of 256, 2 writers";
        ExecutorService executor = HostThreads.start();
        try (Site ours = new Site(Server.POSTGRESQL, "library", 10);
                Site other = new Site(Server.POSTGRESQL, "arrays", 10)) {
            ours.fill(run, stored);
            other.fill(run, stored);
            Attribution attribution = ours.attribution(executor);
            run.compare(new Comparison(
                    "PostgreSQL, many postbacks under way",
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
                            contestant(
                                    "arrays of 256, 1 writer", other, traffic, 1, new ArrayPostbacks(other, traffic)),
                            contestant(arrays, other, traffic, 2, new ArrayPostbacks(other, traffic))),
                    List.of(atLeast(0.8, async, Metric.RATE, arrays))));
        } finally {
            executor.shutdown();
        }
    }
}
