package dev.attribution.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.attribution.AttributionException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionChange;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.DeletedRows;
import dev.attribution.spi.Settlement;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Deletions and erasures, while another process writes, deletes or erases the same. */
@Execution(ExecutionMode.SAME_THREAD)
@EnabledIf(value = "dev.attribution.cassandra.TestCluster#isAvailable", disabledReason = "no node: see the output")
class DeletionRaceTest {
    private static final Instant OLD = Instant.parse("2020-03-01T12:00:00Z");
    private static final Instant BEFORE = OLD.plus(Duration.ofDays(1));
    private static final Instant YOUNG = OLD.plus(Duration.ofDays(2));
    private static final TimeBuckets BUCKETS = TimeBuckets.of(Duration.ofDays(31), 2);
    private static final ClickIdGenerator IDS = ClickIdGenerator.random();

    private CassandraAttributionStore store;

    @BeforeEach
    void openStore() {
        store = open(TestCluster.another());
        TestCluster.empty("race_").join();
    }

    private static CassandraAttributionStore open(CqlSession session) {
        return CassandraAttributionStore.builder(Mutation.applied(session))
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix("race_")
                .reportBuckets(Duration.ofDays(31), 2)
                .build();
    }

    /** A store whose deletion is overtaken just before it deletes. */
    private static CassandraAttributionStore overtaken(Runnable what) {
        return open(Sessions.doingBefore("IF touched", TestCluster.session(), what));
    }

    @Test
    void leavesAnEntryThatComesWhileTheOthersOfItsIdAreDeleted() {
        ClickId unknown = IDS.next();
        HistoryEntry young = entry(unknown, YOUNG);
        append(new Settlement(entry(unknown, OLD), Optional.empty()));

        DeletedRows deleted = overtaken(() -> append(new Settlement(young, Optional.empty())))
                .retention()
                .orElseThrow()
                .deleteHistory(BEFORE, null, 10);

        assertThat(deleted.entries()).isEqualTo(1);
        assertThat(history()).containsExactly(young);
    }

    @Test
    void leavesAClickThatComesWhileEntriesOfItsIdAreDeleted() {
        Click click = click(IDS.next(), YOUNG);
        append(new Settlement(entry(click.clickId(), OLD), Optional.empty()));

        overtaken(() -> store.clicks().insert(List.of(click)))
                .retention()
                .orElseThrow()
                .deleteHistory(BEFORE, null, 10);

        assertThat(store.clicks().find(List.of(click.clickId()))).containsValue(click);
    }

    @Test
    void leavesAConversionThatAnOperatorChangesMeanwhile() {
        Settlement credit = credit(click(IDS.next(), OLD));
        Conversion conversion = credit.credit().orElseThrow().conversion();
        Settlement reversal = reversal(conversion);
        append(credit);

        DeletedRows deleted =
                overtaken(() -> append(reversal)).retention().orElseThrow().deleteConversions(BEFORE, null, 10);

        Conversion reversed = reversal.change().orElseThrow().conversion();
        assertThat(deleted.conversions()).isZero();
        assertThat(store.conversions().findConversions(List.of(conversion.conversionId())))
                .containsValue(reversed);
        assertThat(store.reports().orElseThrow().conversions(ReportFilter.all(), null, 10))
                .containsExactly(reversed);
    }

    @Test
    void leavesAClaimThatIsVoidedMeanwhile() {
        Click click = click(IDS.next(), OLD);
        store.clicks().insert(List.of(click));
        append(credit(click));
        String claim = UUID.randomUUID().toString();

        overtaken(() -> TestCluster.another()
                        .execute(
                                "INSERT INTO attribution.race_click (id, kind, key, revision) VALUES (?, ?, ?, 1)"
                                        + " IF NOT EXISTS",
                                click.clickId().uuid(),
                                ClickPartitions.CLAIM,
                                claim))
                .retention()
                .orElseThrow()
                .deleteClicks(BEFORE, BEFORE, null, 10);

        assertThat(rows("click")).extracting(row -> row.getString("key")).containsExactly(claim);
    }

    @Test
    void leavesNothingOfADeletedPartition() {
        Click click = click(IDS.next(), OLD);
        store.clicks().insert(List.of(click));
        append(credit(click));
        append(credit(click(IDS.next(), OLD)));
        append(new Settlement(entry(IDS.next(), OLD), Optional.empty()));

        int clicks = store.retention()
                .orElseThrow()
                .deleteClicks(BEFORE, BEFORE, null, 10)
                .clicks();
        int conversions = store.retention()
                .orElseThrow()
                .deleteConversions(BEFORE, null, 10)
                .conversions();
        int entries =
                store.retention().orElseThrow().deleteHistory(BEFORE, null, 10).entries();

        assertThat(List.of(clicks, conversions, entries)).containsExactly(1, 1, 2);
        assertThat(rows("click")).isEmpty();
    }

    @Test
    void leavesAYoungClickThatARefusedInsertHasListedAtAnOldTime() {
        Click click = click(IDS.next(), YOUNG);
        store.clicks().insert(List.of(click));
        assertThatThrownBy(() -> store.clicks().insert(List.of(click(click.clickId(), OLD))))
                .isInstanceOf(AttributionException.class);

        DeletedRows deleted = store.retention().orElseThrow().deleteClicks(BEFORE, BEFORE, null, 10);

        assertThat(deleted.clicks()).isZero();
        assertThat(store.clicks().find(List.of(click.clickId()))).containsValue(click);
    }

    @Test
    void deletesWhatLeadsToNothingButNotWhatWasWrittenLately() {
        UUID dead = UUID.randomUUID();
        UUID underWay = UUID.randomUUID();
        list(dead, Instant.now().minus(Duration.ofDays(2)));
        list(underWay, Instant.now());

        store.retention().orElseThrow().deleteHistory(BEFORE, null, 10);

        assertThat(rows("home")).extracting(row -> row.getUuid("id")).containsExactly(underWay);
        assertThat(rows("listed")).extracting(row -> row.getUuid("home")).containsExactly(underWay);
    }

    @Test
    void erasesWhatIsLeftWhenAnotherProcessErasesTheSame() {
        String member = "member-" + UUID.randomUUID();
        List<Click> clicks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clicks.add(new Click(IDS.next(), "offer", member, OLD, ClickContext.empty()));
        }
        store.clicks().insert(clicks);
        CassandraAttributionStore late = open(Sessions.doingBefore(
                "SET doc = ?, revision = ?, member = ?",
                TestCluster.session(),
                () -> store.erasure().orElseThrow().erase(member, "forgotten-" + UUID.randomUUID(), 2)));

        int erased = late.erasure()
                .orElseThrow()
                .erase(member, "forgotten-" + UUID.randomUUID(), 2)
                .all();

        assertThat(erased).isEqualTo(1);
        assertThat(store.reports()
                        .orElseThrow()
                        .clicks(ReportFilter.builder().memberId(member).build(), null, 10))
                .isEmpty();
    }

    /** Writes what leads to an entry that is not stored. */
    private void list(UUID attempt, Instant writtenAt) {
        long written = TimeLists.micros(writtenAt);
        long at = TimeLists.micros(OLD);
        ByteBuffer id = ByteBuffer.allocate(16)
                .putLong(attempt.getMostSignificantBits())
                .putLong(attempt.getLeastSignificantBits())
                .flip();
        CqlSession session = TestCluster.session();
        session.execute(
                "INSERT INTO attribution.race_bucket (list, bucket) VALUES (?, ?)",
                TimeLists.HISTORY,
                BUCKETS.numberOf(at));
        session.execute(
                "INSERT INTO attribution.race_listed (list, bucket, shard, at, id, home) VALUES (?, ?, ?, ?, ?, ?)"
                        + " USING TIMESTAMP ?",
                TimeLists.HISTORY,
                BUCKETS.numberOf(at),
                BUCKETS.shardOf(attempt),
                at,
                id,
                attempt,
                written);
        session.execute(
                "INSERT INTO attribution.race_home (id, home) VALUES (?, ?) USING TIMESTAMP ?",
                attempt,
                attempt,
                written);
    }

    private static List<Row> rows(String table) {
        return TestCluster.session()
                .execute("SELECT * FROM attribution.race_" + table)
                .all();
    }

    private void append(Settlement settlement) {
        assertThat(store.conversions().append(List.of(settlement))).containsExactly(new AppendResult.Appended());
    }

    private List<HistoryEntry> history() {
        return store.reports().orElseThrow().history(ReportFilter.all(), null, 10);
    }

    private static Click click(ClickId id, Instant at) {
        return new Click(id, "offer", "member", at, ClickContext.empty());
    }

    private static HistoryEntry entry(ClickId unknown, Instant at) {
        return HistoryEntry.builder(UUID.randomUUID())
                .receivedAt(at)
                .outcome(Kind.UNATTRIBUTED, Reason.UNKNOWN_CLICK_ID)
                .clickId(unknown.value(), unknown)
                .query("gk_click_id=" + unknown, false)
                .build();
    }

    private static Settlement credit(Click click) {
        UUID attempt = UUID.randomUUID();
        Conversion conversion = Conversion.builder(UUID.randomUUID())
                .attemptId(attempt)
                .credits(click)
                .convertedAt(OLD)
                .status(ConversionStatus.APPROVED, 1)
                .build();
        HistoryEntry entry = of(click, attempt, OLD)
                .outcome(Kind.ATTRIBUTED, null)
                .conversionId(conversion.conversionId())
                .build();
        return new Settlement(entry, Optional.of(new Settlement.Credit(conversion, 1, Optional.empty())));
    }

    private static Settlement reversal(Conversion before) {
        Conversion after = before.toBuilder()
                .status(ConversionStatus.REVERSED, before.revision() + 1)
                .changedAt(before.approvedAt().orElse(null), YOUNG, null)
                .build();
        HistoryEntry entry = HistoryEntry.builder(UUID.randomUUID())
                .receivedAt(YOUNG)
                .outcome(Kind.ADJUSTED, null)
                .clickId(after.clickId().value(), after.clickId())
                .click(after.offerId(), after.memberId())
                .conversionId(after.conversionId())
                .change(new ConversionChange(before.state(), after.state()))
                .query("gk_click_id=" + after.clickId(), false)
                .build();
        return new Settlement(entry, Optional.of(Settlement.Change.of(before, after)));
    }

    private static HistoryEntry.Builder of(Click click, UUID attempt, Instant at) {
        return HistoryEntry.builder(attempt)
                .receivedAt(at)
                .clickId(click.clickId().value(), click.clickId())
                .click(click.offerId(), click.memberId())
                .query("gk_click_id=" + click.clickId(), false);
    }
}
