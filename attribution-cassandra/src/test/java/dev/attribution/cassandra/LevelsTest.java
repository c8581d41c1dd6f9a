package dev.attribution.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The levels of the statements that the store sends. One node answers alike at every level. */
@EnabledIf(value = "dev.attribution.cassandra.TestCluster#isAvailable", disabledReason = "no node: see the output")
class LevelsTest {
    private final Queue<Statement<?>> sent = new ConcurrentLinkedQueue<>();
    private final String member = "member-" + UUID.randomUUID();
    private CassandraAttributionStore store;
    private Attribution attribution;

    @BeforeEach
    void openStore() {
        CqlSession recording = Sessions.answering(CqlSession.class, TestCluster.session(), (method, arguments) -> {
            if (method.equals("executeAsync") && arguments[0] instanceof Statement<?> statement) {
                sent.add(statement);
            }
            return null;
        });
        store = CassandraAttributionStore.builder(Mutation.applied(recording))
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix("lost_")
                .build();
        attribution = Attribution.builder(store).build();
        attribution
                .offers()
                .put(Offer.builder("levels")
                        .trackingLink("https://example.com?sub1={gk_click_id}")
                        .duplicatePolicy(DuplicatePolicy.onePerMemberAndOffer())
                        .build());
        sent.clear();
    }

    @Test
    void readsAndWritesAtAQuorumAndDecidesSerially() {
        ClickId click = attribution.click(ClickRequest.of("levels", member)).clickId();
        attribution.postback("gk_click_id=" + click);
        attribution.postback("gk_click_id=" + click + "&status=reversed");

        assertThat(levels()).containsExactly(DefaultConsistencyLevel.LOCAL_QUORUM);
        assertThat(sent.stream().filter(LevelsTest::isConditional).map(Statement::getSerialConsistencyLevel))
                .hasSizeGreaterThan(3)
                .containsOnly(DefaultConsistencyLevel.LOCAL_SERIAL);
        assertThat(sent.stream().filter(LevelsTest::isConditional).map(Statement::isIdempotent))
                .as("whether the driver repeats a conditional write, whose fate only the store can find out")
                .containsOnly(false);
    }

    @Test
    void looksForAnAttemptOfUnknownFateSerially() {
        ClickId click = attribution.click(ClickRequest.of("levels", member)).clickId();
        attribution.postback("gk_click_id=" + click);
        CassandraConversions conversions = (CassandraConversions) store.conversions();
        UUID attempt = attribution.trace(click).history().get(0).attemptId();
        sent.clear();

        conversions.findEntry(click.uuid(), attempt).toCompletableFuture().join();

        assertThat(levels()).containsExactly(DefaultConsistencyLevel.LOCAL_SERIAL);
    }

    private Set<ConsistencyLevel> levels() {
        return sent.stream().map(Statement::getConsistencyLevel).collect(Collectors.toSet());
    }

    private static boolean isConditional(Statement<?> statement) {
        if (statement instanceof BatchStatement batch) {
            return StreamSupport.stream(batch.spliterator(), false).anyMatch(LevelsTest::isConditional);
        }
        return statement instanceof BoundStatement bound
                && bound.getPreparedStatement().getQuery().contains(" IF ");
    }
}
