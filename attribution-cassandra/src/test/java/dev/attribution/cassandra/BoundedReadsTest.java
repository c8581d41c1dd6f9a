package dev.attribution.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** How many rows the store has in memory at a time. */
@EnabledIf(value = "dev.attribution.cassandra.TestCluster#isAvailable", disabledReason = "no node: see the output")
class BoundedReadsTest {
    private static final Instant OLD = Instant.parse("2020-03-01T12:30:00Z");
    private static final ClickIdGenerator IDS = ClickIdGenerator.random();

    private final Queue<BoundStatement> sent = new ConcurrentLinkedQueue<>();
    private CassandraAttributionStore store;

    @BeforeEach
    void openStore() {
        CqlSession recording = Sessions.answering(CqlSession.class, TestCluster.session(), (method, arguments) -> {
            if (method.equals("executeAsync") && arguments[0] instanceof BoundStatement statement) {
                sent.add(statement);
            }
            return null;
        });
        store = CassandraAttributionStore.builder(recording)
                .keyspace(TestCluster.KEYSPACE)
                .tablePrefix("limit_") // the tables of OpeningTest, which has nothing that is old
                .build();
    }

    /** A report reads one hour, then two, then four: the third time 400 rows, of which the first 200 are enough. */
    @Test
    void readsNoMoreOfAReportThanASliceWhenThisIsEnough() {
        String wanted = "offer-" + UUID.randomUUID();
        Instant end = OLD.plus(Duration.ofDays(1));
        List<Click> clicks = new ArrayList<>();
        for (int hour = 0; hour < 7; hour++) {
            for (int i = 0; i < 100; i++) {
                Instant at = end.minus(Duration.ofHours(hour)).minusMillis(i);
                clicks.add(new Click(IDS.next(), hour < 3 ? "other" : wanted, "member", at, ClickContext.empty()));
            }
        }
        store.clicks().insert(clicks);
        sent.clear();

        List<Click> found = store.reports()
                .orElseThrow()
                .clicks(
                        ReportFilter.builder()
                                .offerId(wanted)
                                .from(end.minus(Duration.ofHours(7)))
                                .until(end.plusSeconds(1))
                                .build(),
                        null,
                        60);

        assertThat(found).isEqualTo(clicks.subList(300, 360));
        assertThat(sent.stream()
                        .filter(statement ->
                                statement.getPreparedStatement().getQuery().contains("id IN ?"))
                        .mapToInt(statement -> Objects.requireNonNull(statement.getList(0, UUID.class))
                                .size())
                        .sum())
                .isEqualTo(500);
    }

    @Test
    void listsTheHistoryOfSeveralClicksInPagesOfEachAndAsAWhole() {
        List<ClickId> clicks = List.of(IDS.next(), IDS.next(), IDS.next());
        List<HistoryEntry> entries = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            entries.add(entry(clicks.get(i % 3), OLD.minusMillis(i)));
        }
        store.conversions()
                .append(entries.stream()
                        .map(entry -> new Settlement(entry, Optional.empty()))
                        .toList());
        ReportRepository reports = store.reports().orElseThrow();
        sent.clear();

        List<HistoryEntry> first = reports.history(clicks, null, 100);
        List<HistoryEntry> second = reports.history(clicks, Cursor.of(first.get(99)), 100);
        List<HistoryEntry> third = reports.history(clicks, Cursor.of(second.get(99)), 100);
        reports.history(ReportFilter.builder().clickId(clicks.get(0)).build(), null, 10);

        assertThat(List.of(first, second, third))
                .containsExactly(entries.subList(0, 100), entries.subList(100, 200), entries.subList(200, 250));
        assertThat(sent).hasSize(10).extracting(BoundStatement::getPageSize).containsOnly(100);
    }

    @Test
    void deletesAClickWithMoreEntriesThanAPage() {
        Click click = new Click(IDS.next(), "offer", "member", OLD.minus(Duration.ofDays(2)), ClickContext.empty());
        store.clicks().insert(List.of(click));
        List<HistoryEntry> entries = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            entries.add(entry(click.clickId(), OLD.plusMillis(i)));
        }
        store.conversions()
                .append(entries.stream()
                        .map(entry -> new Settlement(entry, Optional.empty()))
                        .toList());
        sent.clear();

        store.retention().orElseThrow().deleteClicks(OLD.minus(Duration.ofDays(1)), OLD, null, 1_000);

        assertThat(store.reports().orElseThrow().history(List.of(click.clickId()), null, 10))
                .isEmpty();
        assertThat(sent.stream()
                        .filter(statement ->
                                statement.getPreparedStatement().getQuery().contains("touched FROM")))
                .isNotEmpty()
                .extracting(BoundStatement::getPageSize)
                .containsOnly(100);
    }

    private static HistoryEntry entry(ClickId click, Instant at) {
        return HistoryEntry.builder(UUID.randomUUID())
                .receivedAt(at)
                .outcome(Kind.UNATTRIBUTED, Reason.UNKNOWN_CLICK_ID)
                .clickId(click.value(), click)
                .query("gk_click_id=" + click, false)
                .build();
    }
}
