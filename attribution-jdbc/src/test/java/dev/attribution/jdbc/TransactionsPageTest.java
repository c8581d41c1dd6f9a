package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs what the page on transactions shows. */
class TransactionsPageTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    @TempDir
    Path directory;

    private JdbcAttributionStore opened;
    private DataSource pool;
    private JdbcTemplate jdbc;

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
        transaction.execute(status -> attribution
                .on(store.joining(DataSourceUtils.getConnection(pool)))
                .postback(postback));
        assertThat(jdbc.queryForObject("select amount from wallet", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void runsEverySnippetOfThePage() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "transactions.md"));
        String here = Files.readString(Path.of(
                "src", "test", "java", TransactionsPageTest.class.getName().replace('.', '/') + ".java"));
        List<String> snippets = SNIPPET.matcher(page)
                .results()
                .map((MatchResult snippet) -> inOneLine(snippet.group(1)))
                .toList();
        assertThat(snippets)
                .hasSize(5)
                .allSatisfy(snippet -> assertThat(inOneLine(here)).contains(snippet));
    }

    private static String inOneLine(String code) {
        return code.replaceAll("\\s+", " ").trim();
    }
}
