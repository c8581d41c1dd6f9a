package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.attribution.Attribution;
import dev.attribution.click.Redirect;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.Answers;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.SignedPart;
import dev.attribution.report.ReportFilter;
import dev.attribution.testkit.FaultSwitch;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Secrets and signatures are planted in every place of a call, and looked for in everything that can be seen of it: rows, reports,
 * logs of every level, exceptions and texts.
 */
class SecretsTest extends BehaviourTest {
    private static final String PLANTED = "pLanted";
    private static final String TOKEN = PLANTED + "-token-of-the-caller";
    private static final String WRONG = PLANTED + "-but-wrong-token";
    private static final String KEY = PLANTED + "-key-that-signs";
    private static final String CLICK = "sub1=";

    private final Logger root = Logger.getLogger("");
    private final Level before = root.getLevel();
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final Handler handler = new Handler() {
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord message) {
            seen.add(formatter.format(message));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void readTheLog() {
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
        root.setLevel(Level.ALL);
        putOffer();
    }

    @AfterEach
    void leaveTheLog() {
        root.removeHandler(handler);
        root.setLevel(before);
    }

    private static Caller.Builder named(String name) {
        return Caller.named(name)
                .parameter(PostbackParameter.CLICK_ID, "sub1")
                .parameter(PostbackParameter.TRANSACTION_ID, "tx")
                .answers(Answers.byBody("{sub1}:OK", reason -> "{sub1}:" + reason)
                        .echoing("sub1"));
    }

    private static String hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A caller with the calls that it may send, each of which holds a secret. */
    private record Scene(Caller caller, List<PostbackRequest> calls) {}

    private List<Scene> scenes(Redirect redirect) {
        String query = CLICK + redirect.clickId() + "&tx=";
        String url = "https://api.example.com/pb?" + query + "S1";
        PostbackVerifier inQuery = PostbackVerifier.sharedSecret("token", TOKEN, TOKEN + "-2");
        List<PostbackRequest> tokens = new ArrayList<>();
        for (String token :
                List.of(TOKEN, TOKEN + "-2", WRONG, TOKEN.toUpperCase(java.util.Locale.ROOT), "%70" + TOKEN)) {
            tokens.add(get("/pb?" + query + "T1&token=" + token));
            tokens.add(get("/pb?token=" + token + "&" + query + "T1&amp;token=" + token));
            tokens.add(get("/pb?" + query + "T1&token=" + token + "&token=" + WRONG));
            tokens.add(get("/pb?" + query + "T1&%74oken=" + token + "&x=1"));
            tokens.add(form("/pb?" + query + "T2", "token=" + token + "&a=b"));
            tokens.add(PostbackRequest.get("/pb?" + query + "T1&token=" + token)
                    .header("Cookie", PLANTED)
                    .header("Authorization", "Basic " + PLANTED)
                    .build());
        }
        Caller signedCaller = named("signed")
                .verifier(PostbackVerifier.hmac("HmacSHA256", KEY.getBytes(StandardCharsets.UTF_8))
                        .ofUrlBefore("hash")
                        .inParameter("hash"))
                .build();
        Caller joined = named("joined")
                .unsigned(PostbackParameter.TRANSACTION_ID)
                .verifier(PostbackVerifier.digest("MD5", KEY.getBytes(StandardCharsets.UTF_8))
                        .ofJoined(":", SignedPart.parameter("sub1"), SignedPart.secret())
                        .inParameter("sig"))
                .build();
        return List.of(
                new Scene(named("query").verifier(inQuery).build(), tokens),
                new Scene(
                        named("header")
                                .verifier(PostbackVerifier.secretInHeader("X-Token", "Bearer ", TOKEN))
                                .build(),
                        List.of(
                                PostbackRequest.get("/pb?" + query + "H1")
                                        .header("X-Token", "Bearer " + TOKEN)
                                        .build(),
                                PostbackRequest.get("/pb?" + query + "H1")
                                        .header("x-token", WRONG)
                                        .build())),
                new Scene(
                        named("path")
                                .verifier(PostbackVerifier.secretInPath(TOKEN))
                                .build(),
                        List.of(get("/pb/" + TOKEN + "?" + query + "P1"), get("/pb/" + WRONG + "?" + query + "P1"))),
                new Scene(
                        signedCaller,
                        List.of(
                                get(url + "&hash=" + hmac(url)),
                                get(url + "&hash=" + hmac(url) + "&late=1"),
                                get(url + "&hash=" + hmac(url + "x")),
                                get(url + "&HASH=" + hmac(url)))),
                new Scene(joined, List.of(get("/pb?" + query + "J1&sig=" + PLANTED))),
                new Scene(
                        named("any")
                                .verifier(PostbackVerifier.anyOf(
                                        inQuery, PostbackVerifier.secretInHeader("X-Token", "", TOKEN)))
                                .build(),
                        List.of(get("/pb?" + query + "A1&token=" + WRONG), get("/pb?" + query + "A1&token=" + TOKEN))));
    }

    private static PostbackRequest get(String url) {
        return PostbackRequest.get(url).build();
    }

    private static PostbackRequest form(String url, String body) {
        return PostbackRequest.post(url, "application/x-www-form-urlencoded", body.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    @Test
    void standNowhere() throws Exception {
        Redirect redirect = click();
        List<String> secrets = new ArrayList<>(List.of(PLANTED, PLANTED.toLowerCase(java.util.Locale.ROOT), "PLANTED"));
        for (Scene scene : scenes(redirect)) {
            seen.add(scene.caller().toString());
            for (PostbackRequest call : scene.calls()) {
                seen.add(call.toString());
                Attribution host = attribution.from(scene.caller());
                PostbackOutcome outcome = host.postback(call);
                seen.add(outcome.toString());
                seen.add(outcome.httpAnswer().toString());
                seen.add(scene.caller().answers().to(outcome, call).toString());
                seen.add(scene.caller().answers().to(outcome, call).body());
                seen.add(scene.caller().answers().unavailable(call).body());
                see(catchThrowable(() -> Attribution.builder(down())
                        .clock(clock)
                        .build()
                        .from(scene.caller())
                        .postback(call)));
            }
        }
        String url = "https://api.example.com/pb?" + CLICK + redirect.clickId() + "&tx=S1";
        secrets.add(hmac(url));
        secrets.add(hmac(url + "x"));
        see(catchThrowable(() -> named("mapped")
                .verifier(PostbackVerifier.sharedSecret("tx", TOKEN))
                .build()));
        see(catchThrowable(() -> named("short")
                .verifier(PostbackVerifier.sharedSecret("t", PLANTED))
                .build()));
        Caller failing = named("failing")
                .verifier(PostbackVerifier.hmac("HmacSHA256", () -> {
                            throw new IllegalStateException("no key for " + seen.size());
                        })
                        .ofUrlBefore("hash")
                        .inParameter("hash"))
                .build();
        see(catchThrowable(() -> attribution.from(failing).postback(get(url + "&hash=" + hmac(url)))));
        Attribution.builder(store)
                .clock(clock)
                .callers(name -> scenes(redirect).stream()
                        .map(Scene::caller)
                        .filter(caller -> caller.name().equals(name))
                        .findFirst())
                .build()
                .replay(history().stream().map(HistoryEntry::attemptId).toList())
                .run(step -> seen.add(step.toString()));
        seen.add(attribution.trace(redirect.clickId()).toString());
        history().forEach(entry -> {
            seen.add(entry.toString());
            seen.add(entry.query() + "\n" + entry.body() + "\n" + entry.notes());
        });
        StringBuilder csv = new StringBuilder();
        attribution.reports().csv().history(ReportFilter.all(), csv);
        attribution.reports().csv().conversions(ReportFilter.all(), csv);
        LocalDate day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        attribution.reports().csv().summary(day, day, ZoneOffset.UTC, csv);
        seen.add(csv.toString());

        assertThat(history()).hasSizeGreaterThan(40);
        assertThat(List.copyOf(seen))
                .anyMatch(text -> text.contains("ATTRIBUTED"))
                .anyMatch(text -> text.contains("NOT_AUTHENTIC"));
        root.removeHandler(handler);
        List<String> everything = List.copyOf(seen);
        for (String secret : secrets) {
            assertThat(everything).noneMatch(text -> text.contains(secret));
        }
    }

    private FaultSwitch down() {
        FaultSwitch faults = FaultSwitch.on(store);
        faults.goDown();
        return faults;
    }

    private void see(Throwable raised) {
        assertThat(raised).isNotNull();
        StringWriter text = new StringWriter();
        raised.printStackTrace(new PrintWriter(text)); // the text is searched, with every cause
        seen.add(text.toString());
    }
}
