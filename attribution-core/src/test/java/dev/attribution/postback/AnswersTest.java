package dev.attribution.postback;

import static dev.attribution.postback.Schemes.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.postback.Answers.AnswerClass;
import dev.attribution.postback.PostbackOutcome.Attributed;
import dev.attribution.postback.PostbackOutcome.Duplicate;
import dev.attribution.postback.PostbackOutcome.Rejected;
import dev.attribution.postback.PostbackOutcome.Unattributed;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private static final ClickId CLICK = ClickId.parse(Schemes.CLICK);
    private static final Conversion CONVERSION = Conversion.builder(UUID.randomUUID())
            .attemptId(UUID.randomUUID())
            .credits(CLICK, "o", "m")
            .convertedAt(Instant.EPOCH.plusSeconds(1))
            .build();
    private static final PostbackOutcome DONE = new Attributed(CONVERSION);
    private static final PostbackOutcome REPLAY = new Duplicate(CONVERSION, Reason.ALREADY_CREDITED);
    private static final PostbackOutcome REFUSED = new Rejected(
            new Click(CLICK, "o", "m", Instant.EPOCH.plusSeconds(1), ClickContext.empty()), Reason.OUTSIDE_WINDOW);
    private static final PostbackOutcome FORGED = new Unattributed(Reason.NOT_AUTHENTIC);
    private static final PostbackOutcome UNKNOWN = new Unattributed(Reason.UNKNOWN_CLICK_ID);

    private static PostbackRequest call(String query) {
        return PostbackRequest.get("https://e.com/?" + query).build();
    }

    private static String text(HttpAnswer answer) {
        return answer.status() + " " + answer.body();
    }

    @Test
    void answersByStatus() {
        Answers answers = Answers.byStatus();

        assertThat(text(answers.to(DONE, call("")))).isEqualTo("200 ATTRIBUTED");
        assertThat(text(answers.to(REPLAY, call("")))).isEqualTo("200 DUPLICATE ALREADY_CREDITED");
        assertThat(text(answers.to(REFUSED, call("")))).isEqualTo("422 REJECTED OUTSIDE_WINDOW");
        assertThat(text(answers.to(FORGED, call("")))).isEqualTo("403 UNATTRIBUTED NOT_AUTHENTIC");
        assertThat(text(answers.to(UNKNOWN, call("")))).isEqualTo("404 UNATTRIBUTED UNKNOWN_CLICK_ID");
        assertThat(text(answers.unavailable(call("")))).isEqualTo("503 UNAVAILABLE");
        assertThat(answers.to(DONE, call("")).headers())
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("Content-Type", "text/plain; charset=utf-8");
    }

    @Test
    void answersByBody() {
        Answers answers = Answers.byBody("OK", reason -> reason == Reason.ALREADY_CREDITED ? "DUP" : "NO");

        assertThat(text(answers.to(DONE, call("")))).isEqualTo("200 OK");
        assertThat(text(answers.to(REPLAY, call("")))).isEqualTo("200 DUP");
        assertThat(text(answers.to(REFUSED, call("")))).isEqualTo("200 NO");
        assertThat(text(answers.unavailable(call("")))).isEqualTo("503 UNAVAILABLE");
        assertThatThrownBy(() -> Answers.byBody("OK", reason -> null).to(REPLAY, call("")))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void answersEachClassInItsOwnWay() {
        Answers answers = Answers.byBody("OK", reason -> "NO")
                .on(AnswerClass.DONE, 200, "1")
                .on(AnswerClass.REPLAY, 200, "2")
                .on(AnswerClass.REFUSED, 400, "3")
                .on(AnswerClass.NOT_AUTHENTIC, 401, "4")
                .on(AnswerClass.UNAVAILABLE, 500, "5");

        assertThat(List.of(
                        text(answers.to(DONE, call(""))),
                        text(answers.to(REPLAY, call(""))),
                        text(answers.to(REFUSED, call(""))),
                        text(answers.to(UNKNOWN, call(""))),
                        text(answers.to(FORGED, call(""))),
                        text(answers.unavailable(call("")))))
                .containsExactly("200 1", "200 2", "400 3", "400 3", "401 4", "500 5");
        for (int status : List.of(200, 204, 399, 600, 199)) {
            assertThatThrownBy(() -> answers.on(AnswerClass.UNAVAILABLE, status, ""))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void echoesAParameterEncodedAndBounded() {
        Answers answers =
                Answers.byBody("{eventId}:OK", reason -> "{eventId}:" + reason).echoing("eventId");

        assertThat(answers.to(DONE, call("eventId=ev-1")).body()).isEqualTo("ev-1:OK");
        assertThat(answers.to(DONE, call("eventId=%3Cscript%3E%0D%0A{eventId}")).body())
                .isEqualTo("%3Cscript%3E%0D%0A%7BeventId%7D:OK");
        assertThat(answers.to(DONE, call("")).body()).isEqualTo(":OK");
        assertThat(answers.to(DONE, call("eventId=a&eventId=a")).body()).isEqualTo(":OK");
        assertThat(answers.to(DONE, call("eventId=" + "a".repeat(256))).body()).isEqualTo(":OK");
        assertThat(answers.to(DONE, call("eventId=" + "a".repeat(255))).body()).hasSize(258);
        assertThat(answers.to(FORGED, call("eventId=ev-1")).body()).isEqualTo(":NOT_AUTHENTIC");
        assertThat(answers.to(
                                DONE,
                                PostbackRequest.post("/", "application/x-www-form-urlencoded", bytes("eventId=x"))
                                        .build())
                        .body())
                .isEqualTo("x:OK");
        assertThat(Answers.byBody("{eventId}", reason -> "")
                        .to(DONE, call("eventId=x"))
                        .body())
                .isEqualTo("{eventId}");
        assertThatThrownBy(() -> Caller.named("a")
                        .parameter(PostbackParameter.CLICK_ID, "c")
                        .verifier(PostbackVerifier.sharedSecret("Token", "0123456789abcdef"))
                        .answers(Answers.byStatus().echoing("token"))
                        .build())
                .isInstanceOf(InvalidCallerException.class)
                .hasMessageContaining("echoed");
    }

    @Test
    void anotherMethodIsAnsweredWith405() {
        PostbackRequest head =
                PostbackRequest.of("HEAD", "/", null, new byte[0]).build();
        PostbackOutcome malformed = new Unattributed(Reason.MALFORMED_POSTBACK);

        assertThat(Answers.byStatus().to(malformed, head).status()).isEqualTo(405);
        assertThat(Answers.byStatus().to(malformed, head).headers()).containsEntry("Allow", "GET, POST");
        assertThat(Answers.byBody("OK", reason -> "NO").to(malformed, head).status())
                .isEqualTo(405);
        assertThat(Answers.byStatus().to(malformed, call("")).status()).isEqualTo(400);
    }

    @Test
    void answersAListAsDoneIfOneIs() {
        Answers answers = Answers.byStatus();

        assertThat(answers.to(List.of(REFUSED, REPLAY, DONE), call("")).body()).isEqualTo("ATTRIBUTED");
        assertThat(answers.to(List.of(REFUSED, REPLAY), call("")).status()).isEqualTo(200);
        assertThat(answers.to(List.of(UNKNOWN, REFUSED), call("")).status()).isEqualTo(404);
        assertThatThrownBy(() -> answers.to(List.of(), call(""))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAnswerHoldsNoLineBreakInAHeader() {
        assertThatThrownBy(() -> new HttpAnswer(200, Map.of("a", "b\r\nc: d"), ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HttpAnswer(200, Map.of("", "b"), "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Answers.byStatus().on(AnswerClass.DONE, 99, ""))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
