package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** Runs what the page on statuses shows. */
class StatusesPageTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
    private static final Pattern CONSTANT = Pattern.compile("`([A-Z]+(?:_[A-Z]+)*)`");

    @TempDir
    Path directory;

    static void book(Connection connection, Conversion conversion, BigDecimal amount) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into wallet (conversion_id, revision, member_id, amount) values (?, ?, ?, ?)")) {
            insert.setString(1, conversion.conversionId().toString());
            insert.setInt(2, conversion.revision());
            insert.setString(3, conversion.memberId());
            insert.setBigDecimal(4, amount);
            insert.executeUpdate();
        }
    }

    @Test
    void theWalletHasWhatCounts() {
        try (JdbcAttributionStore opened = JdbcAttributionStore.open(TestDatabase.H2_MEMORY.url(directory))) {
            DataSource pool = opened.dataSource();
            JdbcTemplate jdbc = new JdbcTemplate(pool);
            jdbc.execute("create table wallet (conversion_id varchar(36), revision int, member_id varchar(255),"
                    + " amount decimal(20, 4), primary key (conversion_id, revision))");
            JdbcAttributionStore store = JdbcAttributionStore.builder(pool)
                    .onCredit((conversion, connection) ->
                            book(connection, conversion, conversion.payout().orElseThrow()))
                    .onReversal((conversion, connection) -> book(
                            connection,
                            conversion,
                            conversion.payout().orElseThrow().negate()))
                    .build();
            Attribution attribution = Attribution.builder(store).build();
            attribution
                    .offers()
                    .put(Offer.builder("sale")
                            .trackingLink("https://example.com?c={gk_click_id}")
                            .requireTransactionId()
                            .build());
            ClickId click =
                    attribution.click(ClickRequest.of("sale", "member-7")).clickId();
            String about = "gk_click_id=" + click + "&transaction_id=T1&payout=4.50&status=";

            assertThat(attribution.postback(about + "pending").kind()).isEqualTo(Kind.HELD);
            assertThat(balance(jdbc)).isEqualByComparingTo("0");
            assertThat(attribution.postback(about + "approved").kind()).isEqualTo(Kind.ADJUSTED);
            assertThat(balance(jdbc)).isEqualByComparingTo("4.50");
            PostbackOutcome reversed = attribution.postback(about + "reversed");
            assertThat(balance(jdbc)).isEqualByComparingTo("0");
            assertThat(attribution.postback(about + "approved").reason()).contains(Reason.CONVERSION_REVERSED);
            assertThat(attribution
                            .reinstate(reversed.conversionId().orElseThrow())
                            .isChanged())
                    .isTrue();
            assertThat(balance(jdbc)).isEqualByComparingTo("4.50");
            assertThat(jdbc.queryForList("select revision from wallet order by revision", Integer.class))
                    .containsExactly(2, 3, 4);
        }
    }

    private static BigDecimal balance(JdbcTemplate jdbc) {
        return jdbc.queryForObject("select coalesce(sum(amount), 0) from wallet", BigDecimal.class);
    }

    @Test
    void everySnippetOfThePageIsRunHere() throws IOException {
        String here = Files.readString(
                Path.of("src", "test", "java", StatusesPageTest.class.getName().replace('.', '/') + ".java"));

        assertThat(SNIPPET.matcher(page()).results().map((MatchResult snippet) -> inOneLine(snippet.group(1))))
                .hasSize(2)
                .allSatisfy(snippet -> assertThat(inOneLine(here)).contains(snippet));
    }

    @Test
    void everyConstantOfThePageExists() throws IOException {
        Set<String> constants = Stream.of(Reason.values(), ConversionStatus.values(), Origin.values())
                .flatMap(Stream::of)
                .map(Enum::name)
                .collect(Collectors.toSet());

        assertThat(CONSTANT.matcher(page()).results().map(constant -> constant.group(1)))
                .hasSizeGreaterThan(15)
                .isSubsetOf(constants);
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "statuses.md"));
    }

    /** Without any space: the formatter breaks a line elsewhere when it stands further to the right. */
    private static String inOneLine(String code) {
        return code.replaceAll("\\s+", "");
    }
}
