package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Attributed;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.ReportFilter;
import dev.attribution.testkit.Race;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "{0}")
@EnumSource(TestDatabase.class)
class CreditHandlerTest {
    @Parameter
    TestDatabase database;

    @TempDir
    Path directory;

    private JdbcAttributionStore tables;
    private final Recorder recorder = new Recorder();
    private final AtomicInteger calls = new AtomicInteger();

    @BeforeEach
    void open() throws SQLException {
        tables = JdbcAttributionStore.open(database.url(directory));
        execute("create table wallet (member_id varchar(255) primary key, amount int not null)");
        for (int member = 0; member < 8; member++) {
            execute("insert into wallet values ('m" + member + "', 0)");
        }
        Attribution.builder(tables)
                .build()
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
    }

    @AfterEach
    void close() {
        tables.close();
    }

    @Test
    void runsForTheWinnerOnly() throws Exception {
        Attribution attribution = with(this::increment);
        String postback = click(attribution, "m1");
        List<PostbackOutcome> outcomes = Race.run(16, thread -> attribution.postback(postback));
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.kind() == Kind.ATTRIBUTED)
                .hasSize(1);
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.kind() == Kind.DUPLICATE)
                .hasSize(15);
        assertThat(wallet("m1")).isEqualTo(1);
        int won = calls.get();
        attribution.postback(postback);
        attribution.postback("gk_click_id=nonsense");
        attribution.postback(click(attribution, "m2") + "&offer_id=another");
        assertThat(calls).hasValue(won);
    }

    @Test
    void runsOnTheCallersThreadWithTheConversionAndItsUncommittedRow() {
        List<Conversion> seen = new ArrayList<>();
        Attribution attribution = with((conversion, connection) -> {
            seen.add(conversion);
            assertThat(Thread.currentThread().getName()).isEqualTo("the caller");
            assertThat(connection.getAutoCommit()).isFalse();
            assertThat(number(connection, "select count(*) from attribution_conversion"))
                    .isEqualTo(1);
            assertThat(number("select count(*) from attribution_conversion")).isZero();
            assertThat(number("select count(*) from attribution_history")).isZero();
        });
        String name = Thread.currentThread().getName();
        Thread.currentThread().setName("the caller");
        try {
            PostbackOutcome outcome = attribution.postback(click(attribution, "m1"));
            assertThat(seen).containsExactly(((Attributed) outcome).conversion());
        } finally {
            Thread.currentThread().setName(name);
        }
        assertThat(conversions()).isEqualTo(seen);
    }

    @Test
    void leavesNothingBehindWhereItThrowsAndALaterPostbackCanWin() throws SQLException {
        List<Throwable> refusals = List.of(
                new IllegalStateException("the wallet is frozen"),
                new StorageException("from another store", false, null),
                new org.jdbi.v3.core.ConnectionException(new SQLException("of the host's own")),
                new IOException("checked, but not declared"),
                new AssertionError("an error"));
        for (Throwable refusal : refusals) {
            Attribution attribution = with((conversion, connection) -> {
                increment(conversion, connection);
                sneak(refusal);
            });
            calls.set(0);
            String postback = click(attribution, "m1");
            assertThat(catchThrowable(() -> attribution.postback(postback))).isSameAs(refusal);
            assertThat(calls).hasValue(1);
            assertThat(wallet("m1")).isZero();
            assertThat(conversions()).isEmpty();
            assertThat(history()).isEmpty();
        }
        Attribution attribution = with(this::increment);
        assertThat(attribution.postback(click(attribution, "m1")).kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(wallet("m1")).isEqualTo(1);
    }

    @Test
    void handsACheckedExceptionOnAsTheCause() {
        SQLException refusal = new SQLException("no such wallet", "42000");
        Attribution attribution = with((conversion, connection) -> {
            throw refusal;
        });
        String postback = click(attribution, "m1");
        assertThatThrownBy(() -> attribution.postback(postback))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        failed -> assertThat(failed.isTransient()).isFalse())
                .hasMessageContaining("CreditHandler")
                .hasCause(refusal);
        assertThat(history()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isDoneAgainWithEverythingElseWhereTheDatabaseReportsAConflict(boolean wrapped) throws SQLException {
        List<SQLException> conflicts = conflicts();
        Attribution attribution = with((conversion, connection) -> {
            increment(conversion, connection);
            if (calls.get() <= conflicts.size()) {
                SQLException conflict = conflicts.get(calls.get() - 1);
                if (wrapped) {
                    throw new IllegalStateException(conflict);
                }
                throw conflict;
            }
        });
        assertThat(attribution.postback(click(attribution, "m1")).kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(calls).hasValue(conflicts.size() + 1);
        assertThat(wallet("m1")).isEqualTo(1);
        assertThat(history()).hasSize(1);
        assertThat(conversions()).hasSize(1);
    }

    /** Each updates its own wallet, then the other's. */
    @Test
    void survivesADeadlockOfTwoHandlers() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        Attribution attribution = with((conversion, connection) -> {
            String own = conversion.memberId();
            add(connection, own);
            if (calls.getAndIncrement() < 2) {
                try {
                    both.await();
                } catch (InterruptedException | BrokenBarrierException e) {
                    throw new IllegalStateException(e);
                }
            }
            add(connection, own.equals("m1") ? "m2" : "m1");
        });
        List<String> postbacks = List.of(click(attribution, "m1"), click(attribution, "m2"));
        List<PostbackOutcome> outcomes = Race.run(2, thread -> attribution.postback(postbacks.get(thread)));
        assertThat(outcomes).extracting(PostbackOutcome::kind).containsOnly(Kind.ATTRIBUTED);
        assertThat(calls).hasValueGreaterThan(2);
        assertThat(wallet("m1")).isEqualTo(2);
        assertThat(wallet("m2")).isEqualTo(2);
        assertThat(history()).hasSize(2);
    }

    @Test
    void doesNotRunAgainWhereOnlyTheAnswerOfTheCommitWasLost() throws SQLException {
        Attribution attribution = with(this::increment);
        String postback = click(attribution, "m1");
        recorder.insteadOfTheAnswer.set(new SQLException("connection reset", "08006"));
        PostbackOutcome outcome = attribution.postback(postback);
        assertThat(recorder.insteadOfTheAnswer).hasNullValue();
        assertThat(outcome.kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(conversions()).containsExactly(((Attributed) outcome).conversion());
        assertThat(calls).hasValue(1);
        assertThat(wallet("m1")).isEqualTo(1);
        assertThat(history()).hasSize(1);
    }

    @Test
    void hasATransactionForEachCreditOfAList() throws SQLException {
        Attribution attribution = with((conversion, connection) -> {
            assertThat(number("select count(*) from attribution_conversion")).isEqualTo(calls.get());
            increment(conversion, connection);
            if (conversion.memberId().equals("m3")) {
                throw new IllegalStateException("the wallet is frozen");
            }
        });
        List<String> postbacks = new ArrayList<>(List.of("gk_click_id=x", "gk_click_id=y"));
        IntStream.rangeClosed(1, 4).forEach(i -> postbacks.add(click(attribution, "m" + i)));
        assertThatThrownBy(() -> attribution.postbacks(postbacks)).hasMessage("the wallet is frozen");
        assertThat(conversions()).extracting(Conversion::memberId).containsExactlyInAnyOrder("m1", "m2");
        assertThat(wallet("m1") + wallet("m2")).isEqualTo(2);
        assertThat(wallet("m3") + wallet("m4")).isZero();
        assertThat(history()).hasSize(4);

        List<PostbackOutcome> repeated = with(this::increment).postbacks(postbacks);
        assertThat(repeated)
                .extracting(PostbackOutcome::kind)
                .containsExactly(
                        Kind.UNATTRIBUTED,
                        Kind.UNATTRIBUTED,
                        Kind.DUPLICATE,
                        Kind.DUPLICATE,
                        Kind.ATTRIBUTED,
                        Kind.ATTRIBUTED);
        for (int member = 1; member <= 4; member++) {
            assertThat(wallet("m" + member)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Misuse.class)
    void mayNotEndTheTransactionThatItIsCalledIn(Misuse misuse) throws SQLException {
        Attribution attribution = with((conversion, connection) -> {
            increment(conversion, connection);
            misuse.of(connection);
        });
        String postback = click(attribution, "m1");
        assertThatThrownBy(() -> attribution.postback(postback))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("CreditHandler")
                .hasMessageContaining("commit");
        assertThat(calls).hasValue(1);
        assertThat(wallet("m1"))
                .isEqualTo(conversions().size())
                .isEqualTo(history().size());
        assertThat(with(this::increment).postback(click(attribution, "m2")).kind())
                .isEqualTo(Kind.ATTRIBUTED);
    }

    private enum Misuse {
        COMMIT {
            @Override
            void of(Connection connection) throws SQLException {
                connection.commit();
            }
        },
        COMMIT_AND_GO_ON {
            @Override
            void of(Connection connection) throws SQLException {
                connection.commit();
                add(connection, "m7");
            }
        },
        ROLLBACK {
            @Override
            void of(Connection connection) throws SQLException {
                connection.rollback();
            }
        },
        AUTO_COMMIT {
            @Override
            void of(Connection connection) throws SQLException {
                connection.setAutoCommit(true);
            }
        },
        CLOSE {
            @Override
            void of(Connection connection) throws SQLException {
                connection.close();
            }
        };

        abstract void of(Connection connection) throws SQLException;
    }

    @Test
    void isHeldToAFailureThatItHides() throws SQLException {
        Attribution attribution = with((conversion, connection) -> {
            increment(conversion, connection);
            assertThatThrownBy(() -> execute(connection, "insert into wallet values ('m1', 7)"))
                    .isInstanceOf(SQLException.class);
        });
        String postback = click(attribution, "m1");
        if (database == TestDatabase.POSTGRESQL) { // where a failed statement breaks its transaction
            assertThatThrownBy(() -> attribution.postback(postback)).isInstanceOf(StorageException.class);
            assertThat(wallet("m1")).isZero();
            assertThat(conversions()).isEmpty();
            assertThat(history()).isEmpty();
        } else {
            assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
            assertThat(wallet("m1")).isEqualTo(1);
        }
    }

    @Test
    void worksUnderEveryPolicy() throws SQLException {
        List<DuplicatePolicy> policies = List.of(
                DuplicatePolicy.allowRepeatConversions(),
                DuplicatePolicy.onePerEvent(),
                DuplicatePolicy.onePerMemberAndOffer(),
                DuplicatePolicy.atMost(2));
        for (DuplicatePolicy policy : policies) {
            Attribution attribution = with(this::increment);
            attribution
                    .offers()
                    .put(Offer.builder("sale")
                            .trackingLink("https://example.com?c={gk_click_id}")
                            .duplicatePolicy(policy)
                            .build());
            String member = "m" + (1 + policies.indexOf(policy));
            String postback = click(attribution, member);
            List<PostbackOutcome> outcomes = attribution.postbacks(List.of(
                    postback + "&event_id=a&transaction_id=1",
                    postback + "&event_id=a&transaction_id=2",
                    postback + "&event_id=b&transaction_id=3",
                    postback + "&event_id=b&transaction_id=3"));
            assertThat(outcomes)
                    .filteredOn(outcome -> outcome.kind() == Kind.ATTRIBUTED)
                    .hasSize(wallet(member))
                    .hasSize(
                            policy.equals(DuplicatePolicy.allowRepeatConversions())
                                    ? 3
                                    : policy.equals(DuplicatePolicy.onePerMemberAndOffer()) ? 1 : 2);
        }
    }

    @Test
    void commitsAndRollsBackWithAHostThatIsJoined() throws SQLException {
        JdbcAttributionStore store = store(this::increment);
        Attribution attribution = Attribution.builder(store).build();
        String postback = click(attribution, "m1");
        try (Connection host = connection()) {
            host.setAutoCommit(false);
            Attribution joined = attribution.on(store.joining(host));
            assertThat(joined.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
            assertThat(wallet("m1")).isZero();
            host.rollback();
            assertThat(wallet("m1")).isZero();
            assertThat(conversions()).isEmpty();
            assertThat(joined.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
            assertThat(joined.postback(postback).kind()).isEqualTo(Kind.DUPLICATE);
            host.commit();
        }
        assertThat(wallet("m1")).isEqualTo(1);
        assertThat(history()).hasSize(2);
        assertThat(calls).hasValue(2);
    }

    @Test
    void undoesItsPartOfAJoinedTransactionWhereItThrows() throws SQLException {
        IllegalStateException refusal = new IllegalStateException("the wallet is frozen");
        JdbcAttributionStore store = store((conversion, connection) -> {
            increment(conversion, connection);
            throw refusal;
        });
        Attribution attribution = Attribution.builder(store).build();
        String postback = click(attribution, "m1");
        try (Connection host = connection()) {
            host.setAutoCommit(false);
            add(host, "m2");
            assertThat(catchThrowable(() -> attribution.on(store.joining(host)).postback(postback)))
                    .isSameAs(refusal);
            host.commit();
        }
        assertThat(wallet("m1")).isZero();
        assertThat(wallet("m2")).isEqualTo(1);
        assertThat(history()).isEmpty();
    }

    @Test
    void undoesItsPartOfAJoinedTransactionWhateverItThrows() throws SQLException {
        IOException undeclared = new IOException("checked, but not declared");
        JdbcAttributionStore store = store((conversion, connection) -> {
            increment(conversion, connection);
            sneak(undeclared);
        });
        Attribution attribution = Attribution.builder(store).build();
        String postback = click(attribution, "m1");
        try (Connection host = connection()) {
            host.setAutoCommit(false);
            assertThat(catchThrowable(() -> attribution.on(store.joining(host)).postback(postback)))
                    .isSameAs(undeclared);
            host.commit();
        }
        assertThat(wallet("m1")).isZero();
        assertThat(conversions()).isEmpty();
        assertThat(history()).isEmpty();
    }

    /** A referrer is credited together with the member: from within the handler, in the same transaction. */
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void mayCallTheLibraryAgainInItsTransaction(boolean joined, boolean fails) throws SQLException {
        IllegalStateException refusal = new IllegalStateException("the wallet is frozen");
        AtomicReference<JdbcAttributionStore> self = new AtomicReference<>();
        AtomicReference<String> referrers = new AtomicReference<>();
        Attribution attribution = Attribution.builder(tables).build();
        self.set(store((conversion, connection) -> {
            increment(conversion, connection);
            if (conversion.memberId().equals("m1")) {
                Attribution inside = attribution.on(self.get().joining(connection));
                inside.click(ClickRequest.of("sale", "m3"));
                assertThat(inside.postback(referrers.get()).kind()).isEqualTo(Kind.ATTRIBUTED);
                if (fails) {
                    throw refusal;
                }
            }
        }));
        String postback = click(attribution, "m1");
        referrers.set(click(attribution, "m2"));
        try (Connection host = connection()) {
            host.setAutoCommit(false);
            Attribution own = attribution.on(joined ? self.get().joining(host) : self.get());
            if (fails) {
                assertThat(catchThrowable(() -> own.postback(postback))).isSameAs(refusal);
            } else {
                assertThat(own.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
            }
            host.commit();
        }
        int credited = fails ? 0 : 1;
        assertThat(wallet("m1")).isEqualTo(credited);
        assertThat(wallet("m2")).isEqualTo(credited);
        assertThat(conversions()).hasSize(2 * credited);
        assertThat(history()).hasSize(2 * credited);
        assertThat(number("select count(*) from attribution_click")).isEqualTo(2 + credited);
    }

    @Test
    void handsAConflictToAHostThatIsJoined() throws SQLException {
        List<SQLException> conflicts = conflicts();
        JdbcAttributionStore store = store((conversion, connection) -> {
            throw conflicts.get(calls.getAndIncrement());
        });
        Attribution attribution = Attribution.builder(store).build();
        String postback = click(attribution, "m1");
        try (Connection host = connection()) {
            host.setAutoCommit(false);
            for (SQLException conflict : conflicts) {
                assertThatThrownBy(() -> attribution.on(store.joining(host)).postback(postback))
                        .isInstanceOfSatisfying(
                                StorageException.class,
                                surfaced -> assertThat(surfaced.isTransient()).isTrue())
                        .hasMessageContaining("Roll the transaction back and repeat everything in it")
                        .hasCause(conflict);
                host.rollback();
            }
        }
        assertThat(calls).hasValue(conflicts.size());
    }

    private List<SQLException> conflicts() {
        return switch (database) {
            case H2_FILE, H2_MEMORY ->
                List.of(
                        new SQLException("lock timeout", "HYT00", 50200),
                        new SQLException("concurrent update", "90131", 90131),
                        new SQLException("deadlock", "40001", 40001));
            case POSTGRESQL ->
                List.of(
                        new SQLException("serialization failure", "40001"),
                        new SQLException("deadlock", "40P01"),
                        new SQLException("lock not available", "55P03"));
            case MARIADB ->
                List.of(
                        new SQLException("deadlock", "40001", 1213),
                        new SQLException("lock timeout", "HY000", 1205),
                        new SQLException("changed since it was read", "HY000", 1020));
        };
    }

    private Attribution with(CreditHandler handler) {
        return Attribution.builder(store(handler)).build();
    }

    private JdbcAttributionStore store(CreditHandler handler) {
        return JdbcAttributionStore.builder(recorder.over(tables.dataSource()))
                .onCredit(handler)
                .build();
    }

    private static String click(Attribution attribution, String memberId) {
        Redirect redirect = attribution.click(ClickRequest.of("sale", memberId));
        return "gk_click_id=" + redirect.clickId();
    }

    private void increment(Conversion conversion, Connection connection) throws SQLException {
        calls.incrementAndGet();
        add(connection, conversion.memberId());
    }

    private static void add(Connection connection, String memberId) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("update wallet set amount = amount + 1 where member_id = ?")) {
            statement.setString(1, memberId);
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    private int wallet(String memberId) throws SQLException {
        return number("select amount from wallet where member_id = '" + memberId + "'");
    }

    private int number(String query) throws SQLException {
        try (Connection connection = connection()) {
            return number(connection, query);
        }
    }

    private static int number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connection()) {
            execute(connection, sql);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connection() throws SQLException {
        return DriverManager.getConnection(database.url(directory));
    }

    private List<Conversion> conversions() {
        return tables.reports().orElseThrow().conversions(ReportFilter.all(), null, 100);
    }

    private List<HistoryEntry> history() {
        return tables.reports().orElseThrow().history(ReportFilter.all(), null, 100);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable throwable) throws T {
        throw (T) throwable;
    }
}
