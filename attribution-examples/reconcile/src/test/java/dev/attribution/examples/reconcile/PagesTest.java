package dev.attribution.examples.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.Repair;
import dev.attribution.StorageException;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.Reason;
import dev.attribution.reconcile.Cause;
import dev.attribution.reconcile.Reconciler;
import dev.attribution.reconcile.Reconciliation;
import dev.attribution.reconcile.ReconciliationCsv;
import dev.attribution.reconcile.ReconciliationPage;
import dev.attribution.reconcile.ReconciliationPeriod;
import dev.attribution.repair.RepairCsv;
import dev.attribution.repair.RepairStep.Result;
import dev.attribution.repair.RepairSummary;
import dev.attribution.report.ReportFilter;
import dev.attribution.trackers.ExportFormat;
import dev.attribution.trackers.ExportReader;
import dev.attribution.trackers.Field;
import dev.attribution.trackers.TemporaryFiles;
import dev.attribution.trackers.Tracker;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what the pages on trackers and on reconciliation show. */
class PagesTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
    private static final Path DOCS = Path.of("..", "..", "docs");

    @TempDir
    Path directory;

    private JdbcAttributionStore store;
    private Attribution attribution;

    @BeforeEach
    void open() {
        store = JdbcAttributionStore.open("jdbc:h2:mem:" + UUID.randomUUID());
        attribution = Attribution.builder(store).build();
        SampleTraffic.fill(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void reconcilesAndRepairs() {
        Path appsFlyerFile = Path.of("samples", "appsflyer.csv");
        Path tuneFile = Path.of("samples", "tune.csv");
        StringWriter csv = new StringWriter();
        StringWriter html = new StringWriter();
        StringWriter log = new StringWriter();
        Reconciler reconciler = attribution
                .reconciliation(
                        new ReconciliationPeriod(LocalDate.of(2026, 3, 2), LocalDate.of(2026, 3, 7), ZoneOffset.UTC))
                .against(Tracker.appsFlyer().export(appsFlyerFile).zone(ZoneId.of("America/New_York")))
                .against(Tracker.tune().export(tuneFile).zone(ZoneOffset.UTC))
                .scratch(TemporaryFiles.in(directory))
                .build();
        ReconciliationPage page = new ReconciliationPage();
        Reconciliation outcome = reconciler.run(ReconciliationCsv.findings(csv).andThen(page));
        page.write(outcome, html);

        assertThat(outcome.totals().count(Cause.MATCHED)).isEqualTo(15);
        assertThat(csv.toString().lines()).hasSize(31);
        assertThat(html.toString()).contains("<svg");
        assertThat(directory).isEmptyDirectory();

        attribution
                .offers()
                .put(Offer.builder("puzzle-app")
                        .trackingLink("https://app.appsflyer.com/x?clickid={gk_click_id}")
                        .build());
        Repair repair = attribution.replay(ReportFilter.builder()
                .reason(Reason.EVENT_NOT_ACCEPTED)
                .from(Instant.parse("2026-03-06T00:00:00Z"))
                .build());
        RepairSummary would = repair.dryRun(step -> System.out.println(step.result() + " " + step.explanation()));
        RepairSummary did = repair.run(RepairCsv.steps(log));
        RepairSummary imported = attribution.importMissing(reconciler).run(step -> {});

        Repair statuses = attribution.importStatuses(reconciler);
        RepairSummary wouldChange = statuses.dryRun(step -> {});
        RepairSummary changed = statuses.run(step -> {});
        assertThat(wouldChange.results()).isEqualTo(changed.results());
        assertThat(changed.count(Result.ADJUSTED)).isOne();

        assertThat(would.results()).isEqualTo(did.results());
        assertThat(did.count(Result.CREDITED)).isOne();
        assertThat(log.toString().lines()).hasSize(2).last().asString().startsWith("CREDITED,");
        assertThat(imported.count(Result.CREDITED)).isEqualTo(3);
        assertThat(reconciler.run(finding -> {}).totals().count(Cause.MATCHED)).isEqualTo(15 + 1 + 3 + 1);
    }

    @Test
    void knowsTheTrackers() {
        Tracker tracker = Tracker.appsFlyer();
        Offer offer = Offer.builder("puzzle-app")
                .trackingLink(
                        tracker.trackingLink("https://app.appsflyer.com/com.example.puzzle?pid=gokart_int&c=spring"))
                .build();
        String toPaste = tracker.postbackUrl("https://api.example.com/postback");
        assertThat(offer.trackingLink()).contains("clickid={gk_click_id}&af_sub1={gk_click_id}");
        assertThat(toPaste).contains("gk_click_id=(clickid)");

        PostbackRequest call = PostbackRequest.get("gk_click_id=nonsense").build();
        HttpAnswer answer;
        try {
            answer = tracker.answers().to(attribution.postback(call), call);
        } catch (StorageException e) {
            answer = tracker.answers().unavailable(call); // a 5xx, so the tracker calls again
        }
        assertThat(answer.status()).isEqualTo(400);

        Tracker affise = Tracker.named("Affise")
                .clickIdIn("sub2")
                .postbackMacro("gk_click_id", "{sub2}")
                .postbackMacro("payout", "{sum}")
                .export(ExportFormat.builder()
                        .column(Field.TIME, "created_at")
                        .column(Field.CLICK_ID, "sub2")
                        .column(Field.AMOUNT, "payouts")
                        .build())
                .build();
        assertThat(affise.postbackUrl("https://x.example/p")).endsWith("?gk_click_id={sub2}&payout={sum}");

        Path file = Path.of("samples", "tune.csv");
        ExportReader export = Tracker.tune().export(file).zone(ZoneId.of("Europe/Berlin"));
        try (Stream<?> rows = export.rows()) {
            assertThat(rows).hasSize(11);
        }
    }

    @Test
    void runsEverySnippetOfThePages() throws IOException {
        String here = Files.readString(
                Path.of("src", "test", "java", PagesTest.class.getName().replace('.', '/') + ".java"));
        List<String> snippets = Stream.of("trackers.md", "reconciliation.md")
                .flatMap(page -> SNIPPET.matcher(read(page)).results())
                .map((MatchResult snippet) -> inOneLine(snippet.group(1)))
                .toList();

        assertThat(snippets)
                .hasSize(8)
                .allSatisfy(snippet -> assertThat(inOneLine(here)).contains(snippet));
    }

    @Test
    void nameEveryCauseAndWriteThePostbackUrlsAsTheTrackersDo() {
        for (Cause cause : Cause.values()) {
            assertThat(read("reconciliation.md")).contains("`" + cause + "`");
        }
        for (Tracker tracker : List.of(Tracker.appsFlyer(), Tracker.tune(), Tracker.everflow())) {
            assertThat(read("trackers.md"))
                    .contains("`" + tracker.postbackUrl("https://x.example").substring(17) + "`");
        }
    }

    private static String read(String page) {
        try {
            return Files.readString(DOCS.resolve(page));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String inOneLine(String code) {
        return code.replaceAll("\\s+", " ")
                .replace("( ", "(")
                .replace("= ", "=")
                .replace(" .", ".")
                .trim();
    }
}
