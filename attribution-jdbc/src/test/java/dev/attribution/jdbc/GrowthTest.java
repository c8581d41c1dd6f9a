package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Scope;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store with many rows costs, in rows that the database reads. */
@ParameterizedClass
@EnumSource(names = {"H2_FILE", "POSTGRESQL", "MARIADB"}) // H2 plans alike in memory
class GrowthTest {
    private static final int SOME = 12_000; // of fewer, PostgreSQL rightly reads them all
    private static final int MANY = 60_000;
    private static final int PAGE = 20;

    @Parameter
    TestDatabase database;

    @TempDir
    Path directory;

    private final List<Click> clicks = new ArrayList<>();
    private JdbcAttributionStore owner;
    private Connection connection;
    private Explained explained;
    private AttributionStore store;

    @BeforeEach
    void open() throws SQLException {
        owner = JdbcAttributionStore.open(database.url(directory));
        explained = new Explained(database);
        connection = DriverManager.getConnection(database.url(directory));
        connection.setAutoCommit(false);
        store = owner.joining(explained.over(connection));
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        owner.close();
    }

    private void insertClicks(int count) {
        for (int i = clicks.size(); i < count; i++) {
            clicks.add(Given.click("offer-" + i % 4, "member-" + i % 8, Given.NOON.plusSeconds(i)));
        }
        for (int from = 0; from < clicks.size(); from += 1000) {
            owner.clicks().insert(clicks.subList(from, Math.min(from + 1000, clicks.size())));
        }
    }

    private void settleClicks() {
        for (int from = 0; from < clicks.size(); from += 1000) {
            owner.conversions()
                    .append(IntStream.range(from, Math.min(from + 1000, clicks.size()))
                            .mapToObj(this::settlement)
                            .toList());
        }
    }

    private Settlement settlement(int i) {
        Click click = clicks.get(i);
        return switch (i % 3) {
            case 0 -> Given.credit(click, 1, won -> won.eventId("e" + i % 2).convertedAt(click.clickedAt()));
            case 1 -> Given.rejected(click, Reason.TOO_EARLY, click.clickedAt());
            default -> Given.unattributed("nonsense " + i, click.clickedAt());
        };
    }

    private void creditSoleMembers() {
        List<Click> some = IntStream.range(0, 1500)
                .mapToObj(i -> Given.click("offer-9", "sole-" + i, Given.NOON.plusSeconds(i)))
                .toList();
        owner.clicks().insert(some);
        owner.conversions().append(some.stream().map(Given::soleCredit).toList());
    }

    private void analyze() throws SQLException {
        try (Connection own = DriverManager.getConnection(database.url(directory));
                Statement statement = own.createStatement()) {
            if (database == TestDatabase.MARIADB) {
                statement.execute(
                        "analyze table attribution_offer, attribution_click, attribution_conversion, attribution_history");
            } else {
                statement.execute("analyze");
            }
        }
    }

    @Test
    void everyLookUpUsesAnIndexWithAndWithoutStatistics() throws SQLException {
        for (int i = 0; i < 3000; i++) {
            owner.joining(connection)
                    .offers()
                    .put(Offer.builder("offer-" + i)
                            .trackingLink("https://example.com?c={gk_click_id}")
                            .build());
        }
        connection.commit();
        insertClicks(SOME);
        settleClicks();
        creditSoleMembers();
        lookUpsUseIndexes();
        analyze();
        lookUpsUseIndexes();
    }

    private void lookUpsUseIndexes() throws SQLException {
        for (int count : new int[] {1, 16}) {
            List<Click> some = clicks.subList(7, 7 + count);
            List<ClickId> ids = some.stream().map(Click::clickId).toList();
            List<LookUpQuery> lookUps =
                    ids.stream().map(id -> Given.lookUp(id, "e0", "t")).toList();
            List<FactsQuery> queries = new ArrayList<>();
            some.forEach(click -> {
                queries.add(Given.query(new Scope.OfClick(click.clickId()), null, null));
                queries.add(Given.query(new Scope.OfMember(click.offerId(), click.memberId()), null, "t"));
            });
            List<String> plans = explained.plans(() -> {
                store.clicks().find(ids);
                store.offers().find(some.stream().map(Click::offerId).distinct().toList());
                store.conversions().facts(queries);
                for (DuplicatePolicy policy : List.of(
                        DuplicatePolicy.onePerClickAndMember(),
                        DuplicatePolicy.onePerEvent(),
                        DuplicatePolicy.onePerMemberAndOffer())) {
                    store.lookUp(lookUps, policy);
                }
            });
            assertThat(plans).isNotEmpty().noneMatch(explained::isScan);
        }
        connection.rollback();
    }

    @Test
    void everyFirstPageReadsFewRowsByAnIndex() throws SQLException {
        insertClicks(SOME);
        settleClicks();
        analyze();
        ReportRepository reports = store.reports().orElseThrow();
        for (ReportFilter filter : List.of(
                ReportFilter.all(),
                ReportFilter.builder().offerId("offer-1").build(),
                ReportFilter.builder().memberId("member-1").build(),
                ReportFilter.builder()
                        .offerId("offer-1")
                        .from(Given.NOON)
                        .until(Given.NOON.plusSeconds(SOME))
                        .build())) {
            assertIsPage(() -> reports.clicks(filter, null, PAGE));
            assertIsPage(() -> reports.conversions(filter, null, PAGE));
            assertIsPage(() -> reports.history(filter, null, PAGE));
        }
        ReportFilter event = ReportFilter.builder().eventId("e0").build();
        assertIsPage(() -> reports.conversions(event, null, PAGE));
        ReportFilter reason = ReportFilter.builder().reason(Reason.TOO_EARLY).build();
        assertIsPage(() -> reports.history(reason, null, PAGE));
        for (Kind kind : List.of(Kind.ATTRIBUTED, Kind.REJECTED, Kind.UNATTRIBUTED)) {
            ReportFilter outcome = ReportFilter.builder().kind(kind).build();
            assertIsPage(() -> reports.history(outcome, null, PAGE));
        }
    }

    private void assertIsPage(Runnable page) {
        assertThat(explained.plans(page)).hasSize(1).noneMatch(explained::isScan);
        assertThat(explained.rows(page)).isBetween((long) PAGE, mostRows());
    }

    /** PostgreSQL may take the index by time, where at least one row in twelve is of the offer or the member. */
    private long mostRows() {
        return database == TestDatabase.POSTGRESQL ? 12 * (PAGE + 2) : PAGE + 2;
    }

    @Test
    void aPageAtDepth40000ReadsWhatTheFirstDoes() throws SQLException {
        insertClicks(MANY);
        analyze();
        ReportRepository reports = store.reports().orElseThrow();
        for (ReportFilter filter : List.of(
                ReportFilter.all(), ReportFilter.builder().offerId("offer-1").build())) {
            Click last = clicks.get(MANY - 40_000);
            Cursor cursor = Cursor.of(last);
            long first = explained.rows(() -> reports.clicks(filter, null, PAGE));
            long deep = explained.rows(
                    () -> assertThat(reports.clicks(filter, cursor, PAGE)).hasSize(PAGE));
            assertThat(first).isBetween((long) PAGE, mostRows());
            assertThat(deep).isBetween((long) PAGE, mostRows());
        }
    }

    @Test
    void aReportThatIsReadPageByPageKeepsNoPage() throws Exception {
        insertClicks(SOME);
        clicks.clear();
        ReportRepository reports = owner.reports().orElseThrow();
        List<WeakReference<Click>> read = new ArrayList<>();
        Cursor after = null;
        do {
            List<Click> page = reports.clicks(ReportFilter.all(), after, 500);
            page.forEach(click -> read.add(new WeakReference<>(click)));
            after = page.isEmpty() ? null : Cursor.of(page.get(page.size() - 1));
        } while (after != null);
        assertThat(read).hasSize(SOME);
        System.gc();
        assertThat(read.stream().filter(click -> click.get() != null)).hasSizeLessThanOrEqualTo(1000);
    }

    @Test
    void aClickWithThousandsOfConversionsCostsWhatAnyOtherDoes() throws SQLException {
        assumeTrue(database == TestDatabase.POSTGRESQL, "Elsewhere the conversions of a click are all counted");
        insertClicks(1);
        Click hot = clicks.get(0);
        for (int i = 0; i < 3; i++) {
            int round = i;
            owner.conversions()
                    .append(IntStream.range(0, 1000)
                            .mapToObj(n -> Given.credit(hot, -1 - 1000L * round - n, "t" + round + "-" + n))
                            .toList());
        }
        analyze();
        ReportFilter ofTheClick = ReportFilter.builder().clickId(hot.clickId()).build();
        ReportRepository reports = store.reports().orElseThrow();
        assertThat(explained.rows(() ->
                        assertThat(reports.conversions(ofTheClick, null, PAGE)).hasSize(PAGE)))
                .isLessThan(5L * PAGE);
        for (int count : new int[] {1, 5}) {
            List<LookUpQuery> lookUps = IntStream.range(0, count)
                    .mapToObj(i -> Given.lookUp(hot.clickId(), "e", i == 0 ? "t2-999" : "" + UUID.randomUUID()))
                    .toList();
            for (DuplicatePolicy policy : List.of(
                    DuplicatePolicy.onePerClickAndMember(),
                    DuplicatePolicy.allowRepeatConversions(),
                    DuplicatePolicy.atMost(3))) {
                assertThat(explained.rows(() -> store.lookUp(lookUps, policy)))
                        .as("%s", policy)
                        .isBetween(1L, count * 16L);
            }
        }
    }

    @Test
    void aClickWithoutConversionsIsAskedForNoneOfItsFacts() throws SQLException {
        assumeTrue(database == TestDatabase.POSTGRESQL, "Elsewhere the facts are read one after the other");
        insertClicks(2);
        analyze();
        for (int count : new int[] {1, 2}) {
            List<LookUpQuery> lookUps = clicks.subList(0, count).stream()
                    .map(click -> Given.lookUp(click.clickId(), "e", "t"))
                    .toList();
            List<String> scans = explained
                    .plans(() -> store.lookUp(lookUps, DuplicatePolicy.atMost(3)))
                    .get(0)
                    .lines()
                    .filter(line -> line.contains("Scan") && line.contains("on attribution_conversion"))
                    .toList();
            assertThat(scans).hasSizeGreaterThan(1);
            assertThat(scans)
                    .filteredOn(line -> !line.contains("never executed"))
                    .hasSize(1);
        }
    }

    @Test
    void plansFollowTheGrowthOfTablesThatWereEmpty() throws SQLException {
        assumeTrue(database == TestDatabase.POSTGRESQL, "The others plan anew, or by indexes whatever is stored");
        insertClicks(4000);
        HikariConfig one = new HikariConfig();
        one.setJdbcUrl(database.url(directory));
        one.setMaximumPoolSize(1); // whose session is asked for its own statistics
        try (HikariDataSource pool = new HikariDataSource(one);
                Connection own = DriverManager.getConnection(database.url(directory));
                Statement vacuum = own.createStatement()) {
            vacuum.execute("vacuum analyze");
            Attribution attribution = Attribution.builder(
                            JdbcAttributionStore.builder(pool).build())
                    .build();
            long before = rowsScanned(pool);
            clicks.forEach(click -> attribution.postback("gk_click_id=" + click.clickId()));
            assertThat(rowsScanned(pool) - before).isLessThan(200L * clicks.size());
            for (int i = 0; i < 1000; i += 5) {
                attribution.postbacks(clicks.subList(i, i + 5).stream()
                        .map(click -> "event_id=e&gk_click_id=" + click.clickId())
                        .toList());
            }
            assertThat(plansForSingleCalls(pool))
                    .isBetween(1L, 5L); // PostgreSQL makes five of each statement in any case
        }
    }

    private static long plansForSingleCalls(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select max(custom_plans) from pg_prepared_statements"
                        + " where statement like '%generate_series(%'")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static long rowsScanned(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_stat_force_next_flush()");
            try (ResultSet row = statement.executeQuery(
                    "select sum(seq_tup_read) from pg_stat_user_tables where schemaname = current_schema()")) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
