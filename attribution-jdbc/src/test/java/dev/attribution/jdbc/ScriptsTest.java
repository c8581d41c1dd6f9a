package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.behaviour.Servers;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.jdbc.internal.schema.ExpectedTable;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ScriptsTest {
    private static final Pattern NOT_NULL = Pattern.compile("(?m)^    (\\w+) .* not null");

    private static DataSource database(Vendor vendor, String name) {
        return switch (vendor) {
            case H2 -> new TestPool("jdbc:h2:mem:scripts-" + name + ";DB_CLOSE_DELAY=-1");
            case POSTGRESQL -> Servers.POSTGRESQL.pool();
            case MARIADB -> Servers.MARIADB.pool();
        };
    }

    @ParameterizedTest
    @EnumSource(Vendor.class)
    void haveTheSameTablesColumnsKeysAndIndexesForEveryDatabase(Vendor vendor) {
        assertThat(tables(vendor)).hasSize(5).isEqualTo(tables(Vendor.H2));
        assertThat(notNull(vendor)).isNotEmpty().isEqualTo(notNull(Vendor.H2));
    }

    /**
     * The tables of a script; the columns of a key may stand in an order of their own. On PostgreSQL every key of a
     * conversion contains its click, by which the table can be partitioned.
     */
    private static List<ExpectedTable> tables(Vendor vendor) {
        return ExpectedTable.of(JdbcSchema.script(vendor)).stream()
                .map(table -> new ExpectedTable(
                        table.name(),
                        table.columns(),
                        table.keys().stream()
                                .map(key -> key.equals(List.of("conversion_id", "click_id"))
                                        ? List.of("conversion_id")
                                        : key.stream().sorted().toList())
                                .toList(),
                        table.indexes()))
                .toList();
    }

    private static List<String> notNull(Vendor vendor) {
        return NOT_NULL.matcher(JdbcSchema.script(vendor))
                .results()
                .map((MatchResult column) -> column.group(1))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "H2,",
        "POSTGRESQL,",
        "MARIADB,",
        "H2,attribution_app",
        "POSTGRESQL,Attribution_App",
        "MARIADB,attribution_app"
    })
    void workUnderEveryPrefixAndInEverySchema(Vendor vendor, String schema) throws SQLException {
        DataSource database = database(vendor, String.valueOf(schema));
        if (schema != null) {
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create schema if not exists " + schema);
            }
        }
        List<String> prefixes = schema == null // where none of the tables stands in the default schema, too
                ? List.of("t_", "", "attribution_v2_", "Mixed_")
                : List.of("s_", "in_a_schema_", "In_A_Schema_2_");
        for (String prefix : prefixes) {
            JdbcAttributionStore.Builder builder =
                    JdbcAttributionStore.builder(database).tablePrefix(prefix);
            if (schema != null) {
                builder.schemaName(schema);
            }
            builder.build();
            try (JdbcAttributionStore store =
                    builder.schemaMode(SchemaMode.VALIDATE).build()) {
                useEverything(Attribution.builder(store).build());
            }
        }
    }

    private static void useEverything(Attribution attribution) {
        Offer offer = Offer.builder("offer")
                .trackingLink("https://example.com?c={gk_click_id}")
                .attributionWindow(Duration.ofDays(1))
                .build();
        attribution.offers().put(offer);
        attribution.offers().put(offer);
        Redirect redirect = attribution.click(ClickRequest.of("offer", "member"));
        String postback = "transaction_id=t&payout=1.50&gk_click_id=" + redirect.clickId();

        assertThat(attribution.offers().find("offer")).contains(offer);
        assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(attribution.trace(redirect.clickId()).history()).hasSize(2);
        assertThat(attribution.postback(postback + "&status=reversed").kind()).isEqualTo(Kind.ADJUSTED);
        attribution
                .offers()
                .put(Offer.builder("once")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .duplicatePolicy(DuplicatePolicy.onePerMemberAndOffer())
                        .build());
        List<String> ofOneMember = Stream.generate(() -> attribution.click(ClickRequest.of("once", "member")))
                .limit(2)
                .map(click -> "gk_click_id=" + click.clickId())
                .toList();
        assertThat(attribution.postbacks(ofOneMember))
                .extracting(PostbackOutcome::kind)
                .containsExactly(Kind.ATTRIBUTED, Kind.DUPLICATE);
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        assertThat(attribution.reports().summary(today.minusDays(1), today, ZoneOffset.UTC))
                .anySatisfy(row -> assertThat(row.conversions()).isOne());
    }

    /** A script that was released never changes: Flyway and Liquibase refuse one that does. The next change is a V2. */
    @ParameterizedTest
    @CsvSource({
        "H2, 9a99bd5359d776fcdb2f0b9a88278a3c67b18ab8e8528bfe870e6a75cff7c22c",
        "POSTGRESQL, 47d6eed7a4634538365f4d5b751de1109deb817d86466353e53507166674bb41",
        "MARIADB, eb3192396fe2b7be6008839ba5bb7f81154ab5580e50297f19aedbeb359e6c49"
    })
    void neverChange(Vendor vendor, String sha256) throws NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(JdbcSchema.script(vendor).getBytes(StandardCharsets.UTF_8));
        assertThat(HexFormat.of().formatHex(digest)).isEqualTo(sha256);
    }

    /** Simple tools split a script at each semicolon, or count its quotes. */
    @ParameterizedTest
    @EnumSource(Vendor.class)
    void canBeSplitAtEverySemicolon(Vendor vendor) {
        String script = JdbcSchema.script(vendor);
        assertThat(script).doesNotContain("'");
        assertThat(script.lines().filter(line -> line.contains("--")).map(line -> line.substring(line.indexOf("--"))))
                .isNotEmpty()
                .noneMatch(comment -> comment.contains(";"));
    }

    @Test
    void areNamedForFlyway() {
        for (Vendor vendor : Vendor.values()) {
            assertThat(JdbcSchema.class.getResource(
                            "schema/" + vendor.name().toLowerCase(Locale.ROOT) + "/V1__attribution.sql"))
                    .isNotNull();
        }
    }
}
