package dev.attribution.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.Settlement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A write that was applied and whose answer is lost finds its own row when it is repeated. */
@Execution(ExecutionMode.SAME_THREAD)
@ResourceLock("the tables lost_")
@EnabledIf(value = "dev.attribution.cassandra.TestCluster#isAvailable", disabledReason = "no node: see the output")
class LostAnswerTest {
    private static final String PREFIX = "lost_";

    private AnswerProxy proxy;
    private CqlSession session;
    private Attribution attribution;

    @BeforeEach
    void openStore() throws Exception {
        proxy = new AnswerProxy(TestCluster.address());
        session = TestCluster.connectOnlyTo(proxy.address());
        attribution = Attribution.builder(CassandraAttributionStore.builder(Mutation.applied(session))
                        .keyspace(TestCluster.KEYSPACE)
                        .tablePrefix(PREFIX)
                        .build())
                .build();
        attribution
                .offers()
                .put(Offer.builder("spring-sale")
                        .trackingLink("https://example.com?sub1={gk_click_id}")
                        .build());
    }

    @AfterEach
    void close() {
        session.close();
        proxy.close();
    }

    @Test
    void creditsOnceWhenTheAnswersToCreditsAreLost() {
        List<ClickId> clicks = clicks();

        // a postback sends what leads to its credit, then the credit: an odd number always loses the first, an even one
        // the other
        for (int everyNth : List.of(4, 5)) {
            proxy.lose(AnswerProxy.BATCH, everyNth);
            for (ClickId click : everyNth == 4 ? clicks.subList(0, 5) : clicks.subList(5, 10)) {
                PostbackOutcome outcome = attribution.postback("gk_click_id=" + click);

                assertThat(outcome.kind()).isEqualTo(Kind.ATTRIBUTED);
            }
        }
        assertThat(proxy.lostAnswers()).isGreaterThan(2);
        proxy.heal();
        assertEachIsCreditedOnce(clicks, 1);
    }

    @Test
    void storesEveryClickAndEveryEntryOnceWhenAnyAnswerIsLost() {
        proxy.lose(AnswerProxy.EXECUTE, 12);

        List<ClickId> clicks = clicks();
        clicks.forEach(click ->
                assertThat(attribution.postback("gk_click_id=" + click).kind()).isEqualTo(Kind.ATTRIBUTED));
        clicks.forEach(click ->
                assertThat(attribution.postback("gk_click_id=" + click).kind()).isEqualTo(Kind.DUPLICATE));

        assertThat(proxy.lostAnswers()).isGreaterThan(2);
        proxy.heal();
        assertEachIsCreditedOnce(clicks, 2);
    }

    @Test
    void findsAllSettlementsOfABatchWhoseAnswerIsLostWithoutWritingThemOneByOne() {
        Queue<BatchStatement> batches = new ConcurrentLinkedQueue<>();
        CqlSession losing = Sessions.answering(CqlSession.class, TestCluster.session(), (method, arguments) -> {
            if (!method.equals("executeAsync") || !(arguments[0] instanceof BatchStatement batch)) {
                return null;
            }
            batches.add(batch);
            boolean isLost = isConditional(batch)
                    && batches.stream().filter(LostAnswerTest::isConditional).count() == 1;
            return isLost
                    ? TestCluster.session()
                            .executeAsync(batch)
                            .thenCompose(applied ->
                                    CompletableFuture.failedFuture(new DriverTimeoutException("the answer is lost")))
                    : null;
        });
        CassandraAttributionStore store = CassandraAttributionStore.builder(losing)
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix(PREFIX)
                .build();
        ClickId unknown = ClickIdGenerator.random().next();
        List<Settlement> settlements = IntStream.range(0, 3)
                .mapToObj(i -> new Settlement(
                        HistoryEntry.builder(UUID.randomUUID())
                                .receivedAt(Instant.parse("2020-03-01T12:00:00Z"))
                                .outcome(Kind.UNATTRIBUTED, Reason.UNKNOWN_CLICK_ID)
                                .clickId(unknown.value(), unknown)
                                .query("gk_click_id=" + unknown + "&n=" + i, false)
                                .build(),
                        Optional.empty()))
                .toList();

        assertThat(store.conversions().append(settlements))
                .hasSize(3)
                .allMatch(result -> result.equals(new AppendResult.Appended()));

        assertThat(batches.stream().filter(LostAnswerTest::isConditional)).hasSize(2);
        assertThat(store.conversions().append(settlements))
                .as("what another call finds")
                .allMatch(AppendResult.Known.class::isInstance);
    }

    private static boolean isConditional(BatchStatement batch) {
        return StreamSupport.stream(batch.spliterator(), false)
                .anyMatch(one -> one instanceof BoundStatement bound
                        && bound.getPreparedStatement().getQuery().contains(" IF "));
    }

    private List<ClickId> clicks() {
        return IntStream.range(0, 10)
                .mapToObj(i -> attribution
                        .click(ClickRequest.of("spring-sale", "member-" + i))
                        .clickId())
                .toList();
    }

    private void assertEachIsCreditedOnce(List<ClickId> clicks, int entries) {
        for (ClickId click : clicks) {
            assertThat(attribution.trace(click).conversions()).hasSize(1);
            assertThat(attribution.trace(click).history())
                    .hasSize(entries)
                    .extracting(HistoryEntry::kind)
                    .containsOnlyOnce(Kind.ATTRIBUTED);
        }
    }
}
