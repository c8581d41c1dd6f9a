package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Scope;
import dev.attribution.offer.Offer;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How a server runs the statements over lists, and the one that settles a postback, whatever it knows of the tables: it looks up
 * each row by an index.
 */
class ListPlansTest extends DatabaseTest {
    private static final int GROWN = 3000;
    private static final List<String> TABLES = List.of("offer", "click", "conversion", "history");
    private static final Pattern UNBOUNDED = Pattern.compile(
            "Seq Scan on attribution_|Index (Only )?Scan using \\S+ on attribution_.*\\n(?!\\s*Index Cond)");
    private static final Pattern HASHED = Pattern.compile("Hash  .*\\n\\s*->  .*Scan .*on attribution_");
    private static final Pattern MARIADB_SCAN = Pattern.compile("\"access_type\": \"(ALL|index)\"");

    private final List<Click> clicks = new ArrayList<>();
    private Connection connection;
    private Explained explained;
    private Recorder recorder;
    private final Set<String> settling = new LinkedHashSet<>();

    @BeforeEach
    void open() throws SQLException {
        assumeTrue(
                database == TestDatabase.POSTGRESQL || database == TestDatabase.MARIADB,
                "H2 plans in this process, with the rows that are there");
        explained = new Explained(database);
        recorder = new Recorder();
        connection = DriverManager.getConnection(database.url(directory));
        for (String table : TABLES) { // nobody but this test gathers statistics
            execute("alter table attribution_" + table
                    + (database == TestDatabase.POSTGRESQL
                            ? " set (autovacuum_enabled = off)"
                            : " stats_auto_recalc = 0"));
        }
        if (database == TestDatabase.POSTGRESQL) {
            settlePostbacksOfEveryKind();
        }
        connection.setAutoCommit(false);
    }

    /** Remembers the statements, and leaves the tables as if they were new. */
    private void settlePostbacksOfEveryKind() throws SQLException {
        Attribution attribution = Attribution.builder(JdbcAttributionStore.builder(recorder.over(store.dataSource()))
                        .build())
                .build();
        for (DuplicatePolicy policy : List.of(
                DuplicatePolicy.onePerClickAndMember(),
                DuplicatePolicy.onePerMemberAndOffer(),
                DuplicatePolicy.atMost(3),
                DuplicatePolicy.onePerEvent())) {
            attribution
                    .offers()
                    .put(Offer.builder(policy.toString())
                            .trackingLink("https://example.com?c={gk_click_id}")
                            .duplicatePolicy(policy)
                            .build());
            String postback = "gk_click_id="
                    + attribution.click(ClickRequest.of(policy.toString(), "m")).clickId();
            for (String more : List.of("&transaction_id=t", "&event_id=e", "&event_id=f&transaction_id=u")) {
                attribution.postback(postback + more);
            }
        }
        recorder.told.stream().filter(sql -> sql.startsWith("with found")).forEach(settling::add);
        assertThat(settling).hasSizeGreaterThan(4);
        JdbcAttributionStore.builder(recorder.over(store.dataSource()))
                .build()
                .insertIfUnchanged(Map.of(
                        offer(0),
                        Stream.generate(Given::click)
                                .limit(64)
                                .toList())); // asks whether the offer has changed, and copies
        recorder.told.stream().filter(sql -> sql.startsWith("select count(*)")).forEach(settling::add);
        assertThat(settling).anyMatch(sql -> sql.startsWith("select count(*)"));
        for (String table : TABLES) {
            execute("truncate attribution_" + table);
        }
        execute("truncate attribution_exclusive_scope");
    }

    @AfterEach
    void close() throws SQLException {
        if (connection != null) {
            connection.close();
        }
    }

    @Test
    void needNoStatistics() throws SQLException {
        if (database == TestDatabase.POSTGRESQL) {
            assertEachRowIsLookedUp("empty, never analyzed");
            grow(10);
            assertEachRowIsLookedUp("of ten rows, never analyzed");
        }
        grow(GROWN);
        assertEachRowIsLookedUp("grown, never analyzed");
        analyze();
        assertEachRowIsLookedUp("grown, analyzed");
    }

    @Test
    void workWithTheStatisticsOfAnEmptyTable() throws SQLException {
        analyze();
        grow(GROWN);
        assertEachRowIsLookedUp("grown since it was analyzed when it was empty");
    }

    @Test
    void workWithTheStatisticsOfTenRows() throws SQLException {
        grow(10);
        analyze();
        grow(GROWN);
        assertEachRowIsLookedUp("grown since it was analyzed with ten rows");
    }

    /** With the statistics of a few rows a server plans to read the whole table, and may keep the plan. */
    @Test
    void areNotPlannedForTablesOfAFewRows() throws SQLException {
        assumeTrue(database == TestDatabase.POSTGRESQL, "MariaDB keeps no plan");
        try (Statement statement = connection.createStatement();
                ResultSet threshold = statement.executeQuery(
                        "select count(*) from pg_class where reloptions::text"
                                + " like '%autovacuum_analyze_threshold=5000%' and relnamespace = current_schema()::regnamespace")) {
            threshold.next();
            assertThat(threshold.getInt(1)).isEqualTo(TABLES.size() + 1); // and the scopes
        }
    }

    private void assertEachRowIsLookedUp(String state) throws SQLException {
        Map<String, List<String>> plans = new LinkedHashMap<>();
        AttributionStore joined = store.joining(explained.over(recorder.over(connection)));
        recorder.told.clear();
        plans.put("with these rows", explained.plans(() -> everyList(joined)));
        connection.rollback();
        if (database == TestDatabase.POSTGRESQL) {
            plans.put("for any rows", kept(new LinkedHashSet<>(recorder.told)));
            plans.put("to settle a postback", kept(settling));
        }
        plans.forEach((kind, some) -> {
            assertThat(some).isNotEmpty();
            assertThat(some.stream().filter(ListPlansTest::readsMore))
                    .as("plans %s of tables %s", kind, state)
                    .isEmpty();
        });
    }

    private static boolean readsMore(String plan) {
        return Stream.of(UNBOUNDED, HASHED, MARIADB_SCAN)
                .anyMatch(pattern -> pattern.matcher(plan).find());
    }

    /** Explains statements as a server keeps them: planned for any parameters. */
    private List<String> kept(Set<String> statements) throws SQLException {
        List<String> plans = new ArrayList<>();
        String url = database.url(directory) + "&preferQueryMode=simple"; // else the server wants the parameters
        try (Connection simple = DriverManager.getConnection(url)) {
            for (String sql : statements) {
                if (sql.contains("?")) {
                    plans.add(kept(simple, sql.replaceFirst("^explain (\\(.*?\\) )?", "")));
                }
            }
        }
        return plans;
    }

    private static String kept(Connection simple, String sql) throws SQLException {
        StringBuilder numbered = new StringBuilder();
        int parameter = 0;
        for (int i = 0; i < sql.length(); i++) {
            numbered.append(sql.charAt(i) == '?' ? "$" + ++parameter : "" + sql.charAt(i));
        }
        StringBuilder plan = new StringBuilder(sql).append('\n');
        try (Statement statement = simple.createStatement();
                ResultSet row = statement.executeQuery("explain (generic_plan) " + numbered)) {
            while (row.next()) {
                plan.append(row.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }

    private void everyList(AttributionStore joined) {
        List<Click> some = new ArrayList<>(clicks.subList(0, Math.min(5, clicks.size())));
        IntStream.range(0, 3)
                .forEach(i -> some.add(Given.click("offer-" + i, "member-" + i, Given.NOON.plusSeconds(i))));
        List<ClickId> ids = some.stream().map(Click::clickId).toList();
        joined.clicks().find(ids);
        joined.offers().find(List.of("offer-0", "offer-1", "offer-2"));
        joined.clicks().insert(some.subList(some.size() - 3, some.size()));
        Map<Offer, List<Click>> guarded = new LinkedHashMap<>();
        for (int i = 0; i < 3; i++) {
            guarded.put(offer(i), List.of(Given.click("offer-" + i, "member-" + i, Given.NOON)));
        }
        joined.insertIfUnchanged(guarded);
        List<FactsQuery> queries = new ArrayList<>();
        some.forEach(click -> {
            queries.add(Given.query(new Scope.OfClick(click.clickId()), "e", "t"));
            queries.add(Given.query(new Scope.OfMember(click.offerId(), click.memberId()), null, null));
        });
        joined.conversions().facts(queries);
        for (DuplicatePolicy policy : List.of(
                DuplicatePolicy.onePerClickAndMember(),
                DuplicatePolicy.onePerEvent(),
                DuplicatePolicy.onePerMemberAndOffer(),
                DuplicatePolicy.atMost(3))) {
            for (String transaction : new String[] {null, "t"}) {
                joined.lookUp(
                        ids.stream()
                                .map(id -> Given.lookUp(id, "e", transaction))
                                .toList(),
                        policy);
            }
        }
        List<Settlement> settlements = new ArrayList<>();
        some.forEach(click -> settlements.add(Given.credit(click, 7, "t-" + click.clickId())));
        settlements.add(Given.credit(some.get(0), 8, "t-8")); // after another credit of its click
        settlements.add(Given.unattributed("nonsense", Given.NOON));
        joined.conversions().append(settlements);
        joined.conversions().append(settlements); // which looks up those that are known
        for (List<String> notes : List.of(List.of("note"), List.<String>of())) {
            for (String transaction : new String[] {null, "u"}) {
                joined.conversions()
                        .append(some.stream()
                                .map(click -> Given.credit(
                                        click,
                                        9,
                                        conversion -> conversion.transactionId(transaction),
                                        entry -> entry.notes(notes)))
                                .toList());
            }
        }
        joined.conversions()
                .append(some.stream()
                        .map(click -> Given.credit(
                                click, 10, conversion -> conversion.eventId("e"), entry -> entry.eventId(null)))
                        .toList());
    }

    private void grow(int count) {
        for (int i = clicks.size(); i < count; i++) {
            clicks.add(Given.click("offer-" + i, "member-" + i % 50, Given.NOON.plusSeconds(i)));
        }
        for (int i = 0; i < count; i++) {
            store.offers().put(offer(i));
        }
        store.clicks().insert(clicks);
        store.conversions()
                .append(IntStream.range(0, clicks.size())
                        .mapToObj(i -> i % 2 == 0
                                ? Given.credit(clicks.get(i), 1, won -> won.eventId("e"))
                                : Given.unattributed("nonsense " + i, Given.NOON))
                        .toList());
    }

    private static Offer offer(int i) {
        return Offer.builder("offer-" + i)
                .trackingLink("https://example.com?c={gk_click_id}")
                .build();
    }

    private void analyze() throws SQLException {
        try (Connection own = DriverManager.getConnection(database.url(directory));
                Statement statement = own.createStatement()) {
            for (String table : TABLES) {
                statement.execute(
                        (database == TestDatabase.MARIADB ? "analyze table attribution_" : "analyze attribution_")
                                + table);
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
