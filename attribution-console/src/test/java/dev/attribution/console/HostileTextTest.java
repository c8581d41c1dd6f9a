package dev.attribution.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.console.Visitor.Answer;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.spi.AttributionStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every text that a stranger can set, in every page, file and pack: it stays a text. */
class HostileTextTest {
    @ParameterizedTest
    @EnumSource(Stores.class)
    void isEscapedInEveryPageOverHttp(Stores kind) throws IOException, InterruptedException {
        AttributionStore store = kind.open();
        Scene scene = new Scene(store, Hostile.TEXT);
        HttpClient client = HttpClient.newHttpClient();

        try (ExampleHost host = new ExampleHost(scene.console, new ExampleHost.Login("1", Hostile.TEXT))) {
            for (String path : Hostile.pages(scene)) {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(URI.create(host.url() + path)).build(), BodyHandlers.ofString());

                assertThat(answer.statusCode()).as(path).isIn(200, 303, 400, 404);
                assertHarmless(path, answer.body());
                assertThat(answer.headers().firstValue("Content-Security-Policy"))
                        .isPresent();
            }
        } finally {
            Stores.close(store);
        }
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void isEscapedInTheAnswersToForms(Stores kind) {
        AttributionStore store = kind.open();
        Scene scene = new Scene(store, Hostile.TEXT);
        Visitor jane = new Visitor(scene.console);
        Map<String, String> test = new HashMap<>();
        test.put("caller", scene.wall.name());
        test.put("url", "https://x.example/?sub=" + scene.quiet + "&tx=" + Hostile.TEXT + "&state=" + Hostile.TEXT);
        test.put("headers", "X-Any: " + Hostile.TEXT);
        test.put("body", Hostile.TEXT);

        assertHarmless("tester", jane.submit("/tester", test).text());
        test.put("caller", Hostile.TEXT);
        assertHarmless("tester", jane.submit("/tester", test).text());
        assertHarmless(
                "offer",
                jane.submit("/offer", Map.of("id", "o" + Hostile.TEXT, "link", "https://x.example/?a=" + Hostile.TEXT))
                        .text());
        assertHarmless(
                "offer",
                jane.submit("/offer", Map.of("id", "o", "link", "x", "window", Hostile.TEXT, "policy", Hostile.TEXT))
                        .text());
        assertHarmless(
                "repair", jane.submit("/repair", Map.of("kind", "REJECTED")).text());
        assertHarmless(
                "repair", jane.submit("/repair", Map.of("caller", Hostile.TEXT)).text());
        assertHarmless(
                "forget", jane.submit("/forget", Map.of("member", Hostile.TEXT)).text());
        assertHarmless(
                "forget",
                jane.submit("/forget", Map.of("member", Hostile.TEXT, "confirm", "yes"))
                        .text());
        assertHarmless(
                "pending", jane.submit("/pending", Map.of("days", Hostile.TEXT)).text());
        String export = Export.of(Hostile.TEXT, Hostile.TEXT) + Export.row(scene.credited.value(), Hostile.TEXT);
        for (String mode : new String[] {"COMPARE", "TRY_MISSING", "TRY_STATUSES"}) {
            Answer compared = jane.upload(
                    "/reconciliation",
                    Map.of(
                            "csrf",
                            jane.token(),
                            "tracker",
                            "Everflow",
                            "from",
                            "2026-03-01",
                            "to",
                            "2026-03-20",
                            "zone",
                            "UTC",
                            "mode",
                            mode),
                    "a<script>window.hit=1</script>.csv",
                    export);
            assertHarmless(mode, compared.text());
            assertThat(compared.text()).contains("</html>");
        }
        Stores.close(store);
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void isNoFormulaInAFile(Stores kind) throws IOException {
        AttributionStore store = kind.open();
        Scene scene = new Scene(store, "=1+1");
        Visitor jane = new Visitor(scene.console);
        scene.attribution
                .from(scene.wall)
                .postback(PostbackRequest.post(
                                "=2+2&sub=" + scene.credited, "@text/plain", "+3+3".getBytes(StandardCharsets.UTF_8))
                        .build());

        String pack = ConsoleTest.unzipped(jane.get("/evidence.zip?conversion=" + scene.creditedConversion)
                        .bytes())
                .get("messages.csv");

        assertThat(pack).contains(",'@text/plain,").doesNotContain(",=", ",+", ",@", "\n=", ",\"=");
        for (String path : new String[] {"/clicks.csv", "/conversions.csv", "/history.csv", "/summary.csv"}) {
            assertThat(jane.get(path).text()).as(path).doesNotContain(",=", ",+", ",@", "\n=", ",\"=");
        }
        Stores.close(store);
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void isEscapedInTheEvidence(Stores kind) throws IOException {
        AttributionStore store = kind.open();
        Scene scene = new Scene(store, Hostile.TEXT);

        Map<String, String> files = ConsoleTest.unzipped(new Visitor(scene.console)
                .get("/evidence.zip?conversion=" + scene.creditedConversion)
                .bytes());

        assertHarmless("evidence.html", files.get("evidence.html"));
        Stores.close(store);
    }

    private static void assertHarmless(String where, String page) {
        assertThat(page)
                .as(where)
                .doesNotContain("<script>window", "<img src=x", "<svg onload", "<a href=javascript", "<script>parent");
    }
}
