package dev.attribution.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.StorageException;
import dev.attribution.TransactionMisuseException;
import dev.attribution.click.ClickId;
import dev.attribution.jdbc.CreditHandler;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.Trace;
import dev.attribution.spring.host.Host;
import dev.attribution.spring.host.Rewards;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A host with {@code @Transactional}, on its own data source. */
class TransactionsTest {
    private static final Map<TestDatabase, Application> HOSTS = new EnumMap<>(TestDatabase.class);
    private static final Map<TestDatabase, Application> WITHOUT_AUTO_COMMIT = new EnumMap<>(TestDatabase.class);

    /** A second handler, which refuses a credit after the first one has written. */
    static class Refusing {
        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        CreditHandler refuses() {
            return (conversion, connection) -> {
                if (conversion.eventId().equals(Optional.of("refused"))) {
                    throw new IllegalStateException("refused by the second handler");
                }
            };
        }
    }

    private static Application on(TestDatabase database) {
        return HOSTS.computeIfAbsent(
                database,
                some -> Application.start(some.url(), WebApplicationType.NONE, List.of(Host.class, Refusing.class)));
    }

    /** The connections of the pool are always in a transaction. */
    private static Application withoutAutoCommitOn(TestDatabase database) {
        return WITHOUT_AUTO_COMMIT.computeIfAbsent(
                database,
                some -> Application.start(
                        some.url(),
                        WebApplicationType.NONE,
                        List.of(Host.class, Refusing.class),
                        "spring.datasource.hikari.auto-commit=false",
                        "spring.sql.init.mode=never",
                        "spring.liquibase.enabled=true",
                        "spring.liquibase.change-log=classpath:changelog.yaml"));
    }

    @AfterAll
    static void close() {
        HOSTS.values().forEach(Application::close);
        HOSTS.clear();
        WITHOUT_AUTO_COMMIT.values().forEach(Application::close);
        WITHOUT_AUTO_COMMIT.clear();
    }

    /** What another connection sees. */
    private static int committedBalance(Application host) {
        try (Connection connection = host.bean(DataSource.class).getConnection();
                Statement statement = connection.createStatement();
                ResultSet sum = statement.executeQuery("select coalesce(sum(amount), 0) from wallet")) {
            sum.next();
            return sum.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Settles a postback that both handlers accept, and one that the second refuses: the wallet has what is credited. */
    private static void settleByItself(Application host, String accepted, String refused) {
        int before = committedBalance(host);

        assertThatThrownBy(() -> host.attribution().postback(refused + "&event_id=refused"))
                .hasMessage("refused by the second handler");
        assertThat(committedBalance(host)).as("of a credit that was refused").isEqualTo(before);

        assertThat(host.attribution().postback(accepted).kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(committedBalance(host)).as("when the call returns").isEqualTo(before + 1);
    }

    private static void assertSettled(Application host, String accepted, String refused, int balance) {
        assertThat(host.attribution().postback(accepted).kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(trace(host, refused).conversions()).isEmpty();
        assertThat(committedBalance(host)).as("after the end of everything").isEqualTo(balance);
    }

    private static Trace trace(Application host, String postback) {
        return host.attribution().trace(ClickId.parse(postback.substring("gk_click_id=".length())));
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aPostbackCommitsAndRollsBackWithTheHost(TestDatabase database) {
        Application host = on(database);
        Rewards rewards = host.bean(Rewards.class);
        String postback = host.clicked();
        int before = host.balance();

        assertThatThrownBy(() -> rewards.settleAndFail(postback)).hasMessage("the application changed its mind");
        assertThat(host.balance()).isEqualTo(before);
        assertThat(trace(host, postback).history()).isEmpty();

        PostbackOutcome won = rewards.settle(postback);
        assertThat(won.kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(host.balance()).isEqualTo(before + 1);
        assertThat(host.attribution().postback(postback).conversionId()).isEqualTo(won.conversionId());
        assertThat(trace(host, postback).history()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void outsideOfATransactionACallIsDurableAndItsHandlerIsPartOfIt(TestDatabase database) {
        Application host = on(database);
        String postback = host.clicked();
        int before = host.balance();

        assertThat(host.attribution().postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(host.balance()).isEqualTo(before + 1);
        assertThat(host.attribution().postback(postback + "&status=reversed").kind())
                .isEqualTo(Kind.ADJUSTED);
        assertThat(host.balance()).isEqualTo(before);

        String other = host.clicked();
        JdbcClient jdbc = host.bean(JdbcClient.class);
        jdbc.sql("alter table wallet rename to gone").update();
        assertThatThrownBy(() -> host.attribution().postback(other)).isInstanceOf(RuntimeException.class);
        jdbc.sql("alter table gone rename to wallet").update();
        assertThat(trace(host, other).conversions())
                .as("credited without the wallet")
                .isEmpty();
        assertThat(host.attribution().postback(other).kind()).isEqualTo(Kind.ATTRIBUTED);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void eachTransactionOfTheHostIsJoinedByItself(TestDatabase database) {
        Application host = on(database);
        Rewards rewards = host.bean(Rewards.class);
        String first = host.clicked();
        String second = host.clicked();

        assertThatThrownBy(() -> rewards.inTransaction(() -> {
                    rewards.inAnotherTransaction(() -> host.attribution().postback(first));
                    host.attribution().postback(second);
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");

        assertThat(host.attribution().postback(first).kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(host.attribution().postback(second).kind()).isEqualTo(Kind.ATTRIBUTED);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aCallAfterTheCompletionOfATransactionCommitsByItselfWithItsHandlers(TestDatabase database) {
        for (Application host : List.of(on(database), withoutAutoCommitOn(database))) {
            String accepted = host.clicked();
            String refused = host.clicked();
            int before = committedBalance(host);
            List<Throwable> failures = new ArrayList<>();
            List<Integer> called = new ArrayList<>();

            host.bean(Rewards.class).inTransaction(() -> {
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCompletion(int status) {
                        called.add(status);
                        try {
                            settleByItself(host, accepted, refused);
                        } catch (Throwable e) { // Spring only logs it
                            failures.add(e);
                        }
                    }
                });
                return host.balance(); // on the connection that stays bound
            });

            assertThat(failures).isEmpty();
            assertThat(called).hasSize(1);
            assertSettled(host, accepted, refused, before + 1);
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aCallAfterAReadWithoutATransactionCommitsByItselfWithItsHandlers(TestDatabase database) {
        for (Application host : List.of(on(database), withoutAutoCommitOn(database))) {
            String accepted = host.clicked();
            String refused = host.clicked();

            int before = host.bean(Rewards.class).inNoTransaction(() -> {
                int balance = host.balance(); // binds a connection that is in no transaction
                settleByItself(host, accepted, refused);
                return balance;
            });

            assertSettled(host, accepted, refused, before + 1);
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aCallAfterTheCommitOfATransactionIsRefusedUnlessItBeginsAnother(TestDatabase database) {
        for (Application host : List.of(on(database), withoutAutoCommitOn(database))) {
            Rewards rewards = host.bean(Rewards.class);
            String postback = host.clicked();
            int before = committedBalance(host);
            List<PostbackOutcome> outcomes = new ArrayList<>();

            rewards.inTransaction(() -> {
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        refused(host, postback);
                        outcomes.add(rewards.inAnotherTransaction(
                                () -> host.attribution().postback(postback)));
                        refused(host, postback);
                    }
                });
                return host.balance();
            });

            assertThat(outcomes)
                    .singleElement()
                    .extracting(PostbackOutcome::kind)
                    .isEqualTo(Kind.ATTRIBUTED);
            assertThat(host.attribution().postback(postback).kind()).isEqualTo(Kind.DUPLICATE);
            assertThat(committedBalance(host)).isEqualTo(before + 1);
        }
    }

    private static void refused(Application host, String postback) {
        assertThatThrownBy(() -> host.attribution().postback(postback))
                .isInstanceOf(TransactionMisuseException.class)
                .hasMessageContaining("is committed already")
                .hasMessageContaining("REQUIRES_NEW");
    }

    /** H2 ignores that a connection is read-only. */
    @ParameterizedTest
    @EnumSource(value = TestDatabase.class, names = "POSTGRESQL")
    void aReadOnlyTransactionServesReadsAndRefusesWritesAsAnErrorOfTheProgram(TestDatabase database) {
        Application host = on(database);
        Rewards rewards = host.bean(Rewards.class);
        String postback = host.clicked();

        assertThat(rewards.inReadOnlyTransaction(() -> trace(host, postback)).click())
                .isPresent();
        assertThatThrownBy(() ->
                        rewards.inReadOnlyTransaction(() -> host.attribution().postback(postback)))
                .isInstanceOf(TransactionMisuseException.class)
                .hasMessageContaining("read-only");
        assertThatThrownBy(() -> rewards.inReadOnlyTransaction(host::clicked))
                .isInstanceOf(TransactionMisuseException.class)
                .hasMessageContaining("read-only");

        assertThat(host.attribution().postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aPoolWhoseConnectionsAreAlwaysInATransactionServesToo(TestDatabase database) {
        Application host = withoutAutoCommitOn(database);
        Rewards rewards = host.bean(Rewards.class);
        int before = host.balance();
        String postback = rewards.inTransaction(host::clicked);

        assertThatThrownBy(() -> rewards.settleAndFail(postback)).hasMessageContaining("changed its mind");
        assertThat(host.attribution().postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(rewards.inTransaction(host::balance)).isEqualTo(before + 1);
    }

    /** As if the time of {@code @Transactional(timeout = …)} were over. */
    private static void expire(Application host) {
        ConnectionHolder holder =
                (ConnectionHolder) TransactionSynchronizationManager.getResource(host.bean(DataSource.class));
        Objects.requireNonNull(holder).setTimeoutInMillis(0);
    }

    private static void assertTimedOut(Application host, Supplier<PostbackOutcome> work) {
        assertThatThrownBy(() -> host.bean(Rewards.class).inTransaction(work))
                .isInstanceOfSatisfying(StorageException.class, fault -> {
                    assertThat(fault.isTransient()).isTrue();
                    assertThat(fault).hasMessageContaining("repeat everything");
                    assertThat(HttpAnswer.of(fault).status()).isEqualTo(503);
                });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aTransactionWhoseTimeIsOverIsAnOutageBeforeAndAfterACall(TestDatabase database) {
        Application host = on(database);
        String first = host.clicked();
        String second = host.clicked();
        int before = committedBalance(host);

        assertTimedOut(host, () -> {
            expire(host);
            return host.attribution().postback(first);
        });
        assertTimedOut(host, () -> {
            assertThat(host.attribution().postback(first).kind()).isEqualTo(Kind.ATTRIBUTED);
            expire(host);
            return host.attribution().postback(second);
        });

        assertThat(committedBalance(host)).isEqualTo(before);
        for (String postback : List.of(first, second)) {
            assertThat(host.attribution().postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
        }
    }
}
