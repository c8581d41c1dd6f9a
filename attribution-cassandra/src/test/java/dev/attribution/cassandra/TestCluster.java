package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultProtocolVersion;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.DriverExecutionProfile;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.metadata.EndPoint;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import com.datastax.oss.driver.api.core.session.Request;
import com.datastax.oss.driver.api.core.tracker.RequestTracker;
import com.datastax.oss.driver.internal.core.metadata.DefaultEndPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** The cluster of all tests in this JVM: one node, or as many as {@code -Dcassandra.nodes} says. */
final class TestCluster {
    static final String KEYSPACE = "attribution";
    static final int NODES = Integer.getInteger("cassandra.nodes", 1);

    private static final TestCluster INSTANCE = new TestCluster();

    private final CassandraNodes nodes;
    private final CqlSession session;
    private final CqlSession another;
    private final InetSocketAddress address;

    private TestCluster() {
        String running = System.getProperty("cassandra.address"); // of a node that runs already, to try something
        try {
            nodes = running == null ? CassandraNodes.start(NODES) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        address = running == null
                ? nodes.address(0)
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(running));
        session = connect(address);
        another = connect(address);
        // One node is never started again, and truncates a table ten times as fast without its commit log
        session.execute("CREATE KEYSPACE IF NOT EXISTS " + KEYSPACE
                + " WITH replication = {'class': 'NetworkTopologyStrategy', 'replication_factor': " + NODES
                + "} AND durable_writes = " + (NODES > 1));
        System.out.println("The tests run on Cassandra "
                + session.execute("SELECT release_version FROM system.local")
                        .one()
                        .getString(0) + ", nodes: " + NODES);
    }

    static InetSocketAddress address() {
        return INSTANCE.address;
    }

    /** Connects to one address and to no other node of the cluster, and again soon after a connection was lost. */
    static CqlSession connectOnlyTo(InetSocketAddress address) {
        EndPoint only = new DefaultEndPoint(address);
        return CqlSession.builder()
                .withConfigLoader(
                        config().withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(20))
                                .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofMillis(100))
                                .build())
                .addContactEndPoint(only)
                .withLocalDatacenter(CassandraNodes.DATACENTER)
                .withNodeDistanceEvaluator(
                        (node, datacenter) -> node.getEndPoint().equals(only) ? null : NodeDistance.IGNORED)
                .build();
    }

    /** Connects as a host does, and counts the requests. */
    static CqlSession counted(AtomicLong requests) {
        return CassandraAttributionStore.session()
                .addContactPoint(INSTANCE.address)
                .withLocalDatacenter(CassandraNodes.DATACENTER)
                .addRequestTracker(new RequestTracker() {
                    @Override
                    public void onSuccess(
                            Request request,
                            long latencyNanos,
                            DriverExecutionProfile executionProfile,
                            Node node,
                            String requestLogPrefix) {
                        requests.incrementAndGet();
                    }

                    @Override
                    public void close() {}
                })
                .build();
    }

    static CqlSession connect(InetSocketAddress address) {
        return CassandraAttributionStore.session()
                .withConfigLoader(config().build())
                .addContactPoint(address)
                .withLocalDatacenter(CassandraNodes.DATACENTER)
                .build();
    }

    /** The settings of the store's own sessions, with more time on a busy machine, and without waits for the end of activity. */
    private static ProgrammaticDriverConfigLoaderBuilder config() {
        return DriverConfigLoader.programmaticBuilder()
                .withString(DefaultDriverOption.PROTOCOL_VERSION, DefaultProtocolVersion.V4.name())
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofMinutes(1))
                .withInt(DefaultDriverOption.CONNECTION_MAX_REQUESTS, 2_048)
                .withDuration(DefaultDriverOption.METADATA_SCHEMA_WINDOW, Duration.ofMillis(1))
                .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0);
    }

    /** Returns whether the tests can run: a node needs JDK 17, and {@code -Dengines} may select other engines only. */
    static boolean isAvailable() {
        String engines = System.getProperty("engines");
        if (engines != null && !List.of(engines.split(",", -1)).contains("cassandra")) {
            System.out.println("NOT RUN, since -Dengines=" + engines + ": all tests on cassandra");
            return false;
        }
        if (CassandraNodes.jdk17().isEmpty()) {
            System.out.println("NOT RUN, since no JDK 17 is installed, which a node needs: all tests on cassandra,"
                    + " the contract of the store among them");
            return false;
        }
        return true;
    }

    static CassandraNodes nodes() {
        return INSTANCE.nodes;
    }

    /** Returns whether the cluster survives the loss of a node. */
    static boolean hasThreeNodes() {
        if (NODES != 3 || System.getProperty("cassandra.address") != null) {
            System.out.println(
                    "NOT RUN, since it needs -Dcassandra.nodes=3: the races on three nodes, while nodes and callers"
                            + " fail");
            return false;
        }
        return isAvailable();
    }

    /** Returns the addresses of all nodes as texts, for another process. */
    static List<String> contactPoints() {
        return IntStream.range(0, NODES)
                .mapToObj(node -> INSTANCE.nodes.address(node))
                .map(address -> address.getHostString() + ":" + address.getPort())
                .toList();
    }

    static CqlSession session() {
        return INSTANCE.session;
    }

    /** Returns a session with connections of its own, as another process has. */
    static CqlSession another() {
        return INSTANCE.another;
    }

    /**
     * Empties all tables of a prefix but that of the settings, which the stores of a test have in common. To create other
     * tables would take longer.
     */
    static CompletableFuture<?> empty(String prefix) {
        CqlSession session = session();
        return CompletableFuture.allOf(
                session.getMetadata().getKeyspace(KEYSPACE).orElseThrow().getTables().values().stream()
                        .map(TableMetadata::getName)
                        .filter(table -> table.asInternal().startsWith(prefix)
                                && !table.asInternal().equals(prefix + "setting"))
                        .map(table -> session.executeAsync("TRUNCATE " + KEYSPACE + "." + table.asCql(true))
                                .toCompletableFuture())
                        .toArray(CompletableFuture[]::new));
    }
}
