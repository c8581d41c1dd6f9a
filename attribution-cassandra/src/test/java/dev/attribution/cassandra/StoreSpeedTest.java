package dev.attribution.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.spi.AttributionStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Measures the store on Cassandra and the one on PostgreSQL, in turns on the same machine, each with its log on the same disk
 * before it answers: prints rates and p99, and the statements of each call. Holds only that each click is stored and each postback credited.
 */
@Isolated("everything else would be measured, too")
@EnabledIfSystemProperty(
        named = "cassandra.measured",
        matches = "\\d+",
        disabledReason = "measures only, if it is asked to: -Dcassandra.measured= seconds for each turn")
class StoreSpeedTest {
    private static final int ROUNDS = 3;
    private static final int IN_FLIGHT = 4_096;
    private static final String KEYSPACE = "measured";
    private static final Duration TURN = Duration.ofSeconds(Integer.getInteger("cassandra.measured", 1));

    private final ClickIdGenerator clickIds = ClickIdGenerator.timeOrdered();
    private final Map<String, List<double[]>> results = new TreeMap<>();

    /** A store with a façade, and the clicks that no postback has named yet. */
    private final class Side {
        final String name;
        final AttributionStore store;
        final Attribution attribution;
        final int creditsPerSecond;
        final ConcurrentLinkedQueue<ClickId> unconverted = new ConcurrentLinkedQueue<>();

        /** @param creditsPerSecond more than the store can do */
        Side(String name, AttributionStore store, int creditsPerSecond, ExecutorService executor) {
            this.name = name;
            this.store = store;
            this.creditsPerSecond = creditsPerSecond;
            this.attribution = Attribution.builder(store).executor(executor).build();
            attribution
                    .offers()
                    .put(Offer.builder("sale")
                            .trackingLink("https://example.com/?c={gk_click_id}")
                            .build());
        }

        ClickRequest click() {
            return ClickRequest.of("sale", member());
        }

        private String member() {
            return "member-" + ThreadLocalRandom.current().nextInt(10_000);
        }

        void store(int clicks) {
            for (int left = clicks; left > 0; left -= 1_000) {
                List<Click> some = Stream.generate(
                                () -> new Click(clickIds.next(), "sale", member(), Instant.now(), ClickContext.empty()))
                        .limit(Math.min(left, 1_000))
                        .toList();
                store.clicks().insert(some);
                some.forEach(click -> unconverted.add(click.clickId()));
            }
        }

        /** Leaves as many clicks to convert as a turn can use up, so that each turn finds tables of about the same size. */
        void storeForATurn(int inFlight) {
            store(Math.toIntExact(TURN.toSeconds()) * creditsPerSecond + inFlight - unconverted.size());
        }

        String query() {
            ClickId next = unconverted.poll();
            assertThat(next).as("clicks left for " + name).isNotNull();
            return "gk_click_id=" + next;
        }
    }

    private interface Call {
        void run() throws Exception;
    }

    private interface Start {
        CompletionStage<?> run();
    }

    @Test
    void ofBothStores() throws Exception {
        AtomicLong requests = new AtomicLong();
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                8, 8, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(2 * IN_FLIGHT), Executors.defaultThreadFactory());
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .start();
                HikariDataSource pool = pool(postgres);
                CqlSession session = TestCluster.counted(requests)) {
            session.execute("CREATE KEYSPACE IF NOT EXISTS " + KEYSPACE
                    + " WITH replication = {'class': 'NetworkTopologyStrategy', 'replication_factor': "
                    + TestCluster.NODES + "}");
            Side jdbc =
                    new Side("PostgreSQL", JdbcAttributionStore.builder(pool).build(), 15_000, executor);
            Side cassandra = new Side(
                    "Cassandra",
                    CassandraAttributionStore.builder(session)
                            .keyspace(KEYSPACE)
                            .build(),
                    3_000,
                    executor);
            countRequests(cassandra, requests);
            for (int round = 0; round <= ROUNDS; round++) {
                for (Side side : round % 2 == 0 ? List.of(jdbc, cassandra) : List.of(cassandra, jdbc)) {
                    measure(side, round > 0);
                }
            }
        } finally {
            executor.shutdown();
        }
        print();
    }

    private static HikariDataSource pool(EmbeddedPostgres postgres) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.getJdbcUrl("postgres", "postgres"));
        config.setMaximumPoolSize(10);
        return new HikariDataSource(config);
    }

    private static void countRequests(Side cassandra, AtomicLong requests) {
        cassandra.store(100);
        long before = requests.get();
        for (int i = 0; i < 100; i++) {
            cassandra.attribution.click(cassandra.click());
        }
        long clicked = requests.get();
        for (int i = 0; i < 100; i++) {
            credit(cassandra);
        }
        System.out.printf(
                Locale.ROOT,
                "Requests to Cassandra: %.2f per click, %.2f per credited postback%n",
                (clicked - before) / 100.0,
                (requests.get() - clicked) / 100.0);
    }

    private static void credit(Side side) {
        PostbackOutcome outcome = side.attribution.postback(side.query());
        assertThat(outcome.kind()).isEqualTo(Kind.ATTRIBUTED);
    }

    private void measure(Side side, boolean counts) throws Exception {
        for (int callers : new int[] {1, 64}) {
            String of = String.format(Locale.ROOT, ", %,5d callers, ", callers);
            record("click()   " + of + side.name, counts, threads(callers, () -> side.attribution.click(side.click())));
            side.storeForATurn(callers);
            record("postback()" + of + side.name, counts, threads(callers, () -> credit(side)));
        }
        String of = String.format(Locale.ROOT, ", %,5d in flight, ", IN_FLIGHT);
        record("click()   " + of + side.name, counts, inFlight(() -> side.attribution.clickAsync(side.click())));
        side.storeForATurn(IN_FLIGHT);
        record(
                "postback()" + of + side.name,
                counts,
                inFlight(() -> side.attribution
                        .postbackAsync(side.query())
                        .thenAccept(outcome -> assertThat(outcome.kind()).isEqualTo(Kind.ATTRIBUTED))));
    }

    private void record(String what, boolean counts, double[] result) {
        if (counts) {
            results.computeIfAbsent(what, added -> new ArrayList<>()).add(result);
        }
    }

    /** Returns the calls in a second, and their p99 in milliseconds. */
    private static double[] threads(int count, Call call) throws Exception {
        List<Long> nanos = new ArrayList<>();
        long begin = System.nanoTime();
        long end = begin + TURN.toNanos();
        ExecutorService callers = Executors.newFixedThreadPool(count);
        try {
            var tasks = Stream.generate(() -> callers.submit(() -> {
                        List<Long> own = new ArrayList<>();
                        for (long before = System.nanoTime(); before < end; ) {
                            call.run();
                            long now = System.nanoTime();
                            own.add(now - before);
                            before = now;
                        }
                        return own;
                    }))
                    .limit(count)
                    .toList();
            for (var task : tasks) {
                nanos.addAll(task.get());
            }
        } finally {
            callers.shutdown();
        }
        return result(nanos.stream().mapToLong(Long::longValue).toArray(), System.nanoTime() - begin);
    }

    private static double[] inFlight(Start call) throws Exception {
        ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Semaphore free = new Semaphore(IN_FLIGHT);
        long begin = System.nanoTime();
        long end = begin + TURN.toNanos();
        while (System.nanoTime() < end) {
            free.acquire();
            long before = System.nanoTime();
            var unused = call.run().whenComplete((value, thrown) -> {
                nanos.add(System.nanoTime() - before);
                if (thrown != null) {
                    failures.add(thrown);
                }
                free.release();
            });
        }
        free.acquire(IN_FLIGHT);
        assertThat(failures).isEmpty();
        return result(nanos.stream().mapToLong(Long::longValue).toArray(), System.nanoTime() - begin);
    }

    private static double[] result(long[] nanos, long elapsed) {
        Arrays.sort(nanos);
        return new double[] {nanos.length * 1e9 / elapsed, nanos[nanos.length - 1 - nanos.length / 100] / 1e6};
    }

    private void print() {
        System.out.println("Nodes of Cassandra: " + TestCluster.NODES + "; medians of " + ROUNDS + " rounds of "
                + TURN.toSeconds() + " seconds (least to most)");
        results.forEach((what, rounds) -> System.out.printf(
                Locale.ROOT,
                "%-40s %,8.0f a second (%,.0f to %,.0f), p99 %,.1f ms (%,.1f to %,.1f)%n",
                what,
                sorted(rounds, 0)[ROUNDS / 2],
                sorted(rounds, 0)[0],
                sorted(rounds, 0)[ROUNDS - 1],
                sorted(rounds, 1)[ROUNDS / 2],
                sorted(rounds, 1)[0],
                sorted(rounds, 1)[ROUNDS - 1]));
    }

    private static double[] sorted(List<double[]> rounds, int place) {
        return rounds.stream().mapToDouble(round -> round[place]).sorted().toArray();
    }
}
