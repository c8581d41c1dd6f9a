package dev.attribution.trackers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.InvalidCallerException;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.Reason;
import dev.attribution.repair.RepairStep;
import dev.attribution.report.ReportFilter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** JSON bodies from a call to its outcome. */
class JsonCallerTest {
    private static final String JSON = "application/json";
    private static final byte[] KEY = "the key of the caller".getBytes(StandardCharsets.UTF_8);

    private static final Pattern PAGE_SNIPPET = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    private final List<Caller> callers = new ArrayList<>();
    private final AtomicLong seconds = new AtomicLong(1_700_000_000);
    private final Attribution attribution = Attribution.builder(new InMemoryAttributionStore())
            .clock(() -> Instant.ofEpochSecond(seconds.incrementAndGet()))
            .callers(name -> callers.stream()
                    .filter(caller -> caller.name().equals(name))
                    .findFirst())
            .build();

    @BeforeEach
    void putOffer() {
        attribution
                .offers()
                .put(Offer.builder("o")
                        .trackingLink("https://t.example/?s={gk_click_id}")
                        .duplicatePolicy(DuplicatePolicy.allowRepeatConversions())
                        .build());
    }

    private String click() {
        return attribution.click(ClickRequest.of("o", "m")).clickId().value();
    }

    private Caller caller(Caller.Builder builder) {
        Caller caller = builder.build();
        callers.clear();
        callers.add(caller);
        return caller;
    }

    private static Caller.Builder mediation() {
        return Caller.named("mediation")
                .parameter(PostbackParameter.CLICK_ID, "player_id")
                .parameter(PostbackParameter.TRANSACTION_ID, "data.id")
                .parameter(PostbackParameter.PAYOUT, "data.amount")
                .parameter(PostbackParameter.STATUS, "data.status")
                .bodies(JsonBodies.object());
    }

    private static Caller.Builder webhook() {
        return Caller.named("webhook")
                .parameter(PostbackParameter.CLICK_ID, "events.player_id")
                .parameter(PostbackParameter.TRANSACTION_ID, "events.id")
                .parameter(PostbackParameter.CURRENCY, "currency")
                .bodies(JsonBodies.events("events"));
    }

    private static PostbackRequest post(String url, String body) {
        return PostbackRequest.post(url, JSON, body.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static PostbackRequest.Builder signed(String type, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            return PostbackRequest.post("/pb", type, bytes)
                    .header("Signature", HexFormat.of().formatHex(mac.doFinal(bytes)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private HistoryEntry newest() {
        return attribution.reports().history(ReportFilter.all(), 1).rows().get(0);
    }

    private List<Conversion> conversions() {
        return attribution.reports().conversions(ReportFilter.all(), 10).rows();
    }

    private List<RepairStep> replay() {
        List<RepairStep> steps = new ArrayList<>();
        attribution.replay(ReportFilter.all()).run(steps::add);
        return steps;
    }

    @Test
    void creditsOneMessage() {
        Caller mediation = caller(mediation());
        PostbackRequest call = post(
                "/pb",
                "{\"player_id\":\"" + click()
                        + "\",\"data\":{\"id\":98765432109876543210,\"amount\":1.50,\"status\":\"paid\"}}");

        PostbackOutcome outcome = attribution.from(mediation).postback(call);

        assertThat(outcome.kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(newest().transactionId()).contains("98765432109876543210");
        assertThat(conversions())
                .singleElement()
                .satisfies(conversion -> assertThat(conversion.payout()).contains(new BigDecimal("1.50")));
        assertThat(attribution.from(mediation).postback(call).kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(attribution.from(mediation).postbacks(call))
                .extracting(PostbackOutcome::kind)
                .containsExactly(Kind.DUPLICATE);
    }

    @Test
    void aStatusIsHeardAndNullIsNotOne() {
        Caller mediation = caller(mediation());
        String clickId = click();
        List<String> statuses = List.of("\"reversed\"", "null", "\"new\"", "1", "\"\"", "\"pending\"", "\"paid\"");
        List<Object> heard = new ArrayList<>();
        for (int i = 0; i < statuses.size(); i++) {
            PostbackOutcome outcome = attribution
                    .from(mediation)
                    .postback(post(
                            "/pb",
                            "{\"player_id\":\"" + clickId + "\",\"data\":{\"id\":" + i + ",\"status\":"
                                    + statuses.get(i) + "}}"));
            heard.add(outcome.reason().<Object>map(reason -> reason).orElse(outcome.kind()));
        }

        assertThat(heard)
                .containsExactly(
                        Reason.NOTHING_TO_REVERSE,
                        Reason.UNKNOWN_STATUS,
                        Reason.UNKNOWN_STATUS,
                        Reason.UNKNOWN_STATUS,
                        Reason.UNKNOWN_STATUS,
                        Kind.HELD,
                        Kind.ATTRIBUTED);
        String dataIsNull = "{\"player_id\":\"" + clickId + "\",\"data\":null}";
        assertThat(attribution.from(mediation).postback(post("/pb", dataIsNull)).reason())
                .contains(Reason.UNKNOWN_STATUS);
        Caller harmless = caller(mediation().noSign("data.status", "null"));
        assertThat(attribution.from(harmless).postback(post("/pb", dataIsNull)).kind())
                .as("null is absent everywhere else")
                .isEqualTo(Kind.ATTRIBUTED);
    }

    @Test
    void booleansShowAReversalAndATestCall() {
        Caller mediation = caller(mediation()
                .statusWhen("data.chargeback", "true", ConversionStatus.REVERSED)
                .noSign("data.chargeback", "false")
                .testCalls("debug", "true"));
        String start = "{\"player_id\":\"" + click() + "\",\"data\":{\"id\":1,\"chargeback\":";

        assertThat(attribution
                        .from(mediation)
                        .postback(post("/pb", start + "false},\"debug\":true}"))
                        .reason())
                .contains(Reason.TEST_CALL);
        assertThat(attribution
                        .from(mediation)
                        .postback(post("/pb", start + "false}}"))
                        .kind())
                .isEqualTo(Kind.ATTRIBUTED);
        assertThat(attribution
                        .from(mediation)
                        .postback(post("/pb", start + "true}}"))
                        .kind())
                .isEqualTo(Kind.ADJUSTED);
    }

    @Test
    void whatIsInDoubtIsMalformedAndKept() {
        Caller mediation = caller(mediation());
        String clickId = click();
        for (String body : List.of(
                "{\"player_id\":\"" + clickId + "\",\"data\":{\"status\":{}}}",
                "{\"player_id\":\"" + clickId + "\",\"data\":[]}",
                "{\"player_id\":\"" + clickId + "\",\"player\\u005fid\":\"" + clickId + "\"}",
                "[{\"player_id\":\"" + clickId + "\"}]",
                "{\"player_id\":\"" + clickId + "\"} ")) {
            PostbackOutcome outcome = attribution.from(mediation).postback(post("/pb", body + "}"));

            assertThat(outcome.reason()).contains(Reason.MALFORMED_POSTBACK);
            assertThat(newest().body()).isEqualTo(body + "}");
            assertThat(newest().contentType()).contains(JSON);
        }
        assertThat(attribution
                        .from(mediation)
                        .postback(post("/pb", "{\"player_id\":\"" + clickId + "\"," + " ".repeat(1 << 20) + "\"x\":1}"))
                        .reason())
                .contains(Reason.MALFORMED_POSTBACK);
    }

    @Test
    void aFieldAndAParameterOfTheQueryMustAgree() {
        Caller mediation = caller(mediation());
        String one = click();
        String two = click();

        assertThat(attribution
                        .from(mediation)
                        .postback(post("/pb?player_id=" + one, "{\"player_id\":\"" + two + "\"}"))
                        .reason())
                .contains(Reason.MALFORMED_POSTBACK);
        assertThat(attribution
                        .from(mediation)
                        .postback(post(
                                "/pb?data.status=paid",
                                "{\"player_id\":\"" + one + "\",\"data\":{\"status\":\"reversed\"}}"))
                        .reason())
                .contains(Reason.MALFORMED_POSTBACK);
        assertThat(attribution
                        .from(mediation)
                        .postback(post(
                                "/pb?player_id=" + one,
                                "{\"player_id\":\"" + one + "\",\"PLAYER_ID\":\"" + two + "\"}"))
                        .kind())
                .isEqualTo(Kind.ATTRIBUTED);
    }

    @Test
    void eachEventHasItsOutcome() {
        Caller webhook = caller(webhook());
        String one = click();
        PostbackRequest call = post(
                "/pb",
                "{\"events\":[{\"player_id\":\"" + one + "\",\"id\":1},{\"player_id\":\"" + click()
                        + "\",\"id\":2},{\"player_id\":\"" + one + "\",\"id\":1}],\"currency\":\"EUR\"}");

        List<PostbackOutcome> outcomes = attribution.from(webhook).postbacks(call);

        assertThat(outcomes)
                .extracting(PostbackOutcome::kind)
                .containsExactly(Kind.ATTRIBUTED, Kind.ATTRIBUTED, Kind.DUPLICATE);
        assertThat(webhook.answers().to(outcomes, call).status()).isEqualTo(200);
        assertThat(conversions())
                .hasSize(2)
                .allSatisfy(conversion -> assertThat(conversion.currency()).isPresent());
        assertThat(attribution.from(webhook).postback(call).reason())
                .as("several messages are not one")
                .contains(Reason.MALFORMED_POSTBACK);
    }

    @Test
    void aKeptBodyIsReplayed() {
        Caller mediation = caller(mediation());
        String body =
                "{\"player_id\":\"" + click() + "\",\"é\":\"\\u00e9😀\",\"data\":{\"id\":\"T\",\"status\":\"new\"}}";
        attribution.from(mediation).postback(post("/pb?x=1", body));
        assertThat(newest().body()).isEqualTo(body);
        assertThat(replay()).extracting(RepairStep::result).containsExactly(RepairStep.Result.NOT_CREDITED);

        caller(mediation().status("new", ConversionStatus.APPROVED));

        assertThat(replay()).extracting(RepairStep::result).containsExactly(RepairStep.Result.CREDITED);
        assertThat(newest().transactionId()).contains("T");
    }

    @Test
    void keptEventsAreReplayedOneByOne() {
        Caller.Builder before = webhook().parameter(PostbackParameter.STATUS, "events.a.status");
        Caller webhook = caller(before);
        attribution
                .from(webhook)
                .postbacks(post(
                        "/pb",
                        "{\"currency\":\"EUR\",\"events\":[{\"player_id\":\"" + click()
                                + "\",\"id\":\"1&events.id=é\",\"a\":{\"status\":\"new\"}},{\"player_id\":\"" + click()
                                + "\",\"id\":2,\"a\":{\"status\":\"new\"}}]}"));

        caller(webhook()
                .parameter(PostbackParameter.STATUS, "events.a.status")
                .status("new", ConversionStatus.APPROVED));

        assertThat(replay())
                .extracting(RepairStep::result)
                .containsExactly(RepairStep.Result.CREDITED, RepairStep.Result.CREDITED);
        assertThat(conversions())
                .extracting(conversion -> conversion.transactionId().orElseThrow())
                .containsExactlyInAnyOrder("1&events.id=é", "2");
    }

    @Test
    void aSignatureIsOverTheBytes() {
        PostbackVerifier verifier =
                PostbackVerifier.hmac("HmacSHA256", KEY).ofBody().inHeader("Signature");
        Caller mediation = caller(mediation().verifier(verifier));
        String body = "{ \"player_id\" : \"" + click() + "\" }";
        PostbackRequest genuine = signed(JSON, body).build();
        PostbackRequest changed = PostbackRequest.post(
                        "/pb", JSON, body.replace(" ", "").getBytes(StandardCharsets.UTF_8))
                .header("Signature", genuine.headers("Signature").get(0))
                .build();

        assertThat(attribution.from(mediation).postback(changed).reason()).contains(Reason.NOT_AUTHENTIC);
        assertThat(attribution
                        .from(mediation)
                        .postback(PostbackRequest.post("/pb?data.id=T", JSON, genuine.body())
                                .header(
                                        "Signature",
                                        genuine.headers("Signature").get(0))
                                .build())
                        .reason())
                .as("the query is not covered")
                .contains(Reason.NOT_AUTHENTIC);
        assertThat(attribution.from(mediation).postback(genuine).kind()).isEqualTo(Kind.ATTRIBUTED);
    }

    @Test
    void aSignedBodyCountsUnderNoOtherContentType() {
        Caller mediation = caller(mediation()
                .verifier(PostbackVerifier.hmac("HmacSHA256", KEY).ofBody().inHeader("Signature")));
        String body = "{\"name\":\"&player_id=" + click() + "&x=\"}";

        assertThat(attribution
                        .from(mediation)
                        .postback(signed("application/x-www-form-urlencoded", body)
                                .build())
                        .reason())
                .contains(Reason.NOT_AUTHENTIC);
        Caller byToken = caller(mediation().verifier(PostbackVerifier.sharedSecret("token", "a-secret-of-16-or-more")));
        assertThat(attribution
                        .from(byToken)
                        .postback(PostbackRequest.post(
                                        "/pb?token=a-secret-of-16-or-more",
                                        "application/x-www-form-urlencoded",
                                        ("player_id=" + click()).getBytes(StandardCharsets.UTF_8))
                                .build())
                        .kind())
                .as("a secret vouches for the whole call")
                .isEqualTo(Kind.ATTRIBUTED);
    }

    @Test
    void whatWasNeverVerifiedIsNotReplayedInBulk() {
        Caller mediation = caller(mediation()
                .verifier(PostbackVerifier.hmac("HmacSHA256", KEY).ofBody().inHeader("Signature")));
        byte[] body = ("{\"player_id\":\"" + click() + "\",\"x\":\"?\"}").getBytes(StandardCharsets.UTF_8);
        byte[] notUtf8 = body.clone();
        notUtf8[body.length - 3] = (byte) 0xFF; // kept as a character that can be read
        attribution
                .from(mediation)
                .postback(PostbackRequest.post("/pb", JSON, notUtf8).build());
        attribution
                .from(mediation)
                .postback(PostbackRequest.of("PUT", "/pb", JSON, body).build());

        assertThat(replay())
                .hasSize(2)
                .allSatisfy(step -> assertThat(step.result()).isEqualTo(RepairStep.Result.SKIPPED));
        assertThat(conversions()).isEmpty();

        List<RepairStep> chosen = new ArrayList<>();
        attribution.replay(List.of(newest().attemptId())).run(chosen::add);
        assertThat(chosen).extracting(RepairStep::result).containsExactly(RepairStep.Result.CREDITED);
    }

    @Test
    void masksSecretsInTheQueryOfAJsonCall() {
        String secret = "a-secret-of-16-or-more";
        for (Caller.Builder builder : List.of(mediation(), webhook())) {
            Caller caller = caller(builder.verifier(PostbackVerifier.sharedSecret("token", secret)));
            attribution
                    .from(caller)
                    .postbacks(
                            post("/pb?token=" + secret, "{\"player_id\":\"x\",\"events\":[{\"player_id\":\"x\"},{}]}"));

            assertThat(newest().query()).isEqualTo("token=*");
            replay();
            assertThat(attribution.reports().history(ReportFilter.all(), 100).rows())
                    .allSatisfy(entry -> assertThat(entry.query() + entry.body() + entry.notes())
                            .doesNotContain(secret));
        }
    }

    @Test
    void aCallerWhosePathsContradictEachOtherIsRefused() {
        assertThatThrownBy(() -> mediation()
                        .parameter(PostbackParameter.EVENT_ID, "data")
                        .build())
                .isInstanceOf(InvalidCallerException.class)
                .hasMessageContaining("[data]");
        assertThatThrownBy(() -> Caller.named("x")
                        .parameter(PostbackParameter.CLICK_ID, "id")
                        .bodies(JsonBodies.object().field("stauts", "st.atus"))
                        .parameter(PostbackParameter.STATUS, "status")
                        .build())
                .isInstanceOf(InvalidCallerException.class)
                .hasMessageContaining("stauts");
        assertThat(mediation().build()).isEqualTo(mediation().build());
    }

    /** The snippets of the page stand here, compiled. */
    @Test
    void theSnippetsOfThePageOnCallersRun() throws IOException {
        byte[] key = KEY;
        Caller mediation = Caller.named("mediation")
                .parameter(
                        PostbackParameter.CLICK_ID,
                        "player_id") // {"player_id": "…", "data": {"id": "T1", "amount": 1.50}}
                .parameter(PostbackParameter.TRANSACTION_ID, "data.id")
                .parameter(PostbackParameter.PAYOUT, "data.amount")
                .verifier(PostbackVerifier.hmac("HmacSHA256", key).ofBody().inHeader("Signature"))
                .bodies(JsonBodies.object())
                .build();
        String one = "{\"player_id\": \"" + click() + "\", \"data\": {\"id\": \"T1\", \"amount\": 1.50}}";
        assertThat(attribution
                        .from(mediation)
                        .postback(signed(JSON, one).build())
                        .kind())
                .isEqualTo(Kind.ATTRIBUTED);
        PostbackRequest call =
                post("/pb", "{\"currency\": \"EUR\", \"events\": [{\"player_id\": \"" + click() + "\"}]}");

        Caller webhook = Caller.named("webhook")
                .parameter(
                        PostbackParameter.CLICK_ID,
                        "events.player_id") // {"currency": "EUR", "events": [{"player_id": "…"}]}
                .parameter(PostbackParameter.CURRENCY, "currency")
                .bodies(JsonBodies.events("events"))
                .build();

        List<PostbackOutcome> outcomes = attribution.from(webhook).postbacks(call); // one for each event
        HttpAnswer answer = webhook.answers().to(outcomes, call);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(conversions()).hasSize(2);
        String test = withoutSpace(Files.readString(
                Path.of("src", "test", "java", "dev", "attribution", "trackers", "JsonCallerTest.java")));
        assertThat(PAGE_SNIPPET
                        .matcher(Files.readString(Path.of("..", "docs", "callers.md")))
                        .results()
                        .map(snippet -> snippet.group(1))
                        .filter(snippet -> snippet.contains("JsonBodies")))
                .hasSize(2)
                .allSatisfy(snippet -> assertThat(test).contains(withoutSpace(snippet)));
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s+", "");
    }
}
