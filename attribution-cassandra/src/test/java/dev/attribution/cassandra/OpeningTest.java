package dev.attribution.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.metadata.Metadata;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import com.datastax.oss.driver.api.core.retry.RetryPolicy;
import com.datastax.oss.driver.internal.core.retry.ConsistencyDowngradingRetryPolicy;
import com.datastax.oss.driver.internal.core.retry.DefaultRetryPolicy;
import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.history.HistoryEntry;
import dev.attribution.report.ReportFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "dev.attribution.cassandra.TestCluster#isAvailable", disabledReason = "no node: see the output")
class OpeningTest {
    private static final Logger LOG =
            Logger.getLogger(CassandraAttributionStore.class.getName()); // kept: it has a level

    private static CassandraAttributionStore.Builder store(String prefix) {
        return CassandraAttributionStore.builder(TestCluster.session())
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix(prefix);
    }

    @Test
    void refusesEveryPairOfLevelsButTwo() {
        int refused = 0;
        for (ConsistencyLevel level : DefaultConsistencyLevel.values()) {
            for (ConsistencyLevel serialLevel : DefaultConsistencyLevel.values()) {
                boolean isAllowed = List.of("LOCAL_QUORUM and LOCAL_SERIAL", "QUORUM and SERIAL")
                        .contains(level + " and " + serialLevel);
                if (!isAllowed) {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> store("levels_").consistency(level, serialLevel))
                            .withMessageContaining("LOCAL_QUORUM and LOCAL_SERIAL, or QUORUM and SERIAL");
                    refused++;
                }
            }
        }
        assertThat(refused)
                .isEqualTo(DefaultConsistencyLevel.values().length * DefaultConsistencyLevel.values().length - 2);
    }

    @Test
    void refusesAStoreThatDiffersFromTheFirstOne() {
        assertThatThrownBy(() ->
                        store("fixed_").schemaMode(CassandraSchemaMode.VALIDATE).build())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("the table fixed_click")
                .hasMessageContaining("the table fixed_listed")
                .extracting(thrown -> ((StorageException) thrown).isTransient())
                .isEqualTo(false);
        CassandraSchema.statements(TestCluster.KEYSPACE, "fixed_").forEach(TestCluster.session()::execute);
        store("fixed_").schemaMode(CassandraSchemaMode.VALIDATE).build();

        store("fixed_").schemaMode(CassandraSchemaMode.VALIDATE).build();
        store("fixed_").schemaMode(CassandraSchemaMode.NONE).build();
        assertThatThrownBy(() -> store("fixed_")
                        .consistency(DefaultConsistencyLevel.QUORUM, DefaultConsistencyLevel.SERIAL)
                        .build())
                .isExactlyInstanceOf(AttributionException.class)
                .hasMessageContaining("QUORUM and SERIAL")
                .hasMessageContaining("LOCAL_QUORUM and LOCAL_SERIAL in the data center datacenter1");
        assertThatThrownBy(() ->
                        store("fixed_").reportBuckets(Duration.ofMinutes(1), 8).build())
                .isExactlyInstanceOf(AttributionException.class)
                .hasMessageContaining("60 seconds in 8 shards");
    }

    @Test
    void refusesLocalLevelsInASessionThatReachesSeveralDataCenters() {
        assertThatThrownBy(() -> CassandraAttributionStore.builder(
                                Sessions.reaching("datacenter2", NodeDistance.REMOTE, TestCluster.session()))
                        .keyspace(TestCluster.KEYSPACE)
                        .tablePrefix("limit_")
                        .build())
                .isExactlyInstanceOf(AttributionException.class)
                .hasMessageContaining("datacenter1, datacenter2");
        assertThat(CassandraAttributionStore.builder(
                                Sessions.reaching("datacenter2", NodeDistance.IGNORED, TestCluster.session()))
                        .keyspace(TestCluster.KEYSPACE)
                        .tablePrefix("limit_")
                        .build())
                .isNotNull();
    }

    @Test
    void refusesASessionThatRepeatsAtALowerLevel() {
        assertThatThrownBy(() -> builder(new ConsistencyDowngradingRetryPolicy("default"))
                        .build())
                .isExactlyInstanceOf(AttributionException.class)
                .hasMessageContaining("ConsistencyDowngradingRetryPolicy");
        assertThatThrownBy(() -> builder(new ConsistencyDowngradingRetryPolicy("default") {})
                        .build())
                .isExactlyInstanceOf(AttributionException.class);
        assertThat(warnings(builder(new DefaultRetryPolicy(TestCluster.session().getContext(), "default"))))
                .noneMatch(warning -> warning.contains("retry"));
        assertThat(warnings(builder(new DefaultRetryPolicy(TestCluster.session().getContext(), "default") {})))
                .anyMatch(warning -> warning.contains("retry policy dev.attribution"));
    }

    private static CassandraAttributionStore.Builder builder(RetryPolicy policy) {
        CqlSession real = TestCluster.session();
        DriverContext context = Sessions.answering(
                DriverContext.class,
                real.getContext(),
                (method, given) -> method.equals("getRetryPolicy") ? policy : null);
        return CassandraAttributionStore.builder(Sessions.answering(
                        CqlSession.class, real, (method, none) -> method.equals("getContext") ? context : null))
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix("limit_");
    }

    @Test
    void warnsOfConditionalWritesThatAreDecidedInAnotherWay() {
        CqlSession another = Sessions.answering(
                CqlSession.class,
                TestCluster.session(),
                (method, arguments) -> method.equals("execute")
                                && arguments[0] instanceof SimpleStatement statement
                                && statement.getPositionalValues().contains("paxos_variant")
                        ? TestCluster.session()
                                .execute("SELECT name FROM system_views.settings WHERE name = 'paxos_variant'")
                        : null);

        assertThat(warnings(store("limit_"))).noneMatch(warning -> warning.contains("paxos_variant"));
        assertThat(warnings(CassandraAttributionStore.builder(another)
                        .keyspace(TestCluster.KEYSPACE)
                        .tablePrefix("limit_")))
                .anyMatch(warning -> warning.contains("paxos_variant"));
    }

    /** Returns what the log warns of while a store is built. */
    private static List<String> warnings(CassandraAttributionStore.Builder builder) {
        List<String> warnings = new ArrayList<>();
        Thread thread = Thread.currentThread();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (Thread.currentThread() == thread) { // other tests build stores, too
                    warnings.add(new SimpleFormatter().formatMessage(entry));
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        LOG.setLevel(Level.WARNING);
        LOG.addHandler(handler);
        try {
            builder.build();
        } finally {
            LOG.removeHandler(handler);
        }
        return warnings;
    }

    @Test
    void refusesABucketThatIsNotOfWholeSeconds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store("fixed_").reportBuckets(Duration.ofMillis(60_500), 8))
                .withMessageContaining("PT1M0.5S");
    }

    @Test
    void namesAColumnThatIsMissing() {
        for (String statement : CassandraSchema.statements(TestCluster.KEYSPACE, "column_")) {
            TestCluster.session().execute(statement.replace(" writer uuid,", ""));
        }

        assertThatThrownBy(() -> store("column_").build())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("the column writer of the table column_click is missing")
                .hasMessageContaining("alter them, or use another table prefix");
    }

    /** Changes a table, and waits until every node that the session may ask knows of this. */
    private static void execute(String cql) {
        TestCluster.session().execute(cql);
        while (!TestCluster.session().checkSchemaAgreement()) {
            Thread.onSpinWait();
        }
        TestCluster.session().refreshSchema();
    }

    @Test
    void refusesATableWhoseRowsExpire() {
        execute("CREATE TABLE attribution.expiring_offer (offer_id text, doc frozen<map<text, text>>,"
                + " PRIMARY KEY (offer_id)) WITH default_time_to_live = 86400");

        for (CassandraSchemaMode mode : List.of(CassandraSchemaMode.VALIDATE, CassandraSchemaMode.CREATE)) {
            assertThatThrownBy(() -> store("expiring_").schemaMode(mode).build())
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            thrown -> assertThat(thrown.isTransient()).isFalse())
                    .hasMessageContaining("the option default_time_to_live of the table expiring_offer is 86400");
        }
        execute("ALTER TABLE attribution.expiring_offer WITH default_time_to_live = 0");
        assertThatThrownBy(() -> store("expiring_")
                        .schemaMode(CassandraSchemaMode.VALIDATE)
                        .build())
                .hasMessageContaining("the table expiring_click")
                .hasMessageNotContaining("expiring_offer");
    }

    @Test
    void refusesATableWithOtherTypesKeyOrOrderByTheNamesOfItsColumns() {
        execute("CREATE TABLE attribution.other_bucket (list text, bucket int, more text, PRIMARY KEY (list, bucket))");
        execute(
                "CREATE TABLE attribution.other_member (scope uuid, kind tinyint, conversion uuid, home uuid static,"
                        + " attempt uuid, writer uuid, held uuid, doc map<text, text>, PRIMARY KEY ((scope, kind), conversion))");

        assertThatThrownBy(() -> store("other_").build())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(
                        "the column bucket of the table other_bucket is 'bucket int' instead of 'bucket bigint'")
                .hasMessageContaining(
                        "the clustering order of the table other_bucket is (bucket ASC) instead of (bucket DESC)")
                .hasMessageContaining(
                        "the column home of the table other_member is 'home uuid static' instead of 'home uuid'")
                .hasMessageContaining("instead of 'doc frozen<map<text, text>>'")
                .hasMessageContaining("the partition key of the table other_member is (scope, kind) instead of (scope)")
                .hasMessageNotContaining("more");
        assertThat(TestCluster.session()
                        .refreshSchema()
                        .getKeyspace(TestCluster.KEYSPACE)
                        .orElseThrow()
                        .getTable("other_click"))
                .as("what is created before a table is refused")
                .isEmpty();
    }

    @Test
    void waitsForANodeThatHasNotHeardOfTheTablesYet() {
        CqlSession real = TestCluster.session();
        Metadata before = real.getMetadata();
        AtomicInteger refreshes = new AtomicInteger();
        CqlSession late = Sessions.answering(
                CqlSession.class,
                real,
                (method, arguments) ->
                        method.equals("refreshSchema") && refreshes.incrementAndGet() < 3 ? before : null);

        CassandraAttributionStore.builder(late)
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix("late_")
                .build();

        assertThat(refreshes).hasValue(3);
    }

    @Test
    void createsTablesThroughTheNodeThatEveryProcessPicks() {
        CqlSession real = TestCluster.session();
        Queue<SimpleStatement> sent = new ConcurrentLinkedQueue<>();
        CqlSession recording = Sessions.answering(CqlSession.class, real, (method, arguments) -> {
            if (method.startsWith("execute") && arguments[0] instanceof SimpleStatement statement) {
                sent.add(statement);
            }
            return null;
        });

        CassandraAttributionStore.builder(recording)
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix("created_")
                .build();

        Node expected =
                SchemaCreation.creator(real.getMetadata().getNodes().values()).orElseThrow();
        List<SimpleStatement> ofSchema = sent.stream()
                .filter(statement -> statement.getQuery().startsWith("CREATE")
                        || statement.getQuery().contains("system_schema."))
                .toList();
        assertThat(ofSchema).extracting(SimpleStatement::getNode).containsOnly(expected);
        assertThat(ofSchema)
                .extracting(statement -> statement.getQuery().split(" ", 4)[1])
                .containsExactly(
                        "table_name",
                        "TABLE",
                        "TABLE",
                        "TABLE",
                        "TABLE",
                        "TABLE",
                        "TABLE",
                        "TABLE",
                        "index_name",
                        "INDEX");
    }

    @Test
    void createsNothingThatTheNodeKnowsAlready() {
        CqlSession real = TestCluster.session();
        Metadata before = real.getMetadata();
        Queue<String> sent = new ConcurrentLinkedQueue<>();
        CqlSession late = Sessions.answering(CqlSession.class, real, (method, arguments) -> {
            if (method.startsWith("execute") && arguments[0] instanceof SimpleStatement statement) {
                sent.add(statement.getQuery());
            }
            return method.equals("getMetadata") ? before : null;
        });
        store("known_").build();
        assertThat(before.getKeyspace(TestCluster.KEYSPACE).orElseThrow().getTable("known_click"))
                .isEmpty();

        CassandraAttributionStore.builder(late)
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix("known_")
                .build();

        assertThat(sent)
                .anyMatch(cql -> cql.contains("system_schema.tables"))
                .noneMatch(cql -> cql.startsWith("CREATE"));
    }

    @Test
    void picksTheUsedNodeWithTheSmallestIdThatIsNotDown() {
        List<Node> nodes = List.of(
                node(5, NodeState.UP, NodeDistance.LOCAL),
                node(3, NodeState.UNKNOWN, NodeDistance.REMOTE),
                node(1, NodeState.DOWN, NodeDistance.LOCAL),
                node(0, NodeState.FORCED_DOWN, NodeDistance.LOCAL),
                node(2, NodeState.UP, NodeDistance.IGNORED),
                node(4, NodeState.UP, NodeDistance.LOCAL));

        assertThat(SchemaCreation.creator(nodes)).containsSame(nodes.get(1));
        assertThat(SchemaCreation.creator(nodes.subList(2, 5))).isEmpty();
    }

    private static Node node(long id, NodeState state, NodeDistance distance) {
        Node real = TestCluster.session()
                .getMetadata()
                .getNodes()
                .values()
                .iterator()
                .next();
        return Sessions.answering(Node.class, real, (method, none) -> switch (method) {
            case "getHostId" -> new UUID(0, id);
            case "getState" -> state;
            case "getDistance" -> distance;
            default -> null;
        });
    }

    @Test
    void raisesAStorageExceptionIfTheSessionIsClosedWhileTablesAreCreated() {
        IllegalStateException closed = new IllegalStateException("Session is closed");
        CqlSession closing = Sessions.answering(
                CqlSession.class,
                TestCluster.session(),
                (method, arguments) -> method.equals("executeAsync")
                                && arguments[0] instanceof SimpleStatement statement
                                && statement.getQuery().startsWith("CREATE")
                        ? CompletableFuture.failedFuture(closed)
                        : null);

        assertThatThrownBy(() -> CassandraAttributionStore.builder(closing)
                        .keyspace(TestCluster.KEYSPACE)
                        .tablePrefix("closed_")
                        .build())
                .isInstanceOf(StorageException.class)
                .hasCause(closed);
    }

    @Test
    void takesTheAnswerOfTheWriteThatWritesItsSettingsDown() {
        Queue<String> sent = new ConcurrentLinkedQueue<>();
        CqlSession recording = Sessions.answering(CqlSession.class, TestCluster.session(), (method, arguments) -> {
            if (method.equals("execute")
                    && arguments[0] instanceof SimpleStatement statement
                    && statement.getQuery().contains("limit_setting")) {
                sent.add(statement.getQuery());
                // as a replica answers that does not have the row yet
                return statement.getQuery().startsWith("SELECT")
                        ? TestCluster.session().execute("SELECT * FROM system.local WHERE key = 'nothing'")
                        : null;
            }
            return null;
        });
        CassandraAttributionStore.Builder builder = CassandraAttributionStore.builder(recording)
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix("limit_");
        store("limit_").build();

        builder.build();
        assertThat(sent).hasSize(4);
        assertThatThrownBy(() -> builder.reportBuckets(Duration.ofMinutes(1), 8).build())
                .isExactlyInstanceOf(AttributionException.class)
                .hasMessageContaining("3600 seconds in 4 shards");
    }

    @Test
    void namesTheSettingOfASessionThatDoesNotKnowTheKeyspace() {
        CqlSession disabled = Sessions.answering(
                CqlSession.class,
                TestCluster.session(),
                (method, none) -> method.equals("isSchemaMetadataEnabled") ? false : null);
        Metadata real = TestCluster.session().getMetadata();
        Metadata nothing = Sessions.answering(
                Metadata.class, real, (method, none) -> method.equals("getKeyspace") ? Optional.empty() : null);
        CqlSession leavingOut = Sessions.answering(
                CqlSession.class,
                TestCluster.session(),
                (method, none) -> method.equals("getMetadata") || method.equals("refreshSchema") ? nothing : null);

        assertThatThrownBy(() -> CassandraAttributionStore.builder(disabled).build())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("advanced.metadata.schema.enabled");
        assertThatThrownBy(() -> CassandraAttributionStore.builder(leavingOut)
                        .keyspace(TestCluster.KEYSPACE)
                        .build())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("advanced.metadata.schema.refreshed-keyspaces");
        assertThatThrownBy(() -> CassandraAttributionStore.builder(leavingOut)
                        .keyspace("absent")
                        .build())
                .hasMessageContaining("CREATE KEYSPACE absent");
    }

    @Test
    void takesReservedWordsForTheKeyspaceAndThePrefix() {
        TestCluster.session()
                .execute("CREATE KEYSPACE \"order\" WITH replication = {'class': 'NetworkTopologyStrategy',"
                        + " 'replication_factor': 1} AND durable_writes = false");
        CassandraAttributionStore store = CassandraAttributionStore.builder(TestCluster.session())
                .keyspace("order")
                .tablePrefix("full")
                .build();

        Attribution.builder(store).build().postback("gk_click_id=unknown");

        assertThat(store.reports().orElseThrow().history(ReportFilter.all(), null, 2))
                .hasSize(1);
        TestCluster.session().execute("DROP KEYSPACE \"order\"");
    }

    @Test
    void refusesAKeyspaceThatDoesNotExist() {
        assertThatThrownBy(() -> store("").keyspace("absent").build())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("CREATE KEYSPACE absent");
    }

    @Test
    void refusesNamesThatAreNoIdentifiers() {
        for (String name : List.of("a-b", "A", "1a", "a.b", "a;b", "a".repeat(49))) {
            assertThatIllegalArgumentException().isThrownBy(() -> store("").keyspace(name));
            assertThatIllegalArgumentException().isThrownBy(() -> store(name));
        }
    }

    @Test
    void refusesAReportThatWouldReadTooMuchByTheNamesOfItsConditions() {
        CassandraAttributionStore store = store("limit_").maxReportRows(4).build();
        Attribution attribution = Attribution.builder(store).build();
        for (int i = 0; i < 6; i++) {
            attribution.postback("gk_click_id=unknown-" + i);
        }

        assertThat(store.reports().orElseThrow().history(ReportFilter.all(), null, 6))
                .extracting(entry -> entry.receivedClickId().orElseThrow())
                .containsExactly("unknown-5", "unknown-4", "unknown-3", "unknown-2", "unknown-1", "unknown-0");
        assertThat(store.reports()
                        .orElseThrow()
                        .history(ReportFilter.builder().clickId("unknown-3").build(), null, 1))
                .extracting(HistoryEntry::receivedClickId)
                .hasSize(1);
        ReportFilter nobody = ReportFilter.builder().memberId("nobody").build();
        assertThat(store.reports().orElseThrow().history(nobody, null, 1)).isEmpty();
        assertThatThrownBy(() -> store.displayedReports()
                        .orElseThrow()
                        .history(
                                ReportFilter.builder()
                                        .memberId("nobody")
                                        .caller("offerwall")
                                        .build(),
                                null,
                                1))
                .isExactlyInstanceOf(AttributionException.class)
                .hasMessageContaining("no index for member, caller");
    }
}
