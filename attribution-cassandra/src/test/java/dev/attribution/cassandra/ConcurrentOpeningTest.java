package dev.attribution.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickIdGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Processes that start at the same time on an empty keyspace of three nodes. */
@EnabledIf(value = "dev.attribution.cassandra.TestCluster#hasThreeNodes", disabledReason = "see the output")
class ConcurrentOpeningTest {
    private static final int ROUNDS = 5;
    private static final int PROCESSES = 6;

    @Test
    void createsEachTableOnceAndLosesNothingThatIsWrittenAtOnce() throws Exception {
        List<CqlSession> sessions = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            sessions.add(TestCluster.connect(TestCluster.nodes().address(i % TestCluster.NODES)));
        }
        for (int round = 0; round < ROUNDS; round++) {
            String prefix = "start" + round + "_";
            List<Click> clicks = openAndInsert(sessions, prefix);

            for (CqlSession session : sessions) {
                assertThat(open(session, prefix)
                                .clicks()
                                .find(clicks.stream().map(Click::clickId).toList()))
                        .hasSize(PROCESSES);
            }
            assertThat(idsOf(prefix + "click")).hasSize(1);
        }
        sessions.forEach(CqlSession::close);
    }

    private static List<Click> openAndInsert(List<CqlSession> sessions, String prefix) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<FutureTask<Click>> processes = sessions.stream()
                .map(session -> new FutureTask<>(() -> {
                    start.await();
                    Click click = new Click(
                            ClickIdGenerator.random().next(), "offer", "member", Instant.EPOCH, ClickContext.empty());
                    open(session, prefix).clicks().insert(List.of(click));
                    return click;
                }))
                .toList();
        processes.forEach(process -> new Thread(process, "process").start());
        start.countDown();
        List<Click> clicks = new ArrayList<>();
        for (FutureTask<Click> process : processes) {
            clicks.add(process.get());
        }
        return clicks;
    }

    /** Opens a store as a process does that is started again when its nodes have too much to do. */
    private static CassandraAttributionStore open(CqlSession session, String prefix) {
        while (true) {
            try {
                return CassandraAttributionStore.builder(session)
                        .keyspace(TestCluster.KEYSPACE)
                        .tablePrefix(prefix)
                        .build();
            } catch (StorageException e) {
                if (!e.isTransient()) {
                    throw e;
                }
            }
        }
    }

    /** Returns the ids that the nodes have for a table. */
    private static Set<UUID> idsOf(String table) {
        Set<UUID> ids = new HashSet<>();
        for (Node node : TestCluster.session().getMetadata().getNodes().values()) {
            ids.add(TestCluster.session()
                    .execute(SimpleStatement.newInstance(
                                    "SELECT id FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?",
                                    TestCluster.KEYSPACE,
                                    table)
                            .setNode(node))
                    .one()
                    .getUuid(0));
        }
        return ids;
    }
}
