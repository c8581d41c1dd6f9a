package dev.attribution.trackers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.KeyUnavailableException;
import dev.attribution.StorageException;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.history.HistoryEntry;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Runs the snippets of the page on postback URLs. */
class PostbackUrlPageTest {
    private static final Path PAGE = Path.of("..", "docs", "postback-url.md");
    private static final Pattern SNIPPET = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
    private final Attribution attribution =
            Attribution.builder(new InMemoryAttributionStore()).build();

    @Test
    void leadsToTheFirstVerifiedPostback() throws Exception {
        CallerPreset preset = CallerPreset.appLovinMax()
                .secrets("the event key that AppLovin shows")
                .senderCheck(PostbackVerifier.sharedSecret("token", "a long secret of your own"));
        Caller appLovin = preset.caller(); // data: make it once

        String toPaste =
                preset.postbackUrl("https://api.example.com/postback/applovin?token=a+long+secret+of+your+own");
        assertThat(Files.readString(PAGE)).contains("// " + toPaste + "\n");

        attribution
                .offers()
                .put(Offer.builder("rewarded-video")
                        .trackingLink("https://app.example.com/watch?user={gk_click_id}")
                        .acceptedCallers(appLovin.name())
                        .build());
        Redirect redirect = attribution.click(ClickRequest.of("rewarded-video", "member-7"));

        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-1")
                        .digest("test-1the event key that AppLovin shows".getBytes(StandardCharsets.UTF_8)));
        String url = toPaste.replace("{USER_ID}", redirect.clickId().toString())
                .replace("{EVENT_ID}", "test-1")
                .replace("{EVENT_TOKEN}", hash);
        for (String called : List.of(url, url, url.replace("token=a", "token=b"), url.replace("test-1", "test-2"))) {
            HttpAnswer answer = answer(appLovin, called, "203.0.113.9");
            assertThat(answer.status()).isEqualTo(called.equals(url) ? 200 : 403);
        }

        HistoryEntry entry = attribution.trace(redirect.clickId()).history().get(0);
        // entry.kind() is ATTRIBUTED, entry.caller() is applovin-max; secrets are masked in entry.query()
        assertThat(entry.kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(entry.caller()).isEqualTo("applovin-max");
        assertThat(entry.query()).contains("test-1").doesNotContain(hash, "a+long+secret");
    }

    private HttpAnswer answer(Caller appLovin, String url, String address) {
        PostbackRequest call = PostbackRequest.get(url) // as the network wrote it: scheme, host, path and raw query
                .remoteAddress(address)
                .build();
        HttpAnswer answer;
        try {
            answer = appLovin.answers().to(attribution.from(appLovin).postback(call), call);
        } catch (StorageException | KeyUnavailableException e) {
            answer = appLovin.answers().unavailable(call); // most networks repeat the call
        }
        return answer;
    }

    @Test
    void addsWhatThePresetDoesNotKnow() {
        Caller wall = CallerPreset.ayetStudios("external_id", "transaction") // look up both names
                .secrets("the key that ayeT-Studios shows")
                .describe("wall")
                .parameter(PostbackParameter.PAYOUT, "amount")
                .build();

        assertThat(wall.parameterName(PostbackParameter.PAYOUT)).contains("amount");
        assertThat(wall.unsigned()).isEmpty();
    }

    @Test
    void runsTheSnippetOfTheJavadoc() throws IOException {
        CallerPreset preset = CallerPreset.tapjoy().secrets("the secret that Tapjoy shows");
        Caller tapjoy = preset.caller();
        String toPaste = preset.postbackUrl("https://api.example.com/tapjoy");

        assertThat(tapjoy.name()).isEqualTo("tapjoy");
        assertThat(toPaste).isEqualTo("https://api.example.com/tapjoy");
        String source = Files.readString(
                Path.of("src", "main", "java", CallerPreset.class.getName().replace('.', '/') + ".java"));
        String snippet = source.substring(source.indexOf("<pre>{@code") + 11, source.indexOf("}</pre>"));
        assertThat(inOneLine(here())).contains(inOneLine(snippet.replaceAll("(?m)^ \\* ?", "")));
    }

    private static String here() throws IOException {
        return Files.readString(Path.of(
                "src", "test", "java", PostbackUrlPageTest.class.getName().replace('.', '/') + ".java"));
    }

    @Test
    void runsEverySnippetOfThePage() throws IOException {
        String here = inOneLine(here());

        assertThat(SNIPPET.matcher(Files.readString(PAGE))
                        .results()
                        .map((MatchResult snippet) -> inOneLine(snippet.group(1).replaceAll("(?m)^// https.*$", ""))))
                .hasSize(6)
                .allSatisfy(snippet -> assertThat(here).contains(snippet));
    }

    private static String inOneLine(String code) {
        return code.replaceAll("\\s+", " ")
                .replace(" .", ".")
                .replace("( ", "(")
                .replace("= ", "=")
                .trim();
    }
}
