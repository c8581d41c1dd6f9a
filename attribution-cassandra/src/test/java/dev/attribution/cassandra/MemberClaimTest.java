package dev.attribution.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.DeletedRows;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** One credit for each member and offer, while writers fail between the claim of this scope and the credit. */
@Execution(ExecutionMode.SAME_THREAD)
@ResourceLock("the tables lost_")
@EnabledIf(value = "dev.attribution.cassandra.TestCluster#isAvailable", disabledReason = "no node: see the output")
class MemberClaimTest {
    private static final String PREFIX = "lost_"; // the tables of LostAnswerTest

    private static final Instant OLD = Instant.parse("2020-03-01T12:00:00Z");

    private final String member = "member-" + UUID.randomUUID();
    private AnswerProxy proxy;
    private CqlSession session;
    private CassandraAttributionStore otherStore;
    private Attribution unlucky;
    private Attribution other;

    @BeforeEach
    void openStores() throws Exception {
        proxy = new AnswerProxy(TestCluster.address());
        otherStore = store(TestCluster.session(), Duration.ofSeconds(10));
        other = Attribution.builder(otherStore).build();
        session = TestCluster.connectOnlyTo(proxy.address());
        unlucky = Attribution.builder(store(session, Duration.ofSeconds(1))).build();
        other.offers()
                .put(Offer.builder("once")
                        .trackingLink("https://example.com?sub1={gk_click_id}")
                        .duplicatePolicy(DuplicatePolicy.onePerMemberAndOffer())
                        .build());
    }

    private static CassandraAttributionStore store(CqlSession session, Duration patience) {
        return CassandraAttributionStore.builder(Mutation.applied(session))
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix(PREFIX)
                .patience(patience)
                .build();
    }

    @AfterEach
    void close() {
        proxy.release();
        session.close();
        proxy.close();
    }

    @Test
    void replacesTheClaimOfAWriterThatFailedBeforeItsCredit() {
        ClickId first = click();
        ClickId second = click();
        proxy.cut(AnswerProxy.BATCH, 2); // the first one writes what leads to the credit

        assertThatThrownBy(() -> unlucky.postback("gk_click_id=" + first))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        thrown -> assertThat(thrown.isTransient()).isTrue());
        PostbackOutcome won = other.postback("gk_click_id=" + second);
        proxy.heal();
        PostbackOutcome late = unlucky.postback("gk_click_id=" + first);

        assertThat(proxy.lostAnswers()).isPositive();
        assertThat(won.kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(late.kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(late.conversionId()).isEqualTo(won.conversionId());
    }

    @Test
    void keepsTheClaimOfAWriterThatFailedAfterItsCredit() {
        ClickId first = click();
        ClickId second = click();
        proxy.lose(AnswerProxy.BATCH, 2);

        assertThatThrownBy(() -> unlucky.postback("gk_click_id=" + first)).isInstanceOf(StorageException.class);
        PostbackOutcome late = other.postback("gk_click_id=" + second);

        assertThat(proxy.lostAnswers()).isPositive();
        assertThat(late.kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(other.trace(first).conversions())
                .extracting(Conversion::conversionId)
                .containsExactly(late.conversionId().orElseThrow());
    }

    @Test
    void refusesACreditThatComesAfterItsClaimWasReplaced() throws Exception {
        ClickId first = click();
        ClickId second = click();
        proxy.hold(AnswerProxy.BATCH, 2);
        FutureTask<PostbackOutcome> delayed = new FutureTask<>(() -> unlucky.postback("gk_click_id=" + first));
        new Thread(delayed, "delayed").start();
        proxy.awaitHeld();

        PostbackOutcome won = other.postback("gk_click_id=" + second);
        proxy.release();

        assertThat(won.kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(delayed.get().kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(delayed.get().conversionId()).isEqualTo(won.conversionId());
        assertThat(other.trace(first).conversions()).isEmpty();
    }

    @Test
    void refusesACreditThatComesAfterItsClickWasDeleted() throws Exception {
        Click first = new Click(ClickIdGenerator.random().next(), "once", member, OLD, ClickContext.empty());
        otherStore.clicks().insert(List.of(first));
        ClickId second = click();
        proxy.hold(AnswerProxy.BATCH, 2);
        FutureTask<PostbackOutcome> delayed =
                new FutureTask<>(() -> unlucky.postback("gk_click_id=" + first.clickId()));
        new Thread(delayed, "delayed").start();
        proxy.awaitHeld();

        PostbackOutcome won = other.postback("gk_click_id=" + second);
        DeletedRows deleted = otherStore
                .retention()
                .orElseThrow()
                .deleteClicks(OLD.plus(Duration.ofDays(1)), Instant.now().plus(Duration.ofDays(1)), null, 100);
        proxy.release();

        assertThat(won.kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(deleted.clicks()).isPositive();
        assertThat(delayed.get().kind()).isEqualTo(Kind.UNATTRIBUTED);
        assertThat(otherStore
                        .reports()
                        .orElseThrow()
                        .conversions(
                                ReportFilter.builder().clickId(first.clickId()).build(), null, 10))
                .isEmpty();
    }

    private ClickId click() {
        return other.click(ClickRequest.of("once", member)).clickId();
    }
}
