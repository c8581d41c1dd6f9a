package dev.attribution.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.click.ClickId;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.Trace;
import dev.attribution.spring.host.Host;
import dev.attribution.spring.host.Rewards;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A host with {@code @Transactional}, on its own data source. */
class TransactionsTest {
    private static final Map<TestDatabase, Application> HOSTS = new EnumMap<>(TestDatabase.class);

    private static Application on(TestDatabase database) {
        return HOSTS.computeIfAbsent(database, some -> Application.start(some, Host.class));
    }

    @AfterAll
    static void close() {
        HOSTS.values().forEach(Application::close);
        HOSTS.clear();
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
    void aCallAfterTheCompletionOfATransactionCommitsByItself(TestDatabase database) {
        Application host = on(database);
        String postback = host.clicked();
        int before = host.balance();
        List<PostbackOutcome> outcomes = new ArrayList<>();

        host.bean(Rewards.class).inTransaction(() -> {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCompletion(int status) {
                    outcomes.add(host.attribution().postback(postback));
                }
            });
            return host.balance();
        });

        assertThat(outcomes).singleElement().extracting(PostbackOutcome::kind).isEqualTo(Kind.ATTRIBUTED);
        assertThat(host.attribution().postback(postback).kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(host.balance()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aPoolWhoseConnectionsAreAlwaysInATransactionServesToo(TestDatabase database) {
        try (Application host = Application.start(
                database,
                Host.class,
                "spring.datasource.hikari.auto-commit=false",
                "spring.sql.init.mode=never",
                "spring.liquibase.enabled=true",
                "spring.liquibase.change-log=classpath:changelog.yaml")) {
            Rewards rewards = host.bean(Rewards.class);
            String postback = rewards.inTransaction(host::clicked);

            assertThatThrownBy(() -> rewards.settleAndFail(postback)).hasMessageContaining("changed its mind");
            assertThat(host.attribution().postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
            assertThat(rewards.inTransaction(host::balance)).isEqualTo(1);
        }
    }
}
