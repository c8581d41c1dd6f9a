package dev.attribution.postback;

import static dev.attribution.conversion.ConversionStatus.APPROVED;
import static dev.attribution.conversion.ConversionStatus.PENDING;
import static dev.attribution.conversion.ConversionStatus.REVERSED;
import static dev.attribution.postback.Schemes.CLICK;
import static dev.attribution.postback.Schemes.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.CallKey;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.BodyReader.BodyField;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String SECRET = "0123456789abcdef";
    private static final byte[] KEY = bytes("key");

    private static Caller.Builder offerwall() {
        return Caller.named("offerwall")
                .parameter(PostbackParameter.CLICK_ID, "sub1")
                .parameter(PostbackParameter.TRANSACTION_ID, "tx")
                .parameter(PostbackParameter.EVENT_ID, "goal")
                .parameter(PostbackParameter.PAYOUT, "amount")
                .parameter(PostbackParameter.STATUS, "state");
    }

    private static Postback read(Caller caller, String query) {
        return caller.read(
                PostbackRequest.get("https://e.com/pb?sub1=" + CLICK + query).build());
    }

    private static String status(Caller caller, String query) {
        Postback postback = read(caller, query);
        return postback.problem().map(Reason::name).orElse("")
                + (postback.isTestCall() ? "TEST " : "")
                + postback.status().status().map(ConversionStatus::name).orElse("UNKNOWN")
                + (postback.status().isSaid() ? "" : " by default");
    }

    @Test
    void readsOnlyWhatItMaps() {
        Caller caller = offerwall().status("2", REVERSED).build();
        Postback postback = read(
                caller,
                "&tx=T&goal=g&amount=1.50&state=2&gk_click_id=x&transaction_id=y&status=approved&payout=9&event_id=e&currency=EUR");

        assertThat(postback.clickId()).contains(ClickId.parse(CLICK));
        assertThat(postback.transactionId()).contains("T");
        assertThat(postback.eventId()).contains("g");
        assertThat(postback.payout()).get().hasToString("1.50");
        assertThat(postback.currency()).isEmpty();
        assertThat(postback.status().status()).contains(REVERSED);
        assertThat(postback.caller()).isEqualTo("offerwall");
        assertThat(postback.problem()).isEmpty();
        assertThat(postback.notes()).isEmpty();
        assertThat(read(caller, "&state=approved").status().unknown()).contains("approved");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | APPROVED by default",
                "&status=approved | APPROVED",
                "&status=APPROVED | APPROVED",
                "&status=confirmed | APPROVED",
                "&status=paid | APPROVED",
                "&status=pending | PENDING",
                "&status=Hold | PENDING",
                "&status=reversed | REVERSED",
                "&status=rejected | REVERSED",
                "&status=declined | REVERSED",
                "&status=canceled | REVERSED",
                "&status=cancelled | REVERSED",
                "&status=refunded | REVERSED",
                "&status=chargeback | REVERSED",
                "&status=%63hargeback | REVERSED",
                "&amp;status=reversed | REVERSED",
                "&status=3 | UNKNOWN",
                "&status= | UNKNOWN",
                "&status | UNKNOWN",
                "&status=+ | UNKNOWN",
                "&status={status} | UNKNOWN",
                "&status=%7Bstatus%7D | UNKNOWN",
                "&status=status | UNKNOWN",
                "&status=null | UNKNOWN",
                "&status=approved+ | UNKNOWN",
                "&status=approved&status=approved | APPROVED",
                "&status=approved&status=reversed | MALFORMED_POSTBACKAPPROVED",
                "&status=reversed&status= | MALFORMED_POSTBACKREVERSED",
                "&Status=reversed | APPROVED by default",
                "&payout=-1.50 | REVERSED",
                "&payout=-0 | APPROVED by default",
                "&payout=-0.00 | APPROVED by default",
                "&payout=1.50 | APPROVED by default",
                "&payout=1,50 | APPROVED by default",
                "&payout=$5 | APPROVED by default",
                "&payout={payout} | APPROVED by default",
                "&payout=(payout) | APPROVED by default",
                "&payout= | APPROVED by default",
                "&payout=- | APPROVED by default",
                "&payout=(null) | APPROVED by default",
                "&payout=abc-def | APPROVED by default",
                "&payout=-abc | UNKNOWN",
                "&payout=-Infinity | UNKNOWN",
                "&payout=1-5 | APPROVED by default",
                "&payout=1.50+(EUR) | APPROVED by default",
                "&payout=1.50+- | UNKNOWN",
                "&payout=%EF%BC%881.50) | UNKNOWN",
                "&payout=1e-5 | APPROVED by default",
                "&payout=-1,50 | UNKNOWN",
                "&payout=+-1.50 | UNKNOWN",
                "&payout=%E2%88%921.50 | UNKNOWN",
                "&payout=%E2%80%931.50 | UNKNOWN",
                "&payout=%EF%BC%8D1.50 | UNKNOWN",
                "&payout=(1.50) | UNKNOWN",
                "&payout=$-5 | UNKNOWN",
                "&payout=-$5 | UNKNOWN",
                "&payout=USD+-5 | UNKNOWN",
                "&payout=1.50- | UNKNOWN",
                "&payout=%E2%80%8B-1.50 | UNKNOWN",
                "&payout=--1 | UNKNOWN",
                "&payout=-1e3 | UNKNOWN",
                "&payout=-1.50&status=approved | REVERSED",
                "&payout=-1,50&status=approved | UNKNOWN",
                "&payout=-1,50&status=reversed | REVERSED",
                "&payout=-1.50&status=x | REVERSED",
                "&payout=1.50&payout=-1.50 | MALFORMED_POSTBACKAPPROVED by default",
                "&payout=1.50&status=pending | PENDING",
                "&payout=-1.50&status=pending | REVERSED"
            })
    void theStatusOfTheStandardCallerFailsClosed(String query, String status) {
        Postback postback = PostbackParser.parse("gk_click_id=" + CLICK + query);

        assertThat(postback.problem().map(Reason::name).orElse("")
                        + postback.status().status().map(ConversionStatus::name).orElse("UNKNOWN")
                        + (postback.status().isSaid() ? "" : " by default"))
                .isEqualTo(status);
    }

    @Test
    void theHighestSignCounts() {
        Caller caller = offerwall()
                .status("1", APPROVED)
                .status("hold", PENDING)
                .statusWhen("is_chargeback", "1", REVERSED)
                .noSign("is_chargeback", "0")
                .statusWhen("type", "lead", PENDING)
                .testCalls("debug", "true")
                .noSign("debug", "false")
                .build();

        assertThat(status(caller, "")).isEqualTo("APPROVED by default");
        assertThat(status(caller, "&state=1")).isEqualTo("APPROVED");
        assertThat(status(caller, "&state=1&is_chargeback=1")).isEqualTo("REVERSED");
        assertThat(status(caller, "&state=1&is_chargeback=0")).isEqualTo("APPROVED");
        assertThat(status(caller, "&state=hold&is_chargeback=0")).isEqualTo("PENDING");
        assertThat(status(caller, "&is_chargeback=0")).isEqualTo("APPROVED by default");
        assertThat(status(caller, "&state=1&is_chargeback=2")).isEqualTo("UNKNOWN");
        assertThat(status(caller, "&state=1&is_chargeback=")).isEqualTo("UNKNOWN");
        assertThat(status(caller, "&state=1&is_chargeback={x}")).isEqualTo("UNKNOWN");
        assertThat(status(caller, "&state=9&is_chargeback=1")).isEqualTo("REVERSED");
        assertThat(status(caller, "&state=hold&type=LEAD")).isEqualTo("PENDING");
        assertThat(status(caller, "&state=1&type=lead")).isEqualTo("APPROVED");
        assertThat(status(caller, "&state=1&debug=TRUE")).isEqualTo("TEST APPROVED");
        assertThat(status(caller, "&debug=true")).isEqualTo("TEST APPROVED by default");
        assertThat(status(caller, "&state=1&debug=false")).isEqualTo("APPROVED");
        assertThat(status(caller, "&state=hold&debug=false")).isEqualTo("PENDING");
        assertThat(status(caller, "&state=1&debug=maybe")).isEqualTo("UNKNOWN");
        assertThat(status(caller, "&state=1&debug=")).isEqualTo("UNKNOWN");
        assertThat(status(caller, "&state=1&debug=true&debug=false")).isEqualTo("MALFORMED_POSTBACKTEST APPROVED");
        assertThat(status(caller, "&state=1&is_chargeback=0&is_chargeback=1")).startsWith("MALFORMED_POSTBACK");
        assertThat(status(caller, "&state=approved")).as("not its word").isEqualTo("UNKNOWN");
    }

    @Test
    void aCallerDeclaresTheRest() {
        Caller reversals = offerwall().everyCallIs(REVERSED).build();
        Caller others = offerwall().status("1", APPROVED).otherWords(PENDING).build();
        Caller absent = offerwall().whenAbsent(PENDING).build();
        Caller refunds = offerwall().negativePayoutIsNoSign().build();

        assertThat(status(reversals, "")).isEqualTo("REVERSED");
        assertThat(status(reversals, "&state=approved")).isEqualTo("REVERSED");
        assertThat(status(others, "&state=x")).isEqualTo("PENDING");
        assertThat(status(others, "&state=1")).isEqualTo("APPROVED");
        for (String none : List.of("", "+", "{state}", "%7Bstate%7D", "state", "null", "-", "[STATE]", "REPLACE")) {
            assertThat(status(others, "&state=" + none)).as(none).isEqualTo("UNKNOWN");
        }
        assertThat(status(absent, "")).isEqualTo("PENDING by default");
        assertThat(status(absent, "&state=paid")).isEqualTo("APPROVED");
        assertThat(status(refunds, "&amount=-1.50")).isEqualTo("APPROVED by default");
        assertThat(status(refunds, "&amount=-1,50")).isEqualTo("APPROVED by default");
    }

    @Test
    void aCallWithoutARequiredStatusIsUnknown() {
        Caller caller = offerwall()
                .status("1", APPROVED)
                .status("2", REVERSED)
                .statusWhen("flag", "1", APPROVED)
                .statusRequired()
                .build();

        for (String without : List.of("", "&State=1", "&status=1", "&amount=1.50", "&flag=1")) {
            assertThat(status(caller, without)).as(without).isEqualTo("UNKNOWN");
        }
        assertThat(read(caller, "").notes()).anyMatch(note -> note.contains("state is absent"));
        assertThat(status(caller, "&state=1")).isEqualTo("APPROVED");
        assertThat(status(caller, "&state=2")).isEqualTo("REVERSED");
        assertThat(status(caller, "&amount=-1.50")).isEqualTo("REVERSED");
    }

    /** The amounts of a reversal need not all be negative. */
    @Test
    void aSecondAmountReversesWhenItIsNegative() {
        Caller caller =
                offerwall().status("1", APPROVED).reversedWhenNegative("coins").build();

        for (String reversed : List.of("-3", "%2D3", "-0.01", "-3&amount=1.50", "-3&state=1", "-3&state=x")) {
            assertThat(status(caller, "&coins=" + reversed)).as(reversed).isEqualTo("REVERSED");
        }
        for (String nothing : List.of("3", "-0", "", "null", "-", "{coins}", "[COINS]", "1e3", "1,5", "9".repeat(30))) {
            assertThat(status(caller, "&coins=" + nothing)).as(nothing).isEqualTo("APPROVED by default");
        }
        for (String unknown : List.of("-1,50", "(3)", "%E2%88%923", "-1e3", "3-")) {
            assertThat(status(caller, "&coins=" + unknown)).as(unknown).isEqualTo("UNKNOWN");
        }
        assertThat(status(caller, "&coins=3&state=1")).isEqualTo("APPROVED");
        assertThat(status(caller, "&coins=3&coins=-3")).startsWith("MALFORMED_POSTBACK");
        assertThat(read(caller, "&coins=-3").payout()).isEmpty();
    }

    @Test
    void anEventThatServesAsAStatusSaysNothingAboutTheEvent() {
        Caller caller = offerwall()
                .statusWhen("goal", "refund", REVERSED)
                .noSign("goal", "purchase")
                .build();

        assertThat(status(caller, "&goal=refund")).isEqualTo("REVERSED");
        assertThat(read(caller, "&goal=refund").eventId()).isEmpty();
        assertThat(read(caller, "&goal=purchase").eventId()).contains("purchase");
        assertThat(status(caller, "&goal=purchase")).isEqualTo("APPROVED by default");
        assertThat(status(caller, "&goal=other")).isEqualTo("UNKNOWN");
    }

    /** The words of locales with their own cases of letters are compared as in English. */
    @Test
    void comparesWordsWithoutCaseInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            Caller caller = offerwall().status("INVALID", REVERSED).build();

            assertThat(status(caller, "&state=invalid")).isEqualTo("REVERSED");
            assertThat(status(caller, "&state=Invalid")).isEqualTo("REVERSED");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void fieldsOfAFormAreReadAfterTheQuery() {
        Caller caller = offerwall().build();
        PostbackRequest form = PostbackRequest.post(
                        "/pb?sub1=" + CLICK + "&x=1", FORM, bytes("tx=T&state=pending&amount=2.50"))
                .build();
        PostbackRequest both = PostbackRequest.post("/pb?sub1=" + CLICK + "&tx=T", FORM, bytes("tx=U"))
                .build();
        PostbackRequest same = PostbackRequest.post("/pb?sub1=" + CLICK + "&tx=T", FORM, bytes("tx=T"))
                .build();
        PostbackRequest json = PostbackRequest.post("/pb?sub1=" + CLICK, "application/json", bytes("{}"))
                .build();

        Postback postback = caller.read(form);
        assertThat(postback.transactionId()).contains("T");
        assertThat(postback.status().status()).contains(PENDING);
        assertThat(postback.body()).isEqualTo("tx=T&state=pending&amount=2.50");
        assertThat(postback.contentType()).contains(FORM);
        assertThat(postback.parameter("tx")).containsExactly("T");
        assertThat(caller.read(both).problem()).contains(Reason.MALFORMED_POSTBACK);
        assertThat(caller.read(same).problem()).isEmpty();
        assertThat(caller.read(json).notes()).singleElement().asString().contains("not a form");
    }

    @Test
    void onlyGetAndPostAreRead() {
        for (String method : List.of("HEAD", "PUT", "OPTIONS", "get", "", "DELETE", "PATCH", " GET")) {
            Postback postback = Caller.standard()
                    .read(PostbackRequest.of(method, "gk_click_id=" + CLICK, null, new byte[0])
                            .build());

            assertThat(postback.problem()).as(method).contains(Reason.MALFORMED_POSTBACK);
            assertThat(postback.notes()).singleElement().asString().contains("neither GET nor POST");
        }
    }

    @Test
    void whatWasCutIsMalformed() {
        Caller caller = offerwall().build();
        List<PostbackRequest> cut = List.of(
                PostbackRequest.post("/?sub1=" + CLICK, FORM, new byte[PostbackRequest.MAX_BODY + 1])
                        .build(),
                PostbackRequest.get("/" + "x".repeat(PostbackRequest.MAX_URL) + "?sub1=" + CLICK)
                        .build(),
                PostbackRequest.get("/?sub1=" + CLICK + "&" + "x".repeat(PostbackParser.MAX_LENGTH))
                        .build());
        for (PostbackRequest request : cut) {
            assertThat(caller.read(request).problem()).contains(Reason.MALFORMED_POSTBACK);
            assertThat(caller.read(request).truncated()).isTrue();
        }
    }

    @Test
    void aBodyOfAnotherTypeIsReadByTheApplication() {
        BodyReader lines = request -> new String(request.body(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> List.of(
                        new BodyField("sub1", line.split(",", -1)[0]),
                        new BodyField("tx", line.split(",", -1)[1]),
                        new BodyField("token", SECRET)))
                .toList();
        Caller caller = offerwall()
                .bodies(lines)
                .verifier(PostbackVerifier.sharedSecret("token", SECRET))
                .build();
        PostbackRequest one = PostbackRequest.post("/pb?amount=1", "text/plain", bytes(CLICK + ",A"))
                .build();
        PostbackRequest two = PostbackRequest.post("/pb?amount=1", "text/plain", bytes(CLICK + ",A\nx,B&="))
                .build();
        PostbackRequest none = PostbackRequest.post("/pb?sub1=" + CLICK, "text/plain", bytes(""))
                .build();

        assertThat(caller.read(one).transactionId()).contains("A");
        assertThat(caller.read(one).body()).isEqualTo(CLICK + ",A");
        assertThat(caller.readAll(one)).hasSize(1);
        assertThat(caller.read(two).problem()).contains(Reason.MALFORMED_POSTBACK);
        List<Postback> all = caller.readAll(two);
        assertThat(all)
                .extracting(postback -> postback.transactionId().orElse(""))
                .containsExactly("A", "B&=");
        assertThat(all).extracting(postback -> postback.payout().isPresent()).containsExactly(true, true);
        assertThat(all.get(1).body()).isEqualTo("sub1=x&tx=B%26%3D&token=*");
        Postback again = caller.read(PostbackRequest.post(
                        "?" + all.get(1).query(),
                        all.get(1).contentType().orElseThrow(),
                        bytes(all.get(1).body()))
                .build());
        assertThat(again.transactionId()).contains("B&=");
        assertThat(caller.read(none).problem()).as("an empty body is none").isEmpty();
        Caller unreadable = offerwall().bodies(request -> List.of()).build();
        assertThat(unreadable.read(one).problem()).contains(Reason.MALFORMED_POSTBACK);
        assertThat(unreadable.readAll(one)).hasSize(1);
    }

    @Test
    void masksSecretsAndSignaturesInWhatIsKept() {
        Caller caller = offerwall()
                .verifier(PostbackVerifier.allOf(
                        PostbackVerifier.sharedSecret("token", SECRET),
                        PostbackVerifier.hmac("HmacSHA256", KEY)
                                .ofUrlBefore("hash")
                                .inParameter("hash")))
                .build();
        String query = "sub1=" + CLICK + "&token=" + SECRET + "&TOKEN=" + SECRET + "&%74oken=" + SECRET + "&amp;token="
                + SECRET + "&token=&token&tokens=a&token=" + SECRET + "&+token=" + SECRET + "&hash=abcdef012345";
        Postback postback = caller.read(PostbackRequest.post("/pb?" + query, FORM, bytes("token=" + SECRET + "&a=b"))
                .build());

        assertThat(postback.query())
                .isEqualTo("sub1=" + CLICK
                        + "&token=*&TOKEN=*&%74oken=*&amp;token=*&token=&token&tokens=a&token=*&+token=*&hash=*");
        assertThat(postback.body()).isEqualTo("token=*&a=b");
        assertThat(postback.parameter("token")).doesNotContain(SECRET);
        String cut = "x".repeat(PostbackParser.MAX_LENGTH - 10) + "&token=" + SECRET;
        assertThat(caller.read(PostbackRequest.get("/pb?" + cut).build()).query())
                .endsWith("&token=*");
    }

    @Test
    void theCallKeyHasItsFormInFront() {
        Caller byId = offerwall().build();
        Caller byBoth = offerwall().callKey(CallKey.TRANSACTION_ID_AND_EVENT).build();
        List<String> keys = new ArrayList<>();
        for (String query :
                List.of("&tx=a&goal=b", "&tx=a%3Ab", "&tx=a&goal=%3Ab", "&tx=a", "&tx=a:&goal=b", "&tx=1:a")) {
            keys.add(read(byId, query).callKey().orElseThrow());
            keys.add(read(byBoth, query).callKey().orElseThrow());
        }

        assertThat(read(byId, "&goal=b").callKey()).isEmpty();
        assertThat(read(byBoth, "&goal=b").callKey()).isEmpty();
        assertThat(keys.stream().distinct().toList()).hasSize(4 + 6);
        assertThat(read(byId, "&tx=a&goal=b").callKey()).contains("t:a");
        assertThat(read(byBoth, "&tx=a&goal=b").callKey()).contains("e:1:a:b");
    }

    @Test
    void refusesAContradictionWithAllProblemsAtOnce() {
        Caller.Builder wrong = Caller.named(" ")
                .parameter(PostbackParameter.TRANSACTION_ID, "tx")
                .parameter(PostbackParameter.TRANSACTION_ID, "tid")
                .parameter(PostbackParameter.EVENT_ID, "tx")
                .parameter(PostbackParameter.PAYOUT, "hash")
                .parameter(PostbackParameter.MEMBER_ID, "")
                .status("a", APPROVED)
                .status("A", REVERSED)
                .status(" ", PENDING)
                .statusWhen("tid", "1", REVERSED)
                .testCalls("debug", "1")
                .testCalls("debug", "1")
                .noSign("other", "1")
                .everyCallIs(REVERSED)
                .everyCallIs(APPROVED)
                .whenAbsent(PENDING)
                .unsigned(PostbackParameter.CLICK_ID)
                .callKey(CallKey.TRANSACTION_ID_AND_EVENT)
                .verifier(PostbackVerifier.digest("MD5", bytes("do-not-show"))
                        .of(SignedPart.parameter("id"), SignedPart.secret())
                        .inParameter("HASH"));

        InvalidCallerException problem = catchThrowableOfType(InvalidCallerException.class, wrong::build);

        assertThat(problem.problems())
                .anyMatch(p -> p.contains("its name"))
                .anyMatch(p -> p.contains("CLICK_ID is not mapped"))
                .anyMatch(p -> p.contains("TRANSACTION_ID is mapped twice"))
                .anyMatch(p -> p.contains("'tx' is mapped twice"))
                .anyMatch(p -> p.contains("blank, too long"))
                .anyMatch(p -> p.contains("status word 'A'"))
                .anyMatch(p -> p.contains("status word is blank"))
                .anyMatch(p -> p.contains("STATUS is not"))
                .anyMatch(p -> p.contains("value '1' of 'debug'"))
                .anyMatch(p -> p.contains("noSign is declared for 'other'"))
                .anyMatch(p -> p.contains("two statuses"))
                .anyMatch(p -> p.contains("contradict each other"))
                .anyMatch(p -> p.contains("'HASH' holds a secret"))
                .anyMatch(p -> p.contains("does not cover the parameter 'tx'"))
                .anyMatch(p -> p.contains("does not cover the parameter 'debug'"))
                .anyMatch(p -> p.contains("click id may be unsigned only"));
        assertThat(problem).hasMessageContaining(problem.problems().get(3)).hasMessageNotContaining("do-not-show");
    }

    @Test
    void refusesWhatReadsOneParameterForTwo() {
        assertRefused(offerwall().statusWhen("tx", "1", REVERSED), "'tx' is mapped and cannot");
        assertRefused(offerwall().testCalls("sub1", "1"), "'sub1' is mapped and cannot");
        assertRefused(offerwall().statusWhen("state", "1", REVERSED), "map its words with status");
        assertRefused(offerwall().status("x", REVERSED).noSign("state", "X"), "mapped twice");
        assertRefused(offerwall().statusWhen("a", "x", REVERSED).noSign("a", "X"), "mapped twice");
        assertRefused(offerwall().reversedWhenNegative("amount"), "cannot reverse too");
        assertRefused(offerwall().statusRequired().whenAbsent(PENDING), "contradicts");
        assertRefused(offerwall().statusRequired().everyCallIs(REVERSED), "contradicts");
        assertRefused(
                Caller.named("a").parameter(PostbackParameter.CLICK_ID, "c").statusRequired(), "STATUS is not mapped");
        assertRefused(offerwall().statusWhen("a", "x", REVERSED).reversedWhenNegative("a"), "cannot reverse too");
        assertRefused(offerwall().reversedWhenNegative(" "), "is blank");
        assertRefused(
                offerwall().callKey(CallKey.TRANSACTION_ID_AND_EVENT).statusWhen("goal", "x", REVERSED),
                "cannot be a part of the call key");
        assertRefused(Caller.named("standard").parameter(PostbackParameter.CLICK_ID, "a"), "belongs to");
        assertRefused(Caller.named("x".repeat(65)).parameter(PostbackParameter.CLICK_ID, "a"), "too long");
        assertRefused(offerwall().parameter(PostbackParameter.CURRENCY, "amp;c"), "'&' as in HTML");
        assertThat(offerwall().noSign("state", "n/a").testCalls("state", "test").build())
                .isNotNull();
    }

    private static void assertRefused(Caller.Builder builder, String problem) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(InvalidCallerException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void refusesToReadWhatTheSignatureDoesNotCoverUnlessThatIsAccepted() {
        PostbackVerifier digest = PostbackVerifier.digest("MD5", KEY)
                .ofJoined(":", SignedPart.parameter("sub1"), SignedPart.parameter("tx"), SignedPart.secret())
                .inParameter("sig");
        PostbackVerifier other = PostbackVerifier.digest("MD5", KEY)
                .of(SignedPart.parameter("tx"), SignedPart.secret())
                .inParameter("sig");

        assertRefused(offerwall().verifier(digest), "unsigned(STATUS)");
        assertRefused(offerwall().verifier(digest), "unsigned(EVENT_ID)");
        assertRefused(offerwall().verifier(digest), "unsigned(PAYOUT)");
        Caller.Builder accepted = offerwall()
                .verifier(digest)
                .unsigned(PostbackParameter.STATUS, PostbackParameter.EVENT_ID, PostbackParameter.PAYOUT);
        assertThat(accepted.build().unsigned()).hasSize(3);
        assertRefused(accepted.testCalls("debug", "1"), "unsignedTestCalls()");
        assertThat(accepted.unsignedTestCalls().statusWhen("x", "1", REVERSED).build())
                .isNotNull();
        assertRefused(
                Caller.named("a")
                        .parameter(PostbackParameter.CLICK_ID, "sub1")
                        .statusWhen("x", "1", REVERSED)
                        .verifier(digest),
                "unsigned(STATUS)");
        assertRefused(
                Caller.named("a")
                        .parameter(PostbackParameter.CLICK_ID, "sub1")
                        .reversedWhenNegative("x")
                        .verifier(digest),
                "unsigned(STATUS)");
        assertRefused(
                Caller.named("a")
                        .parameter(PostbackParameter.CLICK_ID, "sub1")
                        .parameter(PostbackParameter.TRANSACTION_ID, "tx")
                        .unsigned(PostbackParameter.CLICK_ID)
                        .verifier(other),
                "secret or an address");
        assertThat(offerwall()
                        .verifier(PostbackVerifier.allOf(other, PostbackVerifier.addresses("203.0.113.0/24")))
                        .build())
                .isNotNull();
        assertThat(offerwall().build().verifier()).isEqualTo(PostbackVerifier.none());
        assertRefused(offerwall().verifier((request, at) -> Verification.authentic()), "does not cover");
        assertThat(offerwall()
                        .verifier(((PostbackVerifier) (request, at) -> Verification.authentic())
                                .covering(Coverage.everything()))
                        .build())
                .isNotNull();
        assertRefused(
                Caller.named("a")
                        .parameter(PostbackParameter.CLICK_ID, "sub1")
                        .parameter(PostbackParameter.EVENT_ID, "goal")
                        .statusWhen("goal", "1", REVERSED)
                        .unsigned(PostbackParameter.EVENT_ID)
                        .verifier(digest),
                "unsigned(STATUS)");
    }

    @Test
    void aParameterInAPlaceThatIsNotCoveredIsNotAuthentic() {
        Caller ofBody = Caller.named("a")
                .parameter(PostbackParameter.CLICK_ID, "sub1")
                .parameter(PostbackParameter.STATUS, "state")
                .verifier(PostbackVerifier.hmac("HmacSHA256", KEY).ofBody().inHeader("S"))
                .build();
        Caller ofUrl = Caller.named("a")
                .parameter(PostbackParameter.CLICK_ID, "sub1")
                .parameter(PostbackParameter.STATUS, "state")
                .verifier(PostbackVerifier.hmac("HmacSHA256", KEY)
                        .ofUrlBefore("h")
                        .inParameter("h"))
                .build();
        String body = "sub1=" + CLICK;
        String ofText = "70d0a2fbe3f6ea2c0c0f4fcf4f5e3bd0";

        assertThat(check(ofBody, "/pb?x=1", body, hmac(body))).isEqualTo("authentic");
        assertThat(check(ofBody, "/pb?state=approved", body, hmac(body))).isEqualTo("uncovered-parameter");
        assertThat(check(ofBody, "/pb?sub1=" + CLICK, body, hmac(body))).isEqualTo("uncovered-parameter");
        assertThat(check(ofBody, "/pb", body, ofText)).isEqualTo("signature");
        String url = "/pb?sub1=" + CLICK;
        assertThat(check(ofUrl, url + "&h=" + hmac(url), "x=1", "")).isEqualTo("authentic");
        assertThat(check(ofUrl, url + "&h=" + hmac(url), "state=approved", "")).isEqualTo("uncovered-parameter");
    }

    private static String check(Caller caller, String url, String body, String signature) {
        PostbackRequest.Builder request = PostbackRequest.post(url, FORM, bytes(body));
        if (!signature.isEmpty()) {
            request.header("S", signature);
        }
        return caller.verify(request.build(), Instant.EPOCH).failedCheck().orElse("authentic");
    }

    private static String hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(bytes(text)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void isEqualByItsDescriptionAndShowsItsName() {
        assertThat(offerwall().build())
                .isEqualTo(offerwall().build())
                .hasSameHashCodeAs(offerwall().build());
        assertThat(offerwall().build())
                .isNotEqualTo(offerwall().status("x", REVERSED).build());
        assertThat(Caller.standard()).isEqualTo(Caller.standard(PostbackVerifier.none()));
        assertThat(offerwall()
                        .verifier(PostbackVerifier.sharedSecret("t", SECRET))
                        .build())
                .hasToString("Caller[offerwall]");
        assertThat(Caller.standard().name()).isEqualTo(Caller.STANDARD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gk_click_id", "status", "payout", "event_id"})
    void theStandardCallerTakesNoVerifierThatReadsAParameterOfIts(String name) {
        assertThatThrownBy(() -> Caller.standard(PostbackVerifier.sharedSecret(name, SECRET)))
                .isInstanceOf(InvalidCallerException.class);
    }

    /** Total: any request gives a postback, and what is kept gives the same postback. */
    @Test
    void whatIsKeptIsReadInTheSameWay() {
        Caller caller = offerwall()
                .statusWhen("flag", "1", REVERSED)
                .testCalls("debug", "1")
                .verifier(PostbackVerifier.sharedSecret("token", SECRET))
                .build();
        String[] parts = {
            "sub1", "tx", "goal", "amount", "state", "flag", "debug", "token", "=", "=", "=", "&", "&", "&", CLICK, "1",
            "-1", "paid", "%", "%7B", "{x}", "amp;", "+", "\0", "é", "\uD800", "#", "?", "/"
        };
        Random random = new Random(5);
        for (int i = 0; i < 50_000; i++) {
            PostbackRequest request = PostbackRequest.post(
                            "https://e.com/?" + text(parts, random), FORM, bytes(text(parts, random)))
                    .build();
            Postback postback = caller.read(request);
            Postback again = caller.read(PostbackRequest.post(
                            "?" + postback.query(), postback.contentType().orElse(null), bytes(postback.body()))
                    .build());

            assertThat(everything(again)).as(request.url()).isEqualTo(everything(postback));
            assertThat(again.query()).isEqualTo(postback.query());
            assertThat(caller.verify(request, Instant.EPOCH)).isNotNull();
        }
    }

    private static String text(String[] parts, Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(14); n > 0; n--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        return text.toString();
    }

    private static List<Object> everything(Postback postback) {
        return List.of(
                postback.problem(),
                postback.clickId(),
                postback.receivedClickId(),
                postback.transactionId(),
                postback.eventId(),
                postback.payout(),
                postback.status(),
                postback.isTestCall(),
                postback.callKey(),
                postback.notes());
    }
}
