package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.Attribution;
import dev.attribution.CsvReports;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.report.ReportFilter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After a member is forgotten, a dump of the database and an export have nothing of the member, in no form. */
class ForgetDumpTest {
    private static final String UUID_MEMBER = "6f1c2a9e-4b7d-4c3a-9e51-d20f8b7c6a13";

    @TempDir
    Path directory;

    /** Returns the whole database as the program writes it that makes its backups. */
    @FunctionalInterface
    private interface Dump {
        String text() throws Exception;
    }

    @ParameterizedTest
    @ValueSource(strings = {"pl4nted@example.com", UUID_MEMBER})
    void theScriptOfH2HasNothingOfAForgottenMember(String member) throws Exception {
        Engine.require(Engine.H2);
        try (JdbcAttributionStore store = JdbcAttributionStore.open("jdbc:h2:mem:" + UUID.randomUUID())) {
            assertNothingIsLeft(store, member, () -> {
                StringBuilder script = new StringBuilder();
                try (Connection connection = store.dataSource().getConnection();
                        Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("script")) {
                    while (row.next()) {
                        script.append(row.getString(1)).append('\n');
                    }
                }
                return script.toString();
            });
        }
    }

    @Test
    void theDumpOfPostgresqlHasNothingOfAForgottenMember() throws Exception {
        Engine.require(Engine.POSTGRESQL);
        Optional<Path> programs = InstalledPostgres.find();
        if (programs.isEmpty()) {
            System.out.println(
                    "NOT RUN: no installed PostgreSQL with initdb, postgres and pg_dump was found, and the embedded"
                            + " one has no pg_dump. Its rows were scanned as text.");
        }
        assumeTrue(programs.isPresent(), "an installed PostgreSQL with pg_dump");
        try (InstalledPostgres server = InstalledPostgres.start(programs.get(), directory);
                JdbcAttributionStore store = JdbcAttributionStore.open(server.url())) {
            for (String member : List.of("pl4nted@example.com", UUID_MEMBER)) {
                assertNothingIsLeft(store, member, server::dump);
            }
        }
    }

    private static void assertNothingIsLeft(JdbcAttributionStore store, String member, Dump dump) throws Exception {
        Attribution attribution =
                Attribution.builder(store).memberKey(new byte[32]).build();
        List<String> planted = List.of(
                member,
                "203.0.113.77",
                "Planted-Agent/9.7",
                "social.example/planted",
                "planted extra",
                "planted free text",
                "planted note",
                "planted body");
        attribution
                .offers()
                .put(Offer.builder("sole")
                        .trackingLink("https://advertiser.example/{gk_click_id}")
                        .duplicatePolicy(DuplicatePolicy.onePerMemberAndOffer())
                        .build());
        ClickId click = plant(attribution, member);
        ClickId other = attribution.click(ClickRequest.of("sole", "somebody")).clickId();
        attribution.postback("gk_click_id=" + other + "&transaction_id=of-another&note=" + encoded(member));
        String before = dump.text();
        assertThat(planted).as("what the dump shows before").allMatch(value -> isIn(before, value));

        attribution.forget(member);

        String after = dump.text();
        StringBuilder export = new StringBuilder();
        CsvReports csv = attribution.reports().csv();
        csv.clicks(ReportFilter.all(), export);
        csv.conversions(ReportFilter.all(), export);
        csv.history(ReportFilter.all(), export);
        assertThat(after).as("of another member").contains("somebody", click.value());
        for (String value : planted) {
            for (String form : forms(value)) {
                assertThat(lower(after)).as("the dump").doesNotContain(form);
                assertThat(lower(export.toString())).as("the export").doesNotContain(form);
            }
        }
        ClickId again = attribution.click(ClickRequest.of("sole", member)).clickId();
        assertThat(attribution
                        .postback("gk_click_id=" + again + "&transaction_id=again")
                        .kind())
                .isEqualTo(Kind.DUPLICATE);
        attribution.forget(member);
        assertThat(lower(dump.text())).as("after it was forgotten again").doesNotContain(forms(member));
    }

    private static ClickId plant(Attribution attribution, String member) {
        ClickId click = attribution
                .click(new ClickRequest(
                        "sole",
                        member,
                        ClickContext.builder()
                                .ip("203.0.113.77")
                                .userAgent("Planted-Agent/9.7")
                                .referrer("https://social.example/planted")
                                .extra("sub1", "planted extra")
                                .build()))
                .clickId();
        String id = "gk_click_id=" + click + "&member_id=" + encoded(member);
        assertThat(attribution
                        .postback(id + "&transaction_id=t1&payout=1.50&note=" + encoded("planted free text"))
                        .kind())
                .isEqualTo(Kind.ATTRIBUTED);
        attribution.postback(id + "&transaction_id=t2&status=" + encoded("planted note"));
        attribution.postback("gk_click_id=" + encoded("from " + member));
        attribution
                .from(Caller.standard())
                .postback(PostbackRequest.post(
                                "https://example.com/?gk_click_id=" + click,
                                "text/plain; from=" + member,
                                "{\"text\":\"planted body\"}".getBytes(StandardCharsets.UTF_8))
                        .build());
        return click;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static boolean isIn(String text, String value) {
        return forms(value).stream().anyMatch(lower(text)::contains);
    }

    /** As text, escaped, in the hexadecimal digits of its bytes, and as a UUID is written without hyphens. */
    private static Set<String> forms(String value) {
        Set<String> forms = new LinkedHashSet<>(List.of(
                lower(value),
                lower(encoded(value)),
                lower(encoded(value).replace("+", "%20")),
                HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8))));
        if (value.equals(UUID_MEMBER)) {
            forms.add(value.replace("-", ""));
        }
        return forms;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
