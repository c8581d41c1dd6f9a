package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.behaviour.Engine;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs what the page on transactions shows. */
class TransactionsPageTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    @TempDir
    Path directory;

    private JdbcAttributionStore opened;
    private DataSource pool;
    private JdbcTemplate jdbc;

    @BeforeAll
    static void needsH2() {
        Engine.require(TestDatabase.H2_MEMORY);
    }

    @BeforeEach
    void open() {
        opened = JdbcAttributionStore.open(TestDatabase.H2_MEMORY.url(directory));
        Attribution.builder(opened)
                .build()
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
        pool = opened.dataSource();
        jdbc = new JdbcTemplate(pool);
        jdbc.execute("create table wallet (member_id varchar(255) primary key, amount int not null)");
        jdbc.update("insert into wallet values ('member-7', 0)");
    }

    @AfterEach
    void close() {
        opened.close();
    }

    @Test
    void joinsAHost() throws SQLException {
        JdbcAttributionStore store = JdbcAttributionStore.builder(pool).build();
        Attribution attribution = Attribution.builder(store).build();
        String postback;
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            Attribution joined = attribution.on(store.joining(connection));
            Redirect redirect = joined.click(ClickRequest.of("sale", "member-7"));
            connection.commit(); // redirect the member after this line, not before
            postback = "gk_click_id=" + redirect.clickId();
        }
        Jdbi jdbi = Jdbi.create(pool);
        jdbi.useTransaction(handle -> attribution.on(store.joining(handle)).postback(postback));
        assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.DUPLICATE);
    }

    @Test
    void creditsInSpringsTransaction() {
        JdbcAttributionStore store = JdbcAttributionStore.builder(pool)
                .onCredit((conversion, connection) -> {
                    try (PreparedStatement statement =
                            connection.prepareStatement("update wallet set amount = amount + 1 where member_id = ?")) {
                        statement.setString(1, conversion.memberId());
                        statement.executeUpdate();
                    }
                })
                .build();
        Attribution attribution = Attribution.builder(store).build();
        String postback = "gk_click_id="
                + attribution.click(ClickRequest.of("sale", "member-7")).clickId();
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
        DataSource current = new TransactionAwareDataSourceProxy(pool);
        transaction.execute(status ->
                store.joining(current, joined -> attribution.on(joined).postback(postback)));
        assertThat(jdbc.queryForObject("select amount from wallet", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void losesNoConnectionWhereThereIsNoTransactionToJoin() {
        HikariDataSource hikari = (HikariDataSource) pool;
        JdbcAttributionStore store = JdbcAttributionStore.builder(pool).build();
        DataSource current = new TransactionAwareDataSourceProxy(pool);

        for (int i = 0; i <= hikari.getMaximumPoolSize(); i++) {
            assertThatThrownBy(() ->
                            store.joining(current, joined -> joined.offers().find(List.of("sale"))))
                    .isInstanceOf(AttributionException.class)
                    .isNotInstanceOf(StorageException.class)
                    .hasMessageContaining("no transaction to join");
        }

        assertThat(hikari.getHikariPoolMXBean().getActiveConnections()).isZero();
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
        assertThatThrownBy(() -> transaction.execute(status -> store.joining(current, joined -> {
                    throw new IllegalStateException("of the work");
                })))
                .hasMessage("of the work");
        assertThat(hikari.getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    @Test
    void refusesACallThatShouldHaveJoined() {
        JdbcAttributionStore store = JdbcAttributionStore.builder(pool)
                .hostTransactions(TransactionSynchronizationManager::isActualTransactionActive)
                .build();
        Attribution attribution = Attribution.builder(store).build();
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
        DataSource current = new TransactionAwareDataSourceProxy(pool);
        Redirect redirect = attribution.click(ClickRequest.of("sale", "member-7"));
        String postback = "gk_click_id=" + redirect.clickId();
        List<Supplier<Object>> calls = List.of(
                () -> attribution.click(ClickRequest.of("sale", "member-7")),
                () -> attribution.postback(postback),
                () -> attribution.postbacks(List.of(postback)),
                () -> attribution.trace(redirect.clickId()));
        for (Supplier<Object> call : calls) {
            assertThatThrownBy(() -> transaction.execute(status -> call.get()))
                    .isInstanceOf(NotJoinedException.class)
                    .isNotInstanceOf(StorageException.class);
        }
        assertThat(transaction
                        .execute(status -> store.joining(
                                current, joined -> attribution.on(joined).postback(postback)))
                        .kind())
                .isEqualTo(Kind.ATTRIBUTED);
        assertThat(attribution.trace(redirect.clickId()).history()).hasSize(1);
    }

    @Test
    void runsEverySnippetOfThePage() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "transactions.md"));
        String here =
                source(TransactionsPageTest.class) + source(TenantsTest.class) + source(HostTransactionTest.class);
        List<String> snippets = SNIPPET.matcher(page)
                .results()
                .map((MatchResult snippet) -> inOneLine(snippet.group(1)))
                .toList();
        assertThat(snippets)
                .hasSize(9)
                .allSatisfy(snippet -> assertThat(inOneLine(here)).contains(snippet));
    }

    private static String source(Class<?> test) throws IOException {
        return Files.readString(Path.of("src", "test", "java", test.getName().replace('.', '/') + ".java"));
    }

    private static String inOneLine(String code) {
        return code.replaceAll("\\s+", " ").trim();
    }
}
