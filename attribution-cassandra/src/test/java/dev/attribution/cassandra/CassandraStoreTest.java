package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.attribution.spi.AttributionStore;
import dev.attribution.testkit.contract.AttributionStoreContract;
import dev.attribution.testkit.contract.Capability;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "dev.attribution.cassandra.TestCluster#isAvailable", disabledReason = "no node: see the output")
class CassandraStoreTest extends AttributionStoreContract {
    private static final String PREFIX = "contract_";

    @Override
    protected AttributionStore openStore() {
        TestCluster.empty(PREFIX);
        return CassandraAttributionStore.builder(TestCluster.session())
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix(PREFIX)
                .build();
    }

    @Override
    protected Set<Capability> capabilities() {
        return EnumSet.of(Capability.REPORTS, Capability.IDS_WITHOUT_TIME);
    }

    /** The longest tests send some ten thousand conditional writes. */
    @Override
    protected Duration timeLimit() {
        return Duration.ofMinutes(5);
    }

    @Override
    protected Optional<AttributionStore> openAgain(AttributionStore store) {
        return Optional.of(CassandraAttributionStore.builder(TestCluster.another())
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix(PREFIX)
                .schemaMode(SchemaMode.VALIDATE)
                .build());
    }

    @Override
    protected Optional<AttributionStore> openWithoutBackend() throws IOException {
        Proxy proxy = new Proxy(TestCluster.address());
        CqlSession session = TestCluster.connectOnlyTo(proxy.address());
        AttributionStore store = CassandraAttributionStore.builder(session)
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix(PREFIX)
                .patience(Duration.ofSeconds(1))
                .build();
        proxy.close();
        return Optional.of(store);
    }
}
