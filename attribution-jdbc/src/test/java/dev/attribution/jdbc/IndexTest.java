package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.behaviour.Engine;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.history.Severity;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks at H2's plan of every statement that a store sends. */
class IndexTest {
    private static final Pattern ACCESS = Pattern.compile("/\\* PUBLIC\\.(\\S+?)(?::.*?)? \\*/", Pattern.DOTALL);

    @TempDir
    Path directory;

    private JdbcAttributionStore owner;
    private Connection connection;
    private final List<String> sent = new ArrayList<>();
    private dev.attribution.spi.AttributionStore store;

    @BeforeAll
    static void needsH2() {
        Engine.require(TestDatabase.H2_MEMORY);
    }

    @BeforeEach
    void open() throws SQLException {
        String url = TestDatabase.H2_MEMORY.url(directory);
        owner = JdbcAttributionStore.open(url);
        List<Click> clicks = IntStream.range(0, 2000)
                .mapToObj(i -> Given.click("offer-" + i % 4, "member-" + i % 400, Given.NOON.plusSeconds(i)))
                .toList();
        owner.clicks().insert(clicks);
        List<Settlement> settlements = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            Click click = clicks.get(i);
            settlements.add(
                    switch (i % 3) {
                        case 0 -> Given.credit(click, 1, c -> c.eventId("event"));
                        case 1 -> Given.rejected(click, Reason.TOO_EARLY, click.clickedAt());
                        default -> Given.unattributed("nonsense " + i, click.clickedAt());
                    });
        }
        owner.conversions().append(settlements);
        connection = DriverManager.getConnection(url);
        connection.setAutoCommit(false);
        connection.createStatement().execute("analyze");
        store = owner.joining(recording(connection));
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        owner.close();
    }

    @Test
    void everyFirstPageWithOneConditionIsServedByAnIndexInItsOrder() throws SQLException {
        ReportRepository reports = store.reports().orElseThrow();
        everyPage(reports, null);
        assertThat(plans()).isNotEmpty().allSatisfy(IndexTest::isSortedByAnIndex);
    }

    @Test
    void everyLaterPageWithOneConditionIsServedByAnIndexInItsOrder() throws SQLException {
        ReportRepository reports = store.reports().orElseThrow();
        everyPage(reports, new Cursor(Given.NOON.plusSeconds(1000), UUID.randomUUID()));
        assertThat(plans()).isNotEmpty().allSatisfy(IndexTest::isSortedByAnIndex);
    }

    private static void everyPage(ReportRepository reports, @Nullable Cursor after) {
        List<ReportFilter.Builder> common = List.of(
                ReportFilter.builder(),
                ReportFilter.builder().offerId("offer-1"),
                ReportFilter.builder().memberId("member-1"),
                ReportFilter.builder().from(Given.NOON).until(Given.NOON.plusSeconds(500)),
                ReportFilter.builder().offerId("offer-1").from(Given.NOON));
        for (ReportFilter.Builder filter : common) {
            reports.clicks(filter.build(), after, 50);
            reports.conversions(filter.build(), after, 50);
            reports.history(filter.build(), after, 50);
        }
        ReportFilter click =
                ReportFilter.builder().clickId(ClickId.of(UUID.randomUUID())).build();
        reports.conversions(click, after, 50);
        reports.history(click, after, 50);
        ReportFilter event = ReportFilter.builder().eventId("event").build();
        reports.conversions(event, after, 50);
        reports.history(event, after, 50);
        reports.history(ReportFilter.builder().clickId("nonsense").build(), after, 50);
        reports.history(ReportFilter.builder().reason(Reason.TOO_EARLY).build(), after, 50);
        reports.history(ReportFilter.builder().origin(Origin.REPLAYED).build(), after, 50);
        for (Kind kind : Kind.values()) {
            reports.history(ReportFilter.builder().kind(kind).build(), after, 50);
        }
        for (Severity severity : Severity.values()) {
            reports.history(ReportFilter.builder().severity(severity).build(), after, 50);
        }
    }

    @Test
    void anEntryIsFoundByItsKey() throws SQLException {
        ReportFilter attempt =
                ReportFilter.builder().attemptId(UUID.randomUUID()).build();
        store.reports().orElseThrow().history(attempt, null, 1);
        assertThat(plans())
                .singleElement()
                .asString()
                .contains("PUBLIC.PRIMARY_KEY")
                .doesNotContain("tableScan");
    }

    @Test
    void factsAreServedByIndexesThatBeginWithTheScope() throws SQLException {
        Click click = owner.reports()
                .orElseThrow()
                .clicks(ReportFilter.all(), null, 5)
                .get(1);
        assertThat(owner.conversions()
                        .facts(List.of(query(new Scope.OfClick(click.clickId()))))
                        .get(0)
                        .count())
                .isNotNegative();
        Click credited = owner.clicks()
                .find(List.of(owner.reports()
                        .orElseThrow()
                        .conversions(ReportFilter.all(), null, 1)
                        .get(0)
                        .clickId()))
                .values()
                .iterator()
                .next();
        owner.conversions().append(List.of(Given.credit(credited, 77))); // if there is one alone, the first says it all
        store.conversions()
                .facts(List.of(
                        query(new Scope.OfClick(credited.clickId())),
                        query(new Scope.OfMember(credited.offerId(), credited.memberId()))));
        assertThat(plans()).hasSize(7).allSatisfy(plan -> {
            Matcher access = ACCESS.matcher(plan);
            assertThat(access.find()).isTrue();
            assertThat(access.group()).containsAnyOf("CLICK_ID =", "CLICK_ID IN", "SCOPE =", "SCOPE IN");
            if (plan.contains("ORDER BY")) {
                isSortedByAnIndex(plan);
            }
        });
    }

    private static FactsQuery query(Scope scope) {
        return Given.query(scope, "an event of none", "t");
    }

    @Test
    void summariesAreServedByTheIndexesByTime() throws SQLException {
        store.reports().orElseThrow().summarize(List.of(Day.of(LocalDate.parse("2025-03-01"), ZoneOffset.UTC)));
        assertThat(plans())
                .hasSize(3)
                .allSatisfy(plan -> assertThat(plan).containsPattern("PUBLIC\\.ATTRIBUTION_\\w+_BY_TIME:"));
    }

    private static void isSortedByAnIndex(String plan) {
        assertThat(plan).contains("/* index sorted */").doesNotContain("tableScan");
    }

    /** Explains what was sent, with parameters of no value, as H2 plans a prepared statement. */
    private List<String> plans() throws SQLException {
        List<String> plans = new ArrayList<>();
        for (String sql : sent) {
            try (PreparedStatement explain = connection.prepareStatement("explain " + sql)) {
                for (int i = 1; i <= explain.getParameterMetaData().getParameterCount(); i++) {
                    explain.setObject(i, null);
                }
                try (ResultSet plan = explain.executeQuery()) {
                    plan.next();
                    plans.add(plan.getString(1));
                }
            }
        }
        return plans;
    }

    private Connection recording(Connection target) {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        sent.add((String) arguments[0]);
                    }
                    try {
                        return method.invoke(target, arguments);
                    } catch (java.lang.reflect.InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
