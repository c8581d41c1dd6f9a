package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Runs the wallet that the page on statuses shows. */
@ParameterizedClass(name = "{0}")
@EnumSource(TestDatabase.class)
class StatusesPageTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    @Parameter
    TestDatabase database;

    @TempDir
    Path directory;

    private JdbcAttributionStore opened;
    private DataSource pool;
    private JdbcTemplate jdbc;
    private Attribution attribution;
    private ClickId clickId;

    @BeforeEach
    void open() {
        opened = JdbcAttributionStore.open(database.url(directory));
        pool = opened.dataSource();
        jdbc = new JdbcTemplate(pool);
        jdbc.execute("create table wallet_entry (conversion_id varchar(36), revision int, member_id varchar(255),"
                + " amount int, primary key (conversion_id, revision))");
        attribution = Attribution.builder(opened).build();
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
        clickId = attribution.click(ClickRequest.of("sale", "member-7")).clickId();
    }

    @AfterEach
    void close() {
        opened.close();
    }

    @Test
    void booksEachRevisionOnceInTheTransactionThatWritesIt() {
        JdbcAttributionStore store = JdbcAttributionStore.builder(pool)
                .onCredit((conversion, connection) -> book(conversion, 1, connection))
                .onReversal((conversion, connection) -> book(conversion, -1, connection))
                .build();
        attribution = Attribution.builder(store).build();

        UUID id = say("pending").conversionId().orElseThrow();
        assertThat(booked()).isEmpty();
        say("approved");
        say("approved");
        assertThat(booked()).containsExactly("2: 1");
        say("reversed");
        say("reversed");
        say("approved");
        assertThat(booked()).containsExactly("2: 1", "3: -1");
        attribution.reinstate(id);
        attribution.reinstate(id);
        say("reversed");
        assertThat(booked()).containsExactly("2: 1", "3: -1", "4: 1");
        attribution.reverse(id);
        attribution.reverse(id);
        assertThat(booked()).containsExactly("2: 1", "3: -1", "4: 1", "5: -1");
    }

    @Test
    void aHandlerThatFailsLeavesTheStatusAsItWas() {
        UUID id = say("approved").conversionId().orElseThrow();
        int entries = attribution.trace(clickId).history().size();
        Attribution failing = Attribution.builder(JdbcAttributionStore.builder(pool)
                        .onReversal((conversion, connection) -> {
                            book(conversion, -1, connection);
                            throw new SQLException("the wallet is closed");
                        })
                        .build())
                .build();
        String reversal = "gk_click_id=" + clickId + "&transaction_id=1&status=reversed";

        assertThatThrownBy(() -> failing.postback(reversal)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> failing.postbacks(List.of(reversal, reversal))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> failing.reverse(id)).isInstanceOf(StorageException.class);

        assertThat(booked()).isEmpty();
        assertThat(attribution.trace(clickId).history()).hasSize(entries);
        assertThat(attribution.trace(clickId).conversions())
                .extracting(Conversion::status)
                .containsExactly(ConversionStatus.APPROVED);
        assertThat(attribution.reverse(id).isChanged()).isTrue();
    }

    private PostbackOutcome say(String status) {
        return attribution.postback("gk_click_id=" + clickId + "&transaction_id=1&status=" + status);
    }

    private List<String> booked() {
        return jdbc.query(
                "select revision, amount from wallet_entry order by revision",
                (row, number) -> row.getInt(1) + ": " + row.getInt(2));
    }

    private static void book(Conversion conversion, int amount, Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into wallet_entry values (?, ?, ?, ?)")) {
            insert.setString(1, conversion.conversionId().toString());
            insert.setInt(2, conversion.revision()); // the primary key is (conversion_id, revision)
            insert.setString(3, conversion.memberId());
            insert.setInt(4, amount);
            insert.executeUpdate();
        }
    }

    @Test
    void runsEverySnippetOfThePage() throws IOException {
        String here = inOneLine(Files.readString(
                Path.of("src", "test", "java", StatusesPageTest.class.getName().replace('.', '/') + ".java")));

        assertThat(SNIPPET.matcher(Files.readString(Path.of("..", "docs", "statuses.md")))
                        .results()
                        .map((MatchResult snippet) -> inOneLine(snippet.group(1))))
                .hasSize(2)
                .allSatisfy(snippet -> assertThat(here).contains(snippet));
    }

    private static String inOneLine(String code) {
        return code.replaceAll("\\s+", " ").trim();
    }
}
