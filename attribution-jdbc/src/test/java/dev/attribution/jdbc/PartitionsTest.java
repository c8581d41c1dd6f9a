package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.Retention;
import dev.attribution.StorageException;
import dev.attribution.behaviour.Servers;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.repair.RepairStep;
import dev.attribution.repair.RepairSummary;
import dev.attribution.report.ReportFilter;
import dev.attribution.testkit.Race;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables on PostgreSQL that are partitioned by month. */
class PartitionsTest {
    private static final YearMonth MARCH = YearMonth.of(2026, 3);

    private DataSource pool;
    private JdbcAttributionStore store;

    @BeforeEach
    void createTables() throws SQLException {
        pool = Servers.POSTGRESQL.pool();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists p_history_2031_02");
            for (String table : List.of("offer", "click", "conversion", "exclusive_scope", "history")) {
                statement.execute("drop table if exists p_" + table);
            }
            statement.execute(JdbcSchema.partitionedScript("p_"));
        }
        store = JdbcAttributionStore.builder(pool).tablePrefix("p_").build();
    }

    private static Instant start(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private Attribution at(Instant now) {
        Attribution attribution = Attribution.builder(store).clock(() -> now).build();
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
        return attribution;
    }

    private static ClickRequest click() {
        return ClickRequest.of("sale", "member-7");
    }

    @Test
    void takeAMonthFromItsFirstToItsLastInstant() {
        store.createPartitions(MARCH, MARCH);
        Instant last = start(MARCH.plusMonths(1)).minusMillis(1);
        for (Instant inside : List.of(start(MARCH), last)) {
            Redirect redirect = at(inside).click(click());
            assertThat(at(inside).postback("gk_click_id=" + redirect.clickId()).kind())
                    .isEqualTo(Kind.ATTRIBUTED);
        }
        for (Instant outside : List.of(start(MARCH).minusMillis(1), start(MARCH.plusMonths(1)))) {
            assertThatThrownBy(() -> at(outside).click(click()))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            refused -> assertThat(refused.isTransient()).isFalse())
                    .hasMessageContaining("no partition takes the time of an id")
                    .hasMessageContaining("createPartitions");
        }
    }

    @Test
    void loseNoPostbackOfAMonthWithoutAPartition() {
        store.createPartitions(MARCH, MARCH);
        Redirect redirect = at(start(MARCH)).click(click());
        Instant later = start(MARCH.plusMonths(2));
        String postback = "gk_click_id=" + redirect.clickId();

        assertThatThrownBy(() -> at(later).postback(postback)).isInstanceOf(StorageException.class);
        assertThat(at(later).trace(redirect.clickId()).history()).isEmpty();
        store.createPartitions(MARCH.plusMonths(2), MARCH.plusMonths(2));

        assertThat(at(later).postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(at(later).postback(postback).kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(at(later).trace(redirect.clickId()).history()).hasSize(2);
    }

    @Test
    void keepTheOthersOfABatchThatHasOneOutside() {
        store.createPartitions(MARCH, MARCH);
        Attribution march = at(start(MARCH));
        List<Redirect> redirects =
                Stream.generate(() -> march.click(click())).limit(3).toList();

        List<String> postbacks = Stream.concat(
                        redirects.stream().map(redirect -> "gk_click_id=" + redirect.clickId()),
                        Stream.of("gk_click_id=" + UUID.randomUUID(), "gk_click_id=" + ClickId.lowest(Instant.EPOCH)))
                .toList();

        assertThat(march.postbacks(postbacks))
                .extracting(outcome -> outcome.kind())
                .containsExactly(
                        Kind.ATTRIBUTED, Kind.ATTRIBUTED, Kind.ATTRIBUTED, Kind.UNATTRIBUTED, Kind.UNATTRIBUTED);
    }

    @Test
    void areLeftOutBeforeAnythingIsReadIfNoIdIsOfTheirMonth() {
        store.createPartitions(MARCH, MARCH.plusMonths(5));
        List<String> postbacks = Stream.generate(() -> at(start(MARCH)).click(click()))
                .limit(4)
                .map(redirect -> "gk_click_id=" + redirect.clickId())
                .toList();
        GenericPlans plans = new GenericPlans();
        Attribution explained = Attribution.builder(JdbcAttributionStore.builder(plans.over(pool))
                        .tablePrefix("p_")
                        .build())
                .clock(() -> start(MARCH))
                .build();
        plans.plans.clear();

        explained.postback(postbacks.get(0));
        explained.postback(postbacks.get(0));
        explained.postbacks(postbacks.subList(1, 4));

        List<String> reading =
                plans.plans.stream().filter(plan -> plan.contains("p_click")).toList();
        assertThat(reading)
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(plan -> assertThat(plan)
                        .contains("Subplans Removed: 5")
                        .contains("p_click_2026_03")
                        .doesNotContain("_2026_04"));
    }

    @Test
    void refuseIdsWithoutATime() {
        store.createPartitions(MARCH, MARCH);
        assertThatThrownBy(() -> Attribution.builder(store)
                        .clickIds(ClickIdGenerator.random())
                        .build())
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("timeOrdered()");
        Attribution.builder(store).clickIds(ClickIdGenerator.timeOrdered()).build();
        for (UUID id : List.of(
                UUID.randomUUID(), // version 4
                UUID.nameUUIDFromBytes(new byte[0]), // version 3
                new UUID(0, 0),
                new UUID(start(MARCH).toEpochMilli() << 16 | 0x8000L, Long.MIN_VALUE))) {
            Click click = new Click(ClickId.of(id), "sale", "member-7", start(MARCH), ClickContext.empty());
            assertThatThrownBy(() -> store.clicks().insert(List.of(click)))
                    .isInstanceOf(AttributionException.class)
                    .hasMessageContaining(id.toString())
                    .hasMessageContaining("version 7");
        }
    }

    @Test
    void takeWhatARepairWrites() {
        store.createPartitions(MARCH, MARCH.plusMonths(1));
        Click late = new Click(ClickId.lowest(start(MARCH)), "sale", "member-7", start(MARCH), ClickContext.empty());
        Attribution april = at(start(MARCH.plusMonths(1)));
        april.postback("gk_click_id=" + late.clickId());
        april.postback("gk_click_id=" + late.clickId());
        april.importClicks(List.of(late));

        RepairSummary done = april.replay(ReportFilter.all()).run(step -> {});

        assertThat(done.count(RepairStep.Result.CREDITED)).isOne();
        assertThat(april.trace(late.clickId()).history())
                .filteredOn(entry -> entry.kind() == Kind.ATTRIBUTED)
                .allSatisfy(entry -> assertThat(entry.attemptId().version()).isEqualTo(7))
                .hasSize(1);
    }

    @Test
    void sufficeUntilTheFirstGap() {
        YearMonth now = YearMonth.now(ZoneOffset.UTC);
        assertThat(store.partitionedUntil()).isBeforeOrEqualTo(Instant.now());
        store.createPartitions(now, now.plusMonths(1));
        store.createPartitions(now.plusMonths(3), now.plusMonths(3));
        assertThat(store.partitionedUntil()).isEqualTo(start(now.plusMonths(2)));
        store.createPartitions(now.plusMonths(1), now.plusMonths(2)); // one of them exists
        assertThat(store.partitionedUntil()).isEqualTo(start(now.plusMonths(4)));
    }

    @Test
    void areCreatedByManyAtOnce() throws InterruptedException {
        Race.run(4, i -> {
            store.createPartitions(MARCH, MARCH.plusMonths(3));
            return true;
        });
        at(start(MARCH.plusMonths(3))).click(click());
    }

    @Test
    void areMissedIfAnotherTableHasTheName() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table p_history_2031_02 (x integer)");
        }
        assertThatThrownBy(() -> store.createPartitions(YearMonth.of(2031, 1), YearMonth.of(2031, 3)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("p_history_2031_02");
    }

    @Test
    void needTablesThatArePartitioned() throws SQLException {
        JdbcAttributionStore plain =
                JdbcAttributionStore.builder(pool).tablePrefix("plain_").build();
        assertThat(plain.needsTimeInIds()).isFalse();
        assertThatThrownBy(() -> plain.createPartitions(MARCH, MARCH))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("partitionedScript");
        assertThatThrownBy(plain::partitionedUntil).isInstanceOf(AttributionException.class);
        assertThatThrownBy(() -> store.createPartitions(MARCH, MARCH.minusMonths(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2026-02");
    }

    @Test
    void canBeDropped() throws SQLException {
        store.createPartitions(MARCH, MARCH.plusMonths(1));
        Redirect old = at(start(MARCH)).click(click());
        Redirect kept = at(start(MARCH.plusMonths(1))).click(click());
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : List.of("click", "conversion", "history")) {
                statement.execute("drop table p_" + table + "_2026_03");
            }
        }
        Attribution now = at(start(MARCH.plusMonths(1)).plusSeconds(60));
        assertThat(now.postback("gk_click_id=" + old.clickId()).kind()).isEqualTo(Kind.UNATTRIBUTED);
        assertThat(now.postback("gk_click_id=" + kept.clickId()).kind()).isEqualTo(Kind.ATTRIBUTED);
    }

    @Test
    void detachesMonthsInOrderAndKeepsThePendingAndTheExclusive() throws SQLException {
        store.createPartitions(MARCH, MARCH.plusMonths(5));
        Instant now = start(MARCH.plusMonths(4)).plusSeconds(60);
        put("sale", DuplicatePolicy.onePerClickAndMember());
        put("sole", DuplicatePolicy.onePerMemberAndOffer());
        Redirect sole = facade(start(MARCH)).click(ClickRequest.of("sole", "member-7"));
        facade(start(MARCH)).postback("gk_click_id=" + sole.clickId());
        Redirect april = facade(start(MARCH.plusMonths(1))).click(click());
        facade(start(MARCH.plusMonths(1)))
                .postback("gk_click_id=" + april.clickId() + "&status=pending&transaction_id=t");
        facade(start(MARCH.plusMonths(2))).click(click());
        Retention retention = retention(now);

        assertThat(retention.estimate().clicksByOffer()).isEqualTo(Map.of("sole", 1L, "sale", 2L));
        List<String> detached = new ArrayList<>(retention.run(progress -> {}).detached());
        assertThat(detached)
                .containsExactly(
                        "p_click_2026_03",
                        "p_click_2026_05",
                        "p_conversion_2026_03",
                        "p_conversion_2026_05",
                        "p_history_2026_03");
        assertThat(facade(now)
                        .postback("gk_click_id=" + april.clickId() + "&status=approved&transaction_id=t")
                        .kind())
                .isEqualTo(Kind.ADJUSTED);
        Redirect again = facade(now).click(ClickRequest.of("sole", "member-7"));
        assertThat(facade(now).postback("gk_click_id=" + again.clickId()).kind())
                .isEqualTo(Kind.DUPLICATE);
        assertThat(facade(now).postback("gk_click_id=" + sole.clickId()).reason())
                .contains(Reason.UNKNOWN_CLICK_ID);

        assertThat(retention.run(progress -> {}).detached())
                .as("while the approved conversion is young")
                .isEmpty();
        List<String> rest =
                retention(now.plus(Duration.ofDays(2))).run(progress -> {}).detached();
        assertThat(rest)
                .containsExactly("p_click_2026_04", "p_conversion_2026_04", "p_history_2026_04", "p_history_2026_05");
        detached.addAll(rest);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : detached) {
                statement.execute("drop table " + table);
            }
        }
    }

    private Retention retention(Instant now) {
        return facade(now)
                .retention()
                .olderThan(Duration.ofDays(30))
                .validationTime(Duration.ofDays(1))
                .assumedWindow(Duration.ofDays(29))
                .build();
    }

    private Attribution facade(Instant now) {
        return Attribution.builder(store).clock(() -> now).build();
    }

    private void put(String offerId, DuplicatePolicy policy) {
        facade(start(MARCH))
                .offers()
                .put(Offer.builder(offerId)
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .duplicatePolicy(policy)
                        .build());
    }
}
