package dev.attribution.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.console.view.Quiet;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.CallerRepository;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Callers that went quiet or fail, while an operator repairs and strangers forge. */
class QuietCallersTest {
    private static final int PER_WEEK = 12;
    private static final String SECRET = "a secret of this caller";

    private final AtomicReference<Instant> now = new AtomicReference<>(Scene.NOW);
    private final List<Caller> callers =
            List.of(caller("dead"), caller("alive"), caller("unmapped"), caller("fresh"), caller("half"));
    private AttributionStore store;
    private Attribution attribution;
    private Visitor jane;

    private static Caller caller(String name) {
        return Caller.named(name)
                .parameter(PostbackParameter.CLICK_ID, "sub")
                .parameter(PostbackParameter.TRANSACTION_ID, "tx")
                .parameter(PostbackParameter.STATUS, "state")
                .status("1", ConversionStatus.APPROVED)
                .testCalls("debug", "true")
                .verifier(PostbackVerifier.sharedSecret("key", SECRET))
                .build();
    }

    private void open(Stores kind) {
        store = kind.open();
        attribution = Attribution.builder(store)
                .clock(now::get)
                .callers(CallerRepository.of(callers.toArray(Caller[]::new)))
                .build();
        attribution
                .offers()
                .put(Offer.builder("offer")
                        .trackingLink("https://advertiser.example/{gk_click_id}")
                        .attributionWindow(Duration.ofDays(90))
                        .build());
        jane = new Visitor(Console.builder(attribution)
                .basePath("/console")
                .clock(now::get)
                .callers(() -> callers.stream()
                        .map(caller -> ConsoleCaller.of(caller, "https://api.example.com/" + caller.name()))
                        .toList())
                .build());
        for (int week = 1; week <= 5; week++) {
            now.set(Scene.NOW.minus(Duration.ofDays(7L * week + 3)));
            for (String name : List.of("dead", "alive", "unmapped", "half")) {
                send(name, PER_WEEK, "&state=1&key=" + SECRET);
            }
        }
        now.set(Scene.NOW.minus(Duration.ofDays(2)));
    }

    @AfterEach
    void closeStore() {
        Stores.close(store);
    }

    private ClickId click() {
        return attribution.click(ClickRequest.of("offer", "member")).clickId();
    }

    private void send(String name, int times, String rest) {
        for (int i = 0; i < times; i++) {
            attribution
                    .from(name)
                    .postback("https://api.example.com/?sub=" + click() + "&tx=" + i + rest.replace(" ", "%20"));
        }
    }

    private List<Quiet> callersThatWentQuiet() {
        LocalDate today = LocalDate.ofInstant(Scene.NOW, ZoneOffset.UTC);
        return WentQuiet.compute(attribution.reports(), today, ZoneOffset.UTC).quiet().stream()
                .filter(Quiet::isCaller)
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void neitherARepairNorAForgedCallHidesThatACallerWentQuiet(Stores kind) {
        open(kind);
        send("alive", PER_WEEK, "&state=1&key=" + SECRET);
        send("unmapped", PER_WEEK, "&state=new&key=" + SECRET);
        send("fresh", PER_WEEK, "&state=1&debug=true&key=" + SECRET);
        send("half", 3, "&state=1&key=" + SECRET);
        send("half", 1, "&state=new&key=" + SECRET);
        send("dead", 20, "&state=1&key=forged");
        importAsOf("dead", 15);

        assertThat(callersThatWentQuiet())
                .extracting(quiet -> quiet.who() + " " + quiet.lastWeek() + " of " + quiet.median() + ", failed "
                        + quiet.messages().failed() + ", not authentic "
                        + quiet.messages().notAuthentic() + (quiet.isSilent() ? ", silent" : "")
                        + (quiet.isFailing() ? ", failing" : ""))
                .containsExactlyInAnyOrder(
                        "dead 0 of 12, failed 0, not authentic 20, silent",
                        "unmapped 0 of 12, failed 12, not authentic 0, failing",
                        "half 3 of 12, failed 1, not authentic 0");
        now.set(Scene.NOW);
        assertThat(jane.get("/").text())
                .contains("20 calls in its name were not authentic", "12 messages failed", ">failing<", ">silent<");
        assertThat(row("dead")).as("messages, failed, not authentic").containsExactly("36", "0", "20");
        assertThat(row("unmapped")).containsExactly("48", "12", "0");
    }

    /** {@return the numbers of a caller in the list of callers, of 30 days: the last week and three before} */
    private List<String> row(String name) {
        String page = jane.get("/callers").text();
        String row = page.substring(page.indexOf("<bdi>" + name + "</bdi></th>"));
        return Pattern.compile("<td class=\"number\">(\\d+)</td>")
                .matcher(row.substring(0, row.indexOf("</tr>")))
                .results()
                .map(number -> number.group(1))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void listsACallerOfWhichEverythingFailsAlthoughNothingCameBefore(Stores kind) {
        open(kind);
        for (String name : List.of("dead", "alive", "unmapped", "half")) {
            send(name, PER_WEEK, "&state=1&key=" + SECRET);
        }
        send("fresh", 10, "&state=new&key=" + SECRET);

        assertThat(callersThatWentQuiet()).singleElement().satisfies(quiet -> {
            assertThat(quiet.who()).isEqualTo("fresh");
            assertThat(quiet.isFailing()).isTrue();
            assertThat(quiet.isSilent()).isFalse();
        });
    }

    /** Imports what a caller did not send, as its caller. */
    private void importAsOf(String caller, int count) {
        StringBuilder csv = new StringBuilder(Export.HEADER);
        for (int i = 0; i < count; i++) {
            csv.append(Export.row(click().value(), "import-" + i));
        }
        Map<String, String> fields = new HashMap<>(Map.of(
                "csrf", jane.token(), "tracker", "Everflow", "from", "2026-03-19", "to", "2026-03-19", "zone", "UTC"));
        fields.putAll(Map.of("mode", "IMPORT_MISSING", "confirm", "yes", "caller", caller));

        jane.upload("/reconciliation", fields, "export.csv", csv.toString());

        assertThat(attribution
                        .reports()
                        .history(
                                ReportFilter.builder()
                                        .origin(Origin.IMPORTED)
                                        .caller(caller)
                                        .kind(Kind.ATTRIBUTED)
                                        .build(),
                                100)
                        .rows())
                .as("imported")
                .hasSize(count);
    }
}
