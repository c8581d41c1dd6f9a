package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.attribution.spi.AttributionStore;
import dev.attribution.testkit.contract.AttributionStoreContract;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "dev.attribution.cassandra.TestCluster#isAvailable", disabledReason = "no node: see the output")
class CassandraStoreTest extends AttributionStoreContract {
    /** One set of tables more than tests that run at a time. */
    private static final int TABLES = 3;

    private static final Queue<UsedTables> USED = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger CREATED = new AtomicInteger();

    /** The tables of this test: JUnit makes an instance for each test, and runs several tests at a time. */
    private @Nullable String prefix;

    /** Tables of an earlier test, which are being emptied while other tests run. */
    private record UsedTables(String prefix, CompletableFuture<?> isEmpty) {}

    /** The times of the contract are years apart, so buckets are as long as they can be; two shards have to be merged. */
    private CassandraAttributionStore.Builder store(CqlSession session) {
        return CassandraAttributionStore.builder(Mutation.applied(session))
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix(Objects.requireNonNull(prefix))
                .reportBuckets(Duration.ofDays(31), 2);
    }

    @Override
    protected AttributionStore openStore() {
        UsedTables used = CREATED.get() < TABLES ? null : USED.poll();
        if (used == null) {
            prefix = "contract" + CREATED.incrementAndGet() + "_";
        } else {
            prefix = used.prefix();
            used.isEmpty().join();
        }
        return store(TestCluster.session()).build();
    }

    @AfterEach
    void emptyTables() {
        if (prefix != null) {
            USED.add(new UsedTables(prefix, TestCluster.empty(prefix)));
        }
    }

    /** The longest tests send some ten thousand conditional writes. */
    @Override
    protected Duration timeLimit() {
        return Duration.ofMinutes(5);
    }

    @Override
    protected Optional<AttributionStore> openAgain(AttributionStore store) {
        return Optional.of(store(TestCluster.another())
                .schemaMode(CassandraSchemaMode.VALIDATE)
                .build());
    }

    @Override
    protected Optional<AttributionStore> openWithoutBackend() throws IOException {
        AnswerProxy proxy = new AnswerProxy(TestCluster.address());
        CqlSession session = TestCluster.connectOnlyTo(proxy.address());
        AttributionStore store = store(session).patience(Duration.ofSeconds(1)).build();
        proxy.close();
        return Optional.of(store);
    }
}
