package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickFlag;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.offer.Offer;
import dev.attribution.testkit.Race;
import dev.attribution.testkit.contract.ExactIds;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** Long lists of clicks on PostgreSQL, which are copied. */
class PostgresCopyTest {
    private static final int LONG = 64;
    private static final int SHORT = 63;
    private static final String LINK = "https://example.com?c={gk_click_id}";

    @TempDir
    Path directory;

    private final Recorder recorder = new Recorder();
    private String url;
    private DataSource pool;
    private JdbcAttributionStore store;

    @BeforeEach
    void open() {
        url = TestDatabase.POSTGRESQL.url(directory);
        pool = recorder.over(new TestPool(url));
        store = JdbcAttributionStore.builder(pool).build();
        put(offer("offer"));
        recorder.told.clear();
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
        }
    }

    @Test
    void areCopiedAndShorterOnesInserted() {
        store.clicks().insert(clicks("offer", SHORT));
        store.insertIfUnchanged(Map.of(offer("offer"), clicks("offer", SHORT)));
        assertThat(told()).containsExactly("insert", "insert");

        recorder.told.clear();
        store.clicks().insert(clicks("offer", LONG));
        store.insertIfUnchanged(Map.of(offer("offer"), clicks("offer", LONG)));
        assertThat(told()).containsExactly("copy", "select", "copy");
    }

    @Test
    void areStoredOnceIfTheAnswerIsLost() {
        for (boolean isGuarded : new boolean[] {true, false}) {
            List<Click> clicks = clicks("offer", LONG);
            recorder.told.clear();
            recorder.insteadOfTheAnswer.set(new SQLException("the connection is lost", "08006"));
            if (isGuarded) {
                assertThat(store.insertIfUnchanged(Map.of(offer("offer"), clicks)))
                        .isEmpty();
            } else {
                store.clicks().insert(clicks);
            }
            assertThat(told())
                    .containsExactlyElementsOf(
                            isGuarded
                                    ? List.of("select", "copy", "select", "copy", "insert", "select")
                                    : List.of("copy", "copy", "insert", "select"));
            assertThat(stored(clicks)).containsExactlyInAnyOrderElementsOf(clicks);
        }
    }

    @Test
    void areStoredOnceIfTheAnswerIsLostAndTheOfferChangesThen() {
        List<Click> clicks = clicks("offer", LONG);
        Offer before = offer("offer");
        store.insertIfUnchanged(Map.of(before, clicks));
        put(changed("offer"));
        assertThat(store.insertIfUnchanged(Map.of(before, clicks))).isEmpty();
        List<Click> more = new ArrayList<>(clicks);
        more.addAll(clicks("offer", LONG));
        assertThat(store.insertIfUnchanged(Map.of(before, more))).containsExactly(before);
        assertThat(stored(more)).containsExactlyInAnyOrderElementsOf(clicks);
    }

    @Test
    void areNotCopiedIfOneOfTheirOffersHasChanged() {
        Map<Offer, List<Click>> given = new LinkedHashMap<>();
        for (int i = 0; i < 20; i++) {
            put(offer("offer-" + i));
            given.put(offer("offer-" + i), clicks("offer-" + i, 10));
        }
        Offer missing = offer("missing");
        assertThat(store.insertIfUnchanged(given)).isEmpty();

        put(changed("offer-7"));
        given.replaceAll((offer, some) -> clicks(offer.offerId(), 10));
        given.put(missing, clicks("missing", 10));
        recorder.told.clear();
        assertThat(store.insertIfUnchanged(given)).containsExactlyInAnyOrder(offer("offer-7"), missing);
        assertThat(told()).doesNotContain("copy");
        given.forEach((offer, some) -> assertThat(stored(some))
                .hasSize(offer.equals(missing) || offer.equals(offer("offer-7")) ? 0 : some.size()));
    }

    @Test
    void areNotCopiedWithOneThatIsStoredAlready() {
        List<Click> clicks = clicks("offer", LONG);
        store.clicks().insert(clicks.subList(40, 41));
        assertThat(store.insertIfUnchanged(Map.of(offer("offer"), clicks))).isEmpty();
        assertThat(stored(clicks)).containsExactlyInAnyOrderElementsOf(clicks);

        List<Click> more = new ArrayList<>(clicks("offer", LONG));
        more.add(Given.withId(clicks.get(40).clickId(), Given.click("offer", "another", Given.NOON)));
        assertThatThrownBy(() -> store.insertIfUnchanged(Map.of(offer("offer"), more)))
                .isExactlyInstanceOf(AttributionException.class)
                .hasMessageContaining(clicks.get(40).clickId().value());
        assertThat(stored(clicks)).containsExactlyInAnyOrderElementsOf(clicks);
    }

    /** A value that the column cannot hold is an error of the data; a constraint of the host is not. */
    @Test
    void failForTheClicksThatTheServerRefusesAndForNoOther() throws SQLException {
        execute("alter table attribution_click add constraint host check (member_id <> 'unwanted'),"
                + " alter column member_id type varchar(40)");
        Queue<Runnable> submitted = new ArrayDeque<>();
        Attribution attribution =
                Attribution.builder(store).executor(submitted::add).build();
        attribution.click(ClickRequest.of("offer", "first")); // reads the offer
        recorder.told.clear();
        Map<String, CompletionStage<Redirect>> calls = new HashMap<>();
        for (int i = 0; i < 256; i++) {
            String member = i == 90 ? "unwanted" : i == 200 ? "long".repeat(20) : "member-" + i;
            calls.put(member, attribution.clickAsync(ClickRequest.of("offer", member)));
        }
        for (Runnable task = submitted.poll(); task != null; task = submitted.poll()) {
            task.run();
        }
        assertThat(told().subList(0, 3)).containsExactly("select", "copy", "insert"); // and then by halves
        calls.forEach((member, call) -> {
            if (member.equals("unwanted") || member.startsWith("long")) {
                assertThatThrownBy(() -> call.toCompletableFuture().join())
                        .cause()
                        .isInstanceOfSatisfying(
                                StorageException.class,
                                e -> assertThat(e.isTransient()).isFalse())
                        .hasMessageNotContaining(member);
            } else {
                assertThat(call.toCompletableFuture()).isCompleted();
            }
        });
        assertThat(count("attribution_click")).isEqualTo(255);
    }

    @Test
    void holdWhatInsertedOnesHold() throws SQLException {
        List<Click> clicks = new ArrayList<>(clicks("offer", LONG));
        ExactIds.ALL.forEach(id -> clicks.add(Given.click(id, id, Given.NOON)));
        List<Instant> times = Stream.of(
                        "0001-01-01T00:00:00.000001Z",
                        "1969-12-31T23:59:59.999999Z",
                        "1999-12-31T23:59:59.999999Z",
                        "2024-02-29T00:00:00Z",
                        "9999-12-31T23:59:59.999999Z")
                .map(Instant::parse)
                .toList();
        times.forEach(time -> clicks.add(Given.click("offer", "m", time)));
        List<ClickContext> contexts = List.of(
                ClickContext.builder()
                        .ip("2001:db8::1")
                        .userAgent("Mozilla/5.0 \"quoted\" \\ \t 😀")
                        .referrer("https://example.com/?q=%F0%9F%98%80")
                        .extra("empty", "")
                        .extra("ünïcode 😀", "line\nbreak\u0001")
                        .extra("number", "-0.50")
                        .build(),
                many(ClickContext.builder()).build());
        for (ClickContext context : contexts) {
            for (Optional<ClickFlag> flag : List.of(
                    Optional.<ClickFlag>empty(),
                    Optional.of(ClickFlag.of("rule-1")),
                    Optional.of(new ClickFlag("rule", Optional.of(times.get(1)))))) {
                Click some = Given.click();
                clicks.add(new Click(
                        some.clickId(),
                        some.offerId(),
                        some.memberId(),
                        some.clickedAt(),
                        context,
                        flag,
                        some.memberScope()));
            }
        }
        store.clicks().insert(clicks);
        assertThat(told()).containsExactly("copy");
        try (JdbcAttributionStore other =
                JdbcAttributionStore.builder(pool).tablePrefix("inserted_").build()) {
            for (int from = 0; from < clicks.size(); from += SHORT) {
                other.clicks().insert(clicks.subList(from, Math.min(from + SHORT, clicks.size())));
            }
        }
        assertThat(stored(clicks)).containsExactlyInAnyOrderElementsOf(clicks);
        String rows = "select t::text from %s t order by click_id";
        assertThat(texts(rows.formatted("attribution_click")))
                .isEqualTo(texts(rows.formatted("inserted_click")))
                .hasSize(clicks.size());
        assertThat(texts("select context -> 'extras' ->> 'ünïcode 😀' from attribution_click where flag = 'rule-1'"))
                .contains("line\nbreak\u0001");
    }

    /** Longer than the buffer, and the whole list longer than several. */
    private static ClickContext.Builder many(ClickContext.Builder context) {
        IntStream.range(0, 60).forEach(i -> context.extra("extra-" + i, "é".repeat(2048)));
        return context;
    }

    @Test
    void areStoredOnceWhenManyThreadsInsertThem() throws Exception {
        List<Click> clicks = clicks("offer", LONG);
        List<Click> others = clicks("offer", LONG);
        Race.run(12, i -> {
            List<Click> list = new ArrayList<>(i % 2 == 0 ? clicks : others);
            list.addAll(clicks.subList(0, i * 5)); // twice in a list, or in the lists of two
            return i % 3 == 0
                    ? insert(list.stream().distinct().toList())
                    : store.insertIfUnchanged(
                            Map.of(offer("offer"), list.stream().distinct().toList()));
        });
        assertThat(stored(clicks)).hasSize(LONG);
        assertThat(stored(others)).hasSize(LONG);
        assertThat(count("attribution_click")).isEqualTo(2L * LONG);
    }

    private List<Click> insert(List<Click> clicks) {
        store.clicks().insert(clicks);
        return clicks;
    }

    @Test
    void areCopiedIntoAnySchemaUnderAnyPrefix() throws SQLException {
        execute("create schema sales");
        try (JdbcAttributionStore named = JdbcAttributionStore.builder(pool)
                .schemaName("Sales")
                .tablePrefix("Clicks_")
                .build()) {
            named.offers().put(offer("offer"));
            recorder.told.clear();
            List<Click> clicks = clicks("offer", LONG);
            assertThat(named.insertIfUnchanged(Map.of(offer("offer"), clicks))).isEmpty();
            assertThat(told()).containsExactly("select", "copy");
            assertThat(named.clicks().find(ids(clicks)).values()).containsExactlyInAnyOrderElementsOf(clicks);
            assertThat(stored(clicks)).isEmpty();
        } finally {
            execute("drop schema sales cascade");
        }
    }

    @Test
    void areCopiedIntoTheirPartitions() throws SQLException {
        YearMonth first = YearMonth.now(ZoneOffset.UTC);
        execute(JdbcSchema.partitionedScript("monthly_"));
        execute(JdbcSchema.partitions("monthly_", first, first.plusMonths(1)));
        try (JdbcAttributionStore monthly =
                JdbcAttributionStore.builder(pool).tablePrefix("monthly_").build()) {
            monthly.offers().put(offer("offer"));
            List<Click> clicks = new ArrayList<>(clicks("offer", LONG));
            ClickId later =
                    ClickId.lowest(first.plusMonths(1).atDay(2).atStartOfDay().toInstant(ZoneOffset.UTC));
            clicks.add(Given.withId(later, clicks.get(0)));
            recorder.told.clear();
            assertThat(monthly.insertIfUnchanged(Map.of(offer("offer"), clicks)))
                    .isEmpty();
            assertThat(told()).containsExactly("select", "copy");
            assertThat(monthly.clicks().find(ids(clicks)).values()).containsExactlyInAnyOrderElementsOf(clicks);

            ClickId without =
                    ClickId.lowest(first.plusMonths(5).atDay(2).atStartOfDay().toInstant(ZoneOffset.UTC));
            List<Click> refused = new ArrayList<>(clicks("offer", LONG));
            refused.add(Given.withId(without, clicks.get(0)));
            assertThatThrownBy(() -> monthly.insertIfUnchanged(Map.of(offer("offer"), refused)))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("no partition takes the time of an id");
            assertThat(monthly.clicks().find(ids(refused))).isEmpty();
        }
    }

    /** PostgreSQL refuses to copy into a table with policies for its rows. */
    @Test
    void areInsertedIfTheServerDoesNotCopyIntoTheTable() throws SQLException {
        execute("alter table attribution_click enable row level security;"
                + " create policy everyone on attribution_click using (true) with check (true);"
                + " do $$ begin create role attribution_teller; exception when duplicate_object then null; end $$;"
                + " grant usage on schema " + schema() + " to attribution_teller;"
                + " grant all on all tables in schema " + schema() + " to attribution_teller");
        try (JdbcAttributionStore limited = JdbcAttributionStore.builder(
                        recorder.over(new TestPool(url + "&options=-c%20role=attribution_teller")))
                .build()) {
            recorder.told.clear();
            for (int i = 0; i < 2; i++) {
                List<Click> clicks = clicks("offer", LONG);
                limited.clicks().insert(clicks);
                assertThat(stored(clicks)).hasSize(LONG);
            }
            assertThat(told().stream().filter(verb -> !verb.equals("select")))
                    .containsExactly("copy", "insert", "insert");
        } finally {
            execute("drop owned by attribution_teller");
        }
    }

    @Test
    void areInsertedIfAPoolHidesTheDriver() {
        for (String kind :
                List.of("says no", "cannot say", "knows no such method", "says yes and does not", "has none")) {
            List<Click> clicks = clicks("offer", LONG);
            try (JdbcAttributionStore hidden =
                    JdbcAttributionStore.builder(hiding(pool, kind)).build()) {
                recorder.told.clear();
                assertThat(hidden.insertIfUnchanged(Map.of(offer("offer"), clicks)))
                        .isEmpty();
            }
            assertThat(told()).as("a pool that %s", kind).containsExactly("insert");
            assertThat(stored(clicks)).hasSize(LONG);
        }
    }

    @Test
    void areInsertedInTheTransactionOfTheHost() throws SQLException {
        List<Click> clicks = clicks("offer", LONG);
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            store.joining(connection).insertIfUnchanged(Map.of(offer("offer"), clicks));
            store.joining(connection).clicks().insert(clicks);
            assertThat(told()).contains("insert").doesNotContain("copy");
            connection.rollback();
        }
        assertThat(stored(clicks)).isEmpty();
    }

    private static DataSource hiding(DataSource pool, String kind) {
        return (DataSource) Proxy.newProxyInstance(
                PostgresCopyTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                    Object result = method.invoke(pool, arguments);
                    return result instanceof Connection connection ? hiding(connection, kind) : result;
                });
    }

    private static Connection hiding(Connection real, String kind) {
        return (Connection) Proxy.newProxyInstance(
                PostgresCopyTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (arguments != null && arguments[0] == PGConnection.class) {
                        boolean isUnwrap = method.getName().equals("unwrap");
                        return switch (kind) {
                            case "says no" -> false;
                            case "cannot say" -> throw new SQLException("wraps nothing");
                            case "knows no such method" -> throw new AbstractMethodError();
                            case "says yes and does not" -> {
                                if (isUnwrap) {
                                    throw new SQLException("wraps nothing");
                                }
                                yield true;
                            }
                            default -> isUnwrap ? null : (Object) true;
                        };
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private String schema() {
        return url.replaceFirst(".*currentSchema=", "");
    }

    private static Offer offer(String id) {
        return Offer.builder(id).trackingLink(LINK).build();
    }

    private static Offer changed(String id) {
        return Offer.builder(id).trackingLink(LINK + "&more").build();
    }

    private void put(Offer offer) {
        store.offers().put(offer);
    }

    private static List<Click> clicks(String offer, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Given.click(offer, "member-" + i, Instant.now().truncatedTo(ChronoUnit.MICROS)))
                .toList();
    }

    private static List<ClickId> ids(List<Click> clicks) {
        return clicks.stream().map(Click::clickId).toList();
    }

    private Collection<Click> stored(List<Click> clicks) {
        return store.clicks().find(ids(clicks)).values();
    }

    /** Returns the verb of each statement. */
    private List<String> told() {
        return recorder.told.stream().map(sql -> sql.replaceFirst(" .*", "")).toList();
    }

    private long count(String table) throws SQLException {
        return Long.parseLong(texts("select count(*) from " + table).get(0));
    }

    private List<String> texts(String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        return texts;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
