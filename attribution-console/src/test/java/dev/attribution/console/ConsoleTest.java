package dev.attribution.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.console.Visitor.Answer;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AttributionStore;
import dev.attribution.testkit.FaultSwitch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConsoleTest {
    private AttributionStore store = new InMemoryAttributionStore();
    private Scene scene;
    private Visitor jane;

    private void open(Stores kind) {
        store = kind.open();
        scene = new Scene(store, "");
        jane = new Visitor(scene.console);
    }

    @AfterEach
    void closeStore() {
        Stores.close(store);
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void findsTheStoryByEachKindOfId(Stores kind) {
        open(kind);
        HistoryEntry credit = scene.attribution.trace(scene.credited).history().get(0);

        for (String id : List.of(
                scene.credited.value(),
                scene.credited.value().toUpperCase(java.util.Locale.ROOT),
                scene.creditedConversion.toString(),
                credit.attemptId().toString())) {
            assertThat(jane.get("/search?q=" + id).headers().get("Location"))
                    .as(id)
                    .startsWith("/console/story?click=" + scene.credited);
        }
        for (String id : List.of(scene.transaction, scene.member, scene.offer)) {
            Answer answer = jane.get("/search?q=" + Visitor.encoded(id));
            assertThat(answer.status()).as(id).isEqualTo(200);
        }
        assertThat(jane.get("/search?q=" + scene.transaction).text())
                .contains(credit.attemptId().toString());
        assertThat(jane.get("/search?q=nobody").status()).isEqualTo(404);
        assertThat(jane.get("/search?q=nobody").text()).contains("That is the whole history");
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void aMessageThatNamesAnyIdAsAClickHidesNothingThatHasTheId(Stores kind) {
        open(kind);
        String member = "0b4f7a52-6f0e-4f55-9d0a-3a1c6b5d7e21";
        String transaction = "5f1d3f7e-9a53-4c0c-8a3d-4f7f6c1b2a90";
        ClickId click =
                scene.attribution.click(ClickRequest.of(scene.offer, member)).clickId();
        scene.attribution
                .from(scene.wall)
                .postback("https://api.example.com/pb?sub=" + scene.quiet + "&state=1&event=level&tx=" + transaction);
        HistoryEntry credit = scene.attribution.trace(scene.quiet).history().get(0);
        List<String> ids = List.of(
                member,
                transaction,
                scene.creditedConversion.toString(),
                credit.attemptId().toString(),
                "00000000-0000-4000-8000-000000000000");
        ids.forEach(id -> scene.attribution.postback("gk_click_id=" + id));

        Answer ofMember = jane.get("/search?q=" + member);
        Answer ofTransaction = jane.get("/search?q=" + transaction);
        Answer ofNothing = jane.get("/search?q=" + ids.get(4));

        assertThat(ofMember.status()).isEqualTo(200);
        assertThat(ofMember.text()).contains("<h2>A member</h2>", click.value(), "Received as a click id");
        assertThat(ofTransaction.status()).isEqualTo(200);
        assertThat(ofTransaction.text())
                .contains("<h2>A transaction</h2>", credit.attemptId().toString(), "Received as a click id");
        assertThat(ofNothing.status()).isEqualTo(200);
        assertThat(ofNothing.text()).contains("Received as a click id", "/console/story?click=" + ids.get(4));
        assertThat(jane.get("/search?q=" + scene.creditedConversion).headers().get("Location"))
                .isEqualTo("/console/story?click=" + scene.credited + "#c-" + scene.creditedConversion);
        assertThat(jane.get("/search?q=" + credit.attemptId()).headers().get("Location"))
                .isEqualTo("/console/story?click=" + scene.quiet + "#m-" + credit.attemptId());
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void showsTheWholeStoryOfAClick(Stores kind) {
        open(kind);

        String story = jane.get("/story?click=" + scene.credited).text();

        assertThat(story)
                .contains("member", "203.0.113.9", "Android 14", "12.50 EUR", "transaction already counted")
                .contains("unknown status", "nothing to reverse", "event not accepted", "reservation")
                .contains("Map the word in the caller's description")
                .contains("1 h 1 min after the click");
        assertThat(scene.attribution.trace(scene.credited).history())
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(story).contains("id=\"m-" + entry.attemptId()));
        assertThat(jane.get("/story?click=" + scene.quiet).text()).contains("No message has named this click yet");
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void listsWithFiltersInTheAddressPageAfterPage(Stores kind) {
        open(kind);

        String first = jane.get("/clicks?offer=faded").text();
        String next = first.replaceAll("(?s).*rel=\"next\" href=\"/console([^\"]+)\".*", "$1")
                .replace("&amp;", "&");
        String second = jane.get(next).text();

        assertThat(ids(first)).hasSize(50);
        assertThat(ids(second)).hasSize(50).doesNotContainAnyElementsOf(ids(first));
        assertThat(jane.get("/history?reason=UNKNOWN_STATUS").text()).contains("2 rows on this page");
        assertThat(jane.get("/conversions?status=PENDING").text()).contains(scene.pendingConversion.toString());
        assertThat(jane.get("/history?reason=NO_SUCH").status()).isEqualTo(400);
        assertThat(jane.get("/clicks?from=yesterday").status()).isEqualTo(400);
        assertThat(jane.get("/clicks?after=nonsense").status()).isEqualTo(400);
    }

    private static Set<String> ids(String page) {
        return Stream.of(page.split("/story\\?click="))
                .skip(1)
                .map(part -> part.substring(0, 36))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void saysInTheCsvThatItsLimitWasReached(Stores kind) {
        open(kind); // the limit of its console is 10 rows

        assertThat(jane.get("/clicks.csv").text().lines().toList())
                .hasSize(12)
                .last()
                .asString()
                .startsWith("INCOMPLETE: there are more than the 10 rows");
        assertThat(jane.get("/conversions.csv?offer=" + scene.offer).text())
                .contains(scene.creditedConversion.toString())
                .doesNotContain("INCOMPLETE");
        assertThat(jane.get("/history.csv?reason=UNKNOWN_STATUS").headers())
                .containsEntry("Content-Type", "text/csv; charset=utf-8")
                .containsEntry("Content-Disposition", "attachment; filename=\"history.csv\"");
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void saysWhoWentQuietByCompleteDays(Stores kind) {
        open(kind);
        LocalDate today = LocalDate.ofInstant(Scene.NOW, ZoneOffset.UTC);

        var report = WentQuiet.compute(scene.attribution.reports(), today, ZoneOffset.UTC);

        assertThat(report.quiet())
                .extracting(quiet -> quiet.who() + " " + quiet.what() + " " + quiet.lastWeek() + " " + quiet.median())
                .containsExactly("faded clicks 0 21", "standard messages 0 7", "faded conversions 0 7");
        assertThat(report.lastTo()).isEqualTo(today.minusDays(1));
        assertThat(jane.get("/").text()).contains("silent").doesNotContain("could not be computed");
    }

    @Test
    void aComputationThatFailsNeverReadsAsNothingFound() {
        AttributionStore memory = new InMemoryAttributionStore();
        FaultSwitch faulty = FaultSwitch.on(memory);
        Attribution attribution = Attribution.builder(faulty).build();
        Console console = Console.builder(attribution).build();
        faulty.goDown();

        Answer overview = new Visitor(console).get("/");

        assertThat(overview.text())
                .contains("Who went quiet could not be computed", "The list of status words could not be computed")
                .doesNotContain("Nobody:", "None in the last");
        for (String path : List.of(
                "/clicks",
                "/search?q=x",
                "/summary",
                "/callers",
                "/offers",
                "/clicks.csv",
                "/summary.csv",
                "/payouts.csv",
                "/quiet.csv")) {
            Answer answer = new Visitor(console).get(path);
            assertThat(answer.status()).as(path).isEqualTo(503);
            assertThat(answer.headers()).containsKey("Retry-After");
            assertThat(answer.text()).contains("does not mean that there is nothing");
        }
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void listsUnmappedWordsAsThingsToDo(Stores kind) {
        open(kind);

        String callers = jane.get("/callers").text();

        assertThat(callers).contains(">x<", ">y<", "https://api.example.com/pb?sub={id}&amp;note=");
        assertThat(callers).contains("https://api.example.com/everflow?");
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void testsAPostbackAndStoresNothing(Stores kind) {
        open(kind);
        long before = entries();
        Map<String, String> form = new HashMap<>();
        form.put("caller", "wall");
        form.put("method", "GET");
        form.put("url", "https://api.example.com/pb?sub=" + scene.quiet + "&tx=new&state=1&event=level");

        Answer credited = jane.submit("/tester", form);
        form.put("url", "https://api.example.com/pb?sub=" + scene.quiet + "&tx=new&state=what");
        Answer unknown = jane.submit("/tester", form);

        assertThat(credited.text()).contains("attributed", "HTTP 200");
        assertThat(unknown.text()).contains("unknown status", "HTTP 422");
        assertThat(entries()).isEqualTo(before);
        assertThat(scene.attribution.trace(scene.quiet).conversions()).isEmpty();
    }

    private long entries() {
        return scene.attribution
                .reports()
                .history(ReportFilter.all(), 10_000)
                .rows()
                .size();
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void showsTheProblemsOfALinkAtTheirPositionAndSavesNothing(Stores kind) {
        open(kind);
        Map<String, String> form = new HashMap<>(Map.of(
                "id",
                "fresh",
                "link",
                "https://x.example/?a={Gk_Click_Id}&b={nothing}",
                "window",
                "30d",
                "policy",
                "at-most",
                "limit",
                "3",
                "events",
                "a b\r\nc",
                "transaction",
                "yes"));

        Answer refused = jane.submit("/offer", form);
        boolean isStored = scene.attribution.offers().find("fresh").isPresent();
        form.put("link", "https://x.example/?a={gk_click_id}");
        Answer saved = jane.submit("/offer", form);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text())
                .contains("At position 21", "<bdi>https://x.example/?a=<mark class=\"here\">▸</mark>{Gk_Click_Id}");
        assertThat(isStored).isFalse();
        assertThat(saved.status()).isEqualTo(303);
        assertThat(scene.attribution.offers().find("fresh"))
                .hasValue(Offer.builder("fresh")
                        .trackingLink("https://x.example/?a={gk_click_id}")
                        .attributionWindow(Duration.ofDays(30))
                        .duplicatePolicy(DuplicatePolicy.atMost(3))
                        .acceptedEvents("a b", "c")
                        .requireTransactionId()
                        .build());
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void keepsEveryPartOfAnOfferThatIsSavedUnchanged(Stores kind) {
        open(kind);
        Offer before = scene.attribution.offers().find(scene.offer).orElseThrow();
        String page = jane.get("/offer?id=" + scene.offer).text();

        Answer saved = jane.submit("/offer", HtmlForm.fields(page, "/console/offer"));

        assertThat(saved.status()).isEqualTo(303);
        assertThat(scene.attribution.offers().find(scene.offer)).hasValue(before);
        assertThat(before.linkRules().schemes()).isNotEmpty(); // every part is set
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void doesNotOverwriteTheOfferThatAnotherPersonChanged(Stores kind) {
        open(kind);
        Map<String, String> form =
                HtmlForm.fields(jane.get("/offer?id=" + scene.offer).text(), "/console/offer");
        scene.attribution
                .offers()
                .put(Offer.builder(scene.offer)
                        .trackingLink("https://other.example/{gk_click_id}")
                        .build());

        Answer late = jane.submit("/offer", form);

        assertThat(late.status()).isEqualTo(409);
        assertThat(scene.attribution.offers().find(scene.offer).orElseThrow().trackingLink())
                .isEqualTo("https://other.example/{gk_click_id}");
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void anOperatorActsAfterAPageThatAsks(Stores kind) {
        open(kind);
        String target = "/act?act=APPROVE&conversion=" + scene.pendingConversion;

        String asked = jane.get(target).text();
        ConversionStatus afterAsking = status();
        Answer done = jane.submit("/act", HtmlForm.fields(asked, "/console/act"));
        Answer again = jane.submit("/act", HtmlForm.fields(asked, "/console/act"));

        assertThat(afterAsking).isEqualTo(ConversionStatus.PENDING);
        assertThat(done.text()).contains("pending → approved");
        assertThat(status()).isEqualTo(ConversionStatus.APPROVED);
        assertThat(again.status()).isEqualTo(409);
        assertThat(scene.attribution.trace(scene.pending).history())
                .last()
                .extracting(HistoryEntry::origin)
                .isEqualTo(Origin.OPERATOR);
        assertThat(jane.get("/story?click=" + scene.pending).text()).contains("OPERATOR", "counts from now on");
    }

    private ConversionStatus status() {
        return scene.attribution
                .findConversion(scene.pendingConversion)
                .orElseThrow()
                .status();
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void clearsTheFlagOfAClickAfterAPageThatAsks(Stores kind) {
        open(kind);
        String story = jane.get("/story?click=" + scene.flagged).text();
        String asked = jane.get("/flag?click=" + scene.flagged).text();
        boolean isClearedByAsking = click(scene.flagged).isCreditable();

        Answer done = jane.submit("/flag", HtmlForm.fields(asked, "/console/flag"));
        Answer again = jane.submit("/flag", HtmlForm.fields(asked, "/console/flag"));

        assertThat(story).contains("does not count", "Clear the flag");
        assertThat(isClearedByAsking).isFalse();
        assertThat(done.text()).contains("The flag is cleared", "reason=CLICK_NOT_CREDITABLE");
        assertThat(again.text()).contains("Replay them").doesNotContain("The flag is cleared");
        assertThat(click(scene.flagged).isCreditable()).isTrue();
        Map<String, String> replay = HtmlForm.fields(
                jane.submit("/repair", Map.of("click", scene.flagged.value(), "reason", "CLICK_NOT_CREDITABLE"))
                        .text(),
                "/console/repair");
        replay.put("confirm", "yes");
        assertThat(jane.submit("/repair", replay).text()).contains("Done: 1 of 1 moved a conversion");
        assertThat(jane.get("/flag?click=" + scene.quiet).text()).contains("has no flag");
        assertThat(jane.get("/flag?click=00000000-0000-4000-8000-000000000000").status())
                .isEqualTo(404);
    }

    private Click click(ClickId id) {
        return Objects.requireNonNull(scene.attribution.findClicks(List.of(id)).get(id));
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void forgetsAMemberAfterAConfirmationAndShowsNothingOfTheMemberOnAnyPage(Stores kind) throws IOException {
        open(kind);
        String person = "pl4nted";
        ClickId click = scene.attribution
                .click(new ClickRequest(
                        "faded",
                        person + "-id",
                        ClickContext.builder()
                                .ip(person + "-ip")
                                .userAgent(person + "-agent")
                                .referrer("https://" + person + ".example/")
                                .extra("name", person)
                                .build()))
                .clickId();
        scene.attribution.postback("gk_click_id=" + click + "&status=pending&name=" + person);
        scene.attribution.postback("gk_click_id=" + click + "&status=" + person);
        scene.attribution.postback("gk_click_id=" + person + "-id");
        List<String> pages = new ArrayList<>(Hostile.pages(scene));
        pages.addAll(
                List.of("/story?click=" + click, "/clicks.csv", "/conversions.csv", "/history.csv", "/summary.csv"));
        String before = all(pages);

        Answer unconfirmed = jane.submit("/forget", Map.of("member", person + "-id"));
        boolean isForgottenUnconfirmed = click(click).isForgotten();
        Answer done = jane.submit("/forget", Map.of("member", person + "-id", "confirm", "yes"));
        Answer again = jane.submit("/forget", Map.of("member", person + "-id", "confirm", "yes"));

        assertThat(before).contains(person + "-id", person + "-ip", person + "-agent", "name=" + person);
        assertThat(unconfirmed.status()).isEqualTo(422);
        assertThat(isForgottenUnconfirmed).isFalse();
        assertThat(done.text()).contains("Forgotten: 1 clicks").doesNotContain(person);
        assertThat(again.text()).contains("Nothing is stored of this member");
        assertThat(all(pages)).contains("The member was forgotten").doesNotContain(person);
        String conversion = scene.attribution
                .trace(click)
                .conversions()
                .get(0)
                .conversionId()
                .toString();
        assertThat(unzipped(jane.get("/evidence.zip?conversion=" + conversion).bytes())
                        .toString())
                .contains(conversion)
                .doesNotContain(person);
    }

    private String all(List<String> pages) {
        return pages.stream().map(page -> jane.get(page).text()).collect(Collectors.joining());
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void reversesWhatIsPendingForLongAfterAConfirmation(Stores kind) {
        open(kind);

        String asked = jane.get("/pending?days=30").text();
        Map<String, String> form = HtmlForm.fields(asked, "/console/pending");
        Answer unconfirmed = jane.submit("/pending", form);
        boolean isKept = jane.get("/pending?days=30").text().contains("1 conversions have been pending");
        form.put("confirm", "yes");
        Answer done = jane.submit("/pending", form);

        assertThat(asked).contains("1 conversions have been pending for more than 30 days");
        assertThat(unconfirmed.status()).isEqualTo(422);
        assertThat(isKept).isTrue();
        assertThat(done.text()).contains("Reversed: 1 conversions", "No conversion has been pending");
        assertThat(status()).as("of a younger one").isEqualTo(ConversionStatus.PENDING);
        assertThat(jane.get("/pending?days=-1").status()).isEqualTo(400);
        assertThat(jane.get("/pending").text()).doesNotContain("has been pending for more");
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void replaysAfterADryRunAndAConfirmation(Stores kind) {
        open(kind);
        scene.attribution
                .offers()
                .put(Offer.builder(scene.offer)
                        .trackingLink("https://advertiser.example/{gk_click_id}")
                        .duplicatePolicy(DuplicatePolicy.allowRepeatConversions())
                        .build()); // accepts every event now
        long before = entries();
        Map<String, String> filter = Map.of("reason", "EVENT_NOT_ACCEPTED");

        Answer dryRun = jane.submit("/repair", filter);
        long afterDryRun = entries();
        Map<String, String> confirmation = HtmlForm.fields(dryRun.text(), "/console/repair");
        Answer unconfirmed = jane.submit("/repair", confirmation);
        confirmation.put("confirm", "yes");
        long afterUnconfirmed = entries();
        Answer run = jane.submit("/repair", confirmation);

        assertThat(dryRun.text()).contains("A dry run: nothing was written. 1 of 1 would move a conversion");
        assertThat(afterDryRun).isEqualTo(before);
        assertThat(unconfirmed.status()).isEqualTo(422);
        assertThat(afterUnconfirmed).isEqualTo(before);
        assertThat(run.text()).contains("Done: 1 of 1 moved a conversion");
        assertThat(entries()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void comparesAnUploadedFileAndShowsItsProgress(Stores kind) throws IOException {
        open(kind);
        String csv = Export.of(scene.credited.value(), scene.transaction);
        Map<String, String> fields = new HashMap<>(Map.of(
                "csrf", jane.token(), "tracker", "Everflow", "from", "2026-03-19", "to", "2026-03-19", "zone", "UTC"));
        long kept = uploads();

        Answer page = jane.upload("/reconciliation", fields, "export.csv", csv);
        fields.put("mode", "CSV");
        Answer findings = jane.upload("/reconciliation", fields, "export.csv", csv);
        fields.put("mode", "IMPORT_MISSING");
        Answer unconfirmed = jane.upload("/reconciliation", fields, "export.csv", csv);

        assertThat(page.text()).contains("reading theirs", "reading ours", "<h2>Result</h2>", "</html>");
        assertThat(findings.text()).contains(scene.credited.value());
        assertThat(unconfirmed.status()).isEqualTo(422);
        assertThat(uploads()).isEqualTo(kept);
    }

    private static long uploads() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("attribution-upload"))
                    .count();
        }
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void packsTheEvidenceOfAConversionWithoutTheMember(Stores kind) throws IOException {
        open(kind);

        Answer answer = jane.get("/evidence.zip?conversion=" + scene.creditedConversion);
        Map<String, String> files = unzipped(answer.bytes());

        assertThat(answer.headers()).containsEntry("Content-Type", "application/zip");
        assertThat(files).containsOnlyKeys("evidence.html", "messages.csv");
        assertThat(files.get("evidence.html"))
                .contains(scene.creditedConversion.toString(), scene.credited.value(), "12.50 EUR", "state=1")
                .doesNotContain("member</", "203.0.113.9", "Android", "social.example");
        assertThat(files.get("messages.csv")).contains("ATTRIBUTED", "UNKNOWN_STATUS");
    }

    static Map<String, String> unzipped(byte[] zip) throws IOException {
        Map<String, String> files = new HashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    @Test
    void refusesAFormWithoutTheTokenOfItsLogin() throws IOException {
        open(Stores.MEMORY);
        Map<String, String> act = new HashMap<>(
                Map.of("act", "APPROVE", "conversion", scene.pendingConversion.toString(), "revision", "0"));
        long kept = uploads();

        assertThat(jane.post("/act", act).status()).isEqualTo(403);
        act.put("csrf", new Visitor(scene.console, "session-2").token());
        assertThat(jane.post("/act", act).status()).isEqualTo(403);
        act.put("csrf", new Visitor(new Scene(new InMemoryAttributionStore(), "").console).token());
        assertThat(jane.post("/act", act).status()).isEqualTo(403);
        String token = jane.token();
        act.put("csrf", (token.charAt(0) == 'A' ? 'B' : 'A') + token.substring(1));
        assertThat(jane.post("/act", act).status()).isEqualTo(403);
        assertThat(new Visitor(scene.console, "").post("/act", act).status()).isEqualTo(403);
        for (String path : List.of("/flag", "/pending", "/forget")) {
            assertThat(jane.post(
                                    path,
                                    Map.of(
                                            "click",
                                            scene.flagged.value(),
                                            "days",
                                            "30",
                                            "member",
                                            scene.member,
                                            "confirm",
                                            "yes"))
                            .status())
                    .as(path)
                    .isEqualTo(403);
        }
        assertThat(click(scene.flagged).isCreditable()).isFalse();
        assertThat(click(scene.flagged).memberId()).isEqualTo(scene.member);
        assertThat(jane.upload("/reconciliation", Map.of(), "x.csv", "x").status())
                .isEqualTo(403);
        assertThat(status()).isEqualTo(ConversionStatus.PENDING);
        assertThat(uploads()).isEqualTo(kept);
    }

    @Test
    void showsNoFormsThatChangeSomethingWithoutAnOperator() {
        open(Stores.MEMORY);
        Visitor reader = new Visitor(scene.console, "");

        assertThat(reader.get("/story?click=" + scene.credited).text())
                .contains("Read only")
                .doesNotContain("/act?", "/repair?");
        for (String path : List.of("/tester", "/offer?id=x", "/repair", "/reconciliation")) {
            assertThat(reader.get(path).text()).as(path).doesNotContain("type=\"submit\">Save", "Dry run</button>");
        }
        for (String path : List.of("/flag?click=" + scene.flagged, "/pending?days=30", "/forget")) {
            assertThat(reader.get(path).text()).as(path).contains("Read only").doesNotContain("method=\"post\"");
        }
    }

    @Test
    void sendsStrictHeadersWithEveryAnswer() {
        open(Stores.MEMORY);

        for (String path : List.of("/", "/nope", "/clicks.csv", "/search?q=" + scene.credited, "/assets/console.js")) {
            assertThat(jane.get(path).headers())
                    .as(path)
                    .containsEntry("X-Content-Type-Options", "nosniff")
                    .containsEntry("Referrer-Policy", "no-referrer")
                    .hasEntrySatisfying(
                            "Content-Security-Policy",
                            policy -> assertThat(policy)
                                    .contains("default-src 'none'", "frame-ancestors 'none'")
                                    .doesNotContain("unsafe"))
                    .hasEntrySatisfying(
                            "Cache-Control", cache -> assertThat(cache).matches("no-store|private, max-age=300"));
        }
        assertThat(jane.send(jane.request("HEAD", "/clicks").build()).bytes()).isEmpty();
        assertThat(jane.send(jane.request("DELETE", "/clicks").build()).status())
                .isEqualTo(405);
        assertThat(jane.get("/clicks?offer=%zz").status()).isEqualTo(400);
    }

    @Test
    void takesFormsThatTheWebStackHasRead() {
        open(Stores.MEMORY);

        Answer answer = jane.send(jane.request("POST", "/reconciliation")
                .field("csrf", jane.token())
                .field("tracker", "Everflow")
                .field("from", "2026-03-19")
                .field("to", "2026-03-19")
                .file("file", "x.csv", new ByteArrayInputStream("nothing".getBytes(StandardCharsets.UTF_8)))
                .build());

        assertThat(answer.text()).contains("</html>");
    }

    @Test
    void refusesAFileNameThatIsNone() {
        open(Stores.MEMORY);

        for (String name : List.of("a\0.csv", "\0")) {
            assertThat(jane.upload("/reconciliation", Map.of("csrf", jane.token()), name, "x")
                            .status())
                    .isEqualTo(400);
            assertThat(jane.upload("/reconciliation", Map.of(), name, "x").status())
                    .isIn(400, 403);
        }
    }

    @Test
    void aFileThatBreaksOffSaysSo() {
        for (String path : List.of("/clicks.csv", "/summary.csv", "/payouts.csv")) {
            FaultSwitch faulty = FaultSwitch.on(new InMemoryAttributionStore());
            Attribution attribution = Attribution.builder(faulty).build();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (ConsoleResponse response = Console.builder(attribution)
                    .build()
                    .handle(ConsoleRequest.builder("GET", path).build())) {
                faulty.goDown();
                assertThatThrownBy(() -> response.writeTo(out))
                        .as(path)
                        .isInstanceOf(IOException.class)
                        .hasCauseInstanceOf(StorageException.class);
            }
            assertThat(out.toString(StandardCharsets.UTF_8)).as(path).contains("INCOMPLETE");
        }
    }
}
