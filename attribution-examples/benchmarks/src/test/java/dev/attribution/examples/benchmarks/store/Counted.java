package dev.attribution.examples.benchmarks.store;

import com.sun.management.ThreadMXBean;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.examples.benchmarks.measure.Metric;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.spi.AttributionStore;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What calls cost of that which can be counted: one thread makes the same calls in each round, on tables that are emptied before.
 * The median of the rounds counts, so that what a server does besides, now and then, does not.
 */
final class Counted implements AutoCloseable {
    private static final int ROUNDS = 3;
    private static final int BEFORE = 64; // calls that fill what is empty at first
    private static final int SINGLE = 256;
    private static final int LISTS_BEFORE = 2;
    private static final int LISTS = 8;
    private static final int IN_LIST = 64;

    private static final List<String> MEMBERS =
            IntStream.range(1_000, 2_000).mapToObj(number -> "member-" + number).toList();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What is counted. */
    enum Count {
        ROUND_TRIPS("round trips", "%.3f"),
        STATEMENTS("statements", "%.3f"),
        LOG_BYTES("log bytes", "%.0f"),
        ALLOCATED("allocated bytes", "%.0f");

        private final String heading;
        private final String format;

        Count(String heading, String format) {
            this.heading = heading;
            this.format = format;
        }

        String heading() {
            return heading;
        }

        String format() {
            return format;
        }
    }

    /** The database of the store; null for the store in memory. */
    private final @Nullable Server server;

    private final @Nullable HikariDataSource pool;
    private final @Nullable AttributionStore tables;
    private final CountedStatements statements = new CountedStatements();
    private final Queue<Runnable> submitted = new ArrayDeque<>();
    private final Map<String, Map<Count, List<Double>>> counts = new LinkedHashMap<>();
    private int members;

    private Counted(@Nullable Server server) {
        this.server = server;
        this.pool = server == null ? null : pool(server);
        this.tables = pool == null
                ? null
                : JdbcAttributionStore.builder(server == Server.H2 ? statements.of(pool) : pool)
                        .tablePrefix("counted_")
                        .build();
    }

    private static HikariDataSource pool(Server server) {
        System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "3600000"); // no test of a connection after a pause
        HikariConfig config = server.config(1);
        String url = server == Server.H2 ? "jdbc:h2:mem:counted" : config.getJdbcUrl(); // files change no count
        if (server != Server.H2) {
            url += (url.contains("?") ? "&" : "?") + "socketFactory=" + CountedSockets.class.getName();
        }
        config.setJdbcUrl(url);
        return new HikariDataSource(config);
    }

    /**
     * Counts.
     *
     * @param server the database of the store; null for the store in memory
     * @return for each call the medians of what can be counted with that store
     */
    static Map<String, Map<Count, Double>> of(@Nullable Server server) throws SQLException {
        try (Counted counted = new Counted(server)) {
            counted.round();
            counted.counts.clear(); // the first round loads classes and prepares statements
            for (int round = 0; round < ROUNDS; round++) {
                counted.round();
            }
            Map<String, Map<Count, Double>> medians = new LinkedHashMap<>();
            counted.counts.forEach((call, ofCall) -> {
                Map<Count, Double> ofRounds = new EnumMap<>(Count.class);
                ofCall.forEach((count, values) ->
                        ofRounds.put(count, values.stream().sorted().toList().get(values.size() / 2)));
                medians.put(call, ofRounds);
            });
            return medians;
        }
    }

    private void round() throws SQLException {
        Attribution attribution = attribution();
        Redirect[] clicks = new Redirect[BEFORE + SINGLE];
        count("`click()`", BEFORE, SINGLE, 1, number -> clicks[number] = attribution.click(click()));
        Redirect[][] batches = new Redirect[LISTS_BEFORE + LISTS][];
        count("a click in a batch of 64", LISTS_BEFORE, LISTS, IN_LIST, number -> batches[number] = batch(attribution));
        List<String> queries = queries(clicks);
        List<List<String>> lists = Arrays.stream(batches).map(Counted::queries).toList();
        for (Kind kind : List.of(Kind.ATTRIBUTED, Kind.DUPLICATE)) {
            String repeated = kind == Kind.DUPLICATE ? ", a duplicate" : "";
            count(
                    "`postback()`" + repeated,
                    BEFORE,
                    SINGLE,
                    1,
                    number -> expect(kind, attribution.postback(queries.get(number))));
            count(
                    "a postback in a list of 64" + repeated,
                    LISTS_BEFORE,
                    LISTS,
                    IN_LIST,
                    number -> attribution.postbacks(lists.get(number)).forEach(outcome -> expect(kind, outcome)));
        }
    }

    /** A façade over an empty store. */
    private Attribution attribution() throws SQLException {
        AttributionStore store = tables == null ? new InMemoryAttributionStore() : tables;
        for (String table : List.of("click", "conversion", "exclusive_scope", "history")) {
            execute("truncate table counted_" + table);
        }
        waitForTheDisk(false);
        if (server == Server.POSTGRESQL) {
            execute("analyze counted_click, counted_conversion, counted_exclusive_scope, counted_history");
            execute("checkpoint"); // pages that are new after it are not logged as a whole
        }
        Attribution attribution =
                Attribution.builder(store).executor(submitted::add).build();
        attribution
                .offers()
                .put(Offer.builder(Site.OFFER)
                        .trackingLink("https://app.example.com/track?clickid={gk_click_id}&sub2={member_id}")
                        .build());
        return attribution;
    }

    private ClickRequest click() {
        return ClickRequest.of(Site.OFFER, MEMBERS.get(members++ % MEMBERS.size()))
                .with(Rows.CONTEXT);
    }

    /** Submits clicks, and then writes them, in one batch. */
    private Redirect[] batch(Attribution attribution) {
        List<CompletionStage<Redirect>> clicks = new ArrayList<>(IN_LIST);
        for (int i = 0; i < IN_LIST; i++) {
            clicks.add(attribution.clickAsync(click()));
        }
        for (Runnable task = submitted.poll(); task != null; task = submitted.poll()) {
            task.run();
        }
        Redirect[] redirects = new Redirect[IN_LIST];
        for (int i = 0; i < IN_LIST; i++) {
            redirects[i] = clicks.get(i).toCompletableFuture().join();
        }
        return redirects;
    }

    private static List<String> queries(Redirect[] clicks) {
        return Arrays.stream(clicks)
                .map(click -> Traffic.query(click.clickId().uuid()))
                .toList();
    }

    private static void expect(Kind kind, PostbackOutcome outcome) {
        if (outcome.kind() != kind) {
            throw new IllegalStateException("Not " + kind + ", but " + outcome);
        }
    }

    /** Makes some calls, then counts what others cost. */
    private void count(String title, int before, int calls, int each, IntConsumer call) throws SQLException {
        for (int number = 0; number < before; number++) {
            call.accept(number);
        }
        Map<Count, Double> first = soFar();
        Map<Count, Double> begin = soFar();
        double[] allocated = new double[calls];
        for (int number = 0; number < calls; number++) {
            long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
            call.accept(before + number);
            allocated[number] = THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;
        }
        Map<Count, Double> end = soFar();
        Map<Count, List<Double>> ofCall = counts.computeIfAbsent(title, unused -> new EnumMap<>(Count.class));
        end.forEach((count, value) -> {
            double ofCounting = begin.getOrDefault(count, 0.0) - first.getOrDefault(count, 0.0);
            add(ofCall, count, (value - begin.getOrDefault(count, 0.0) - ofCounting) / calls / each);
        });
        if (server != Server.H2) { // runs in this thread
            Arrays.sort(allocated); // the median: a buffer that grows now and then must not count
            add(ofCall, Count.ALLOCATED, allocated[calls / 2] / each);
        }
    }

    private static void add(Map<Count, List<Double>> counts, Count count, double value) {
        counts.computeIfAbsent(count, unused -> new ArrayList<>()).add(value);
    }

    /** What was counted until now, the bytes that the thread allocated aside. */
    private Map<Count, Double> soFar() throws SQLException {
        if (server == null || pool == null) {
            return Map.of();
        }
        if (server == Server.H2) {
            return Map.of(Count.STATEMENTS, (double) statements.count());
        }
        double roundTrips = CountedSockets.roundTrips();
        try (Connection connection = pool.getConnection()) {
            Map<Metric, Double> costs = server.costs(connection);
            double sent = costs.getOrDefault(Metric.ROUND_TRIPS, Double.NaN);
            return server == Server.POSTGRESQL
                    ? Map.of(
                            Count.ROUND_TRIPS, roundTrips,
                            Count.STATEMENTS, sent,
                            Count.LOG_BYTES, costs.getOrDefault(Metric.LOG_BYTES, Double.NaN))
                    : Map.of(Count.ROUND_TRIPS, roundTrips, Count.STATEMENTS, sent);
        }
    }

    /** A wait for the disk changes no count. */
    private void waitForTheDisk(boolean isOn) throws SQLException {
        if (server == Server.POSTGRESQL) {
            execute("set synchronous_commit to " + (isOn ? "on" : "off"));
        } else if (server == Server.MARIADB) {
            execute("set global innodb_flush_log_at_trx_commit = " + (isOn ? 1 : 0));
        }
    }

    private void execute(String sql) throws SQLException {
        if (pool != null) {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        waitForTheDisk(true); // the server is that of other tests, too
        if (pool != null) {
            pool.close();
        }
    }
}
