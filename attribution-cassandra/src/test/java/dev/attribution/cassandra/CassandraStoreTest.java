package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.attribution.spi.AttributionStore;
import dev.attribution.testkit.contract.AttributionStoreContract;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "dev.attribution.cassandra.TestCluster#isAvailable", disabledReason = "no node: see the output")
class CassandraStoreTest extends AttributionStoreContract {
    private static final String PREFIX = "contract_";

    /** The times of the contract are years apart, so buckets are as long as they can be; two shards have to be merged. */
    private static CassandraAttributionStore.Builder store(CqlSession session) {
        return CassandraAttributionStore.builder(session)
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix(PREFIX)
                .reportBuckets(Duration.ofDays(31), 2);
    }

    @Override
    protected AttributionStore openStore() {
        TestCluster.empty(PREFIX);
        return store(TestCluster.session()).build();
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
