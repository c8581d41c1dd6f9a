package dev.attribution.examples.benchmarks.memory;

import static dev.attribution.examples.benchmarks.measure.Target.atLeast;
import static dev.attribution.examples.benchmarks.measure.Target.atMost;

import dev.attribution.examples.benchmarks.measure.Benchmark;
import dev.attribution.examples.benchmarks.measure.Comparison;
import dev.attribution.examples.benchmarks.measure.Contestant;
import dev.attribution.examples.benchmarks.measure.Metric;
import dev.attribution.examples.benchmarks.measure.Run;
import java.util.ArrayList;
import java.util.List;

/** The benchmarks of what happens in memory, by JMH. */
public final class MemoryBenchmarks {
    /** All of them. */
    public static final List<Benchmark> ALL = List.of(
            new Benchmark("click-ids", "Minting a click id", MemoryBenchmarks::clickIds),
            new Benchmark("links", "Filling a tracking link with three macros", MemoryBenchmarks::links),
            new Benchmark("postback-parsing", "Parsing a postback", MemoryBenchmarks::postbacks));

    private MemoryBenchmarks() {}

    private static void clickIds(Run run) throws Exception {
        Jmh jmh = new Jmh(ClickIds.class, run.plan());
        List<Contestant> contestants = new ArrayList<>();
        for (int threads = 1; threads <= 2; threads++) {
            contestants.add(jmh.contestant(threads("timeOrdered()", threads), "timeOrdered", threads));
            contestants.add(jmh.contestant(threads("ThreadLocalRandom", threads), "guessable", threads));
            contestants.add(jmh.contestant(threads("UUID.randomUUID()", threads), "jdk", threads));
            contestants.add(jmh.contestant(threads("uuid-creator", threads), "uuidCreator", threads));
            contestants.add(jmh.contestant(threads("java-uuid-generator", threads), "javaUuidGenerator", threads));
        }
        String one = threads("timeOrdered()", 1);
        String two = threads("timeOrdered()", 2);
        run.compare(new Comparison(
                "Time per id and thread",
                threads("ThreadLocalRandom", 1),
                contestants,
                List.of(
                        atMost(1.5, one, Metric.TIME, threads("ThreadLocalRandom", 1)),
                        atMost(1.5, two, Metric.TIME, threads("ThreadLocalRandom", 2)),
                        atLeast(5, one, Metric.TIME, threads("UUID.randomUUID()", 1)),
                        atLeast(10, two, Metric.TIME, threads("UUID.randomUUID()", 2)),
                        atMost(1.3, two, Metric.TIME, one))));
    }

    private static String threads(String contestant, int threads) {
        return contestant + (threads == 1 ? ", 1 thread" : ", " + threads + " threads");
    }

    private static void links(Run run) throws Exception {
        Jmh jmh = new Jmh(Links.class, run.plan());
        run.compare(new Comparison(
                "Time per link",
                "String.replace + URLEncoder",
                List.of(
                        jmh.contestant("LinkTemplate.fill()", "template", 1),
                        jmh.contestant("String.replace + URLEncoder", "replace", 1),
                        jmh.contestant("Spring UriComponents, parsed once", "spring", 1)),
                List.of(
                        atLeast(4, "LinkTemplate.fill()", Metric.TIME, "String.replace + URLEncoder"),
                        atLeast(20, "LinkTemplate.fill()", Metric.TIME, "Spring UriComponents, parsed once"),
                        atMost(
                                0.5,
                                "LinkTemplate.fill()",
                                Metric.BYTES,
                                "String.replace + URLEncoder",
                                "Spring UriComponents, parsed once"))));
    }

    private static void postbacks(Run run) throws Exception {
        compare(run, "Click id and event", Postbacks.SHORT);
        compare(run, "Click id, event, transaction, payout, currency and a parameter of the tracker's", Postbacks.LONG);
    }

    private static void compare(Run run, String title, String query) throws Exception {
        Jmh jmh = new Jmh(Postbacks.class, run.plan());
        run.compare(new Comparison(
                title,
                "split + URLDecoder",
                List.of(
                        jmh.contestant("PostbackParser.parse()", "parser", "query", query),
                        jmh.contestant("split + URLDecoder", "split", "query", query),
                        jmh.contestant("Jetty", "jetty", "query", query),
                        jmh.contestant("httpclient5", "httpclient", "query", query),
                        jmh.contestant("Spring", "spring", "query", query)),
                List.of(
                        atLeast(4, "PostbackParser.parse()", Metric.TIME, "split + URLDecoder"),
                        atMost(0.25, "PostbackParser.parse()", Metric.BYTES, "split + URLDecoder"))));
    }
}
