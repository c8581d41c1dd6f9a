package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.KeyUnavailableException;
import dev.attribution.UnknownCallerException;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.CallKey;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Answers;
import dev.attribution.postback.BodyReader;
import dev.attribution.postback.BodyReader.BodyField;
import dev.attribution.postback.Caller;
import dev.attribution.postback.Coverage;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.Reason;
import dev.attribution.repair.RepairStep;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.CallerRepository;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class CallerBehaviourTest extends BehaviourTest {
    private static final byte[] KEY = "the key of the wall".getBytes(StandardCharsets.UTF_8);
    private static final String URL = "https://api.example.com/pb?sub1=";
    private static final String SECRET = "a-secret-of-16-or-more";

    private static Caller.Builder named(String name) {
        return Caller.named(name)
                .parameter(PostbackParameter.CLICK_ID, "sub1")
                .parameter(PostbackParameter.TRANSACTION_ID, "tx");
    }

    private static Caller offerwall() {
        return named("offerwall")
                .verifier(PostbackVerifier.hmac("HmacSHA256", KEY)
                        .ofUrlBefore("hash")
                        .inParameter("hash"))
                .answers(Answers.byBody("OK", reason -> "DUP"))
                .build();
    }

    private static PostbackRequest signed(String url) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
            String hash = HexFormat.of().formatHex(mac.doFinal(url.getBytes(StandardCharsets.UTF_8)));
            return PostbackRequest.get(url + "&hash=" + hash).build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void settlesTheCallsOfACaller() {
        putOffer();
        Redirect redirect = click();
        Attribution wall = attribution.from(offerwall());
        PostbackRequest call = signed(URL + redirect.clickId() + "&tx=T1");

        PostbackOutcome first = wall.postback(call);
        PostbackOutcome again = wall.postback(call);

        assertThat(first.kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(again.kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(again.conversionId()).isEqualTo(first.conversionId());
        assertThat(wall.caller().answers().to(first, call).body()).isEqualTo("OK");
        assertThat(wall.caller().answers().to(again, call).body()).isEqualTo("DUP");
        assertThat(history())
                .hasSize(2)
                .allMatch(entry -> entry.query().equals("sub1=" + redirect.clickId() + "&tx=T1&hash=*"));
    }

    @Test
    void nothingIsToldAboutAClickBeforeTheCallIsAuthentic() {
        putOffer();
        Redirect redirect = click();
        Attribution wall = attribution.from(offerwall());

        for (String url : List.of(
                URL + redirect.clickId() + "&tx=T1&hash=00",
                URL + redirect.clickId() + "&tx=T1",
                URL + "00000000-0000-4000-8000-000000000000&hash=00",
                URL + "&hash=00",
                URL + "x&hash=00")) {
            assertThat(wall.postback(PostbackRequest.get(url).build()).reason()).contains(Reason.NOT_AUTHENTIC);
        }
        String right = signed(URL + redirect.clickId()).url();
        assertThat(wall.postback(PostbackRequest.get(right + "&tx=T2").build()).reason())
                .contains(Reason.NOT_AUTHENTIC);
        assertThat(history().get(0).notes()).contains("not authentic: after-signature");
        assertThat(credits()).isZero();
    }

    @Test
    void onlyGetAndPostMoveMoney() {
        putOffer();
        Redirect redirect = click();
        for (String method : List.of("HEAD", "PUT", "DELETE", "OPTIONS", "get", "")) {
            PostbackRequest call = PostbackRequest.of(
                            method, "/pb?gk_click_id=" + redirect.clickId(), null, new byte[0])
                    .build();
            PostbackOutcome outcome = attribution.postback(call);

            assertThat(outcome.reason()).contains(Reason.MALFORMED_POSTBACK);
            assertThat(attribution.caller().answers().to(outcome, call).status())
                    .isEqualTo(405);
        }
        assertThat(credits()).isZero();
        PostbackRequest form = PostbackRequest.post(
                        "/pb",
                        "application/x-www-form-urlencoded",
                        ("gk_click_id=" + redirect.clickId()).getBytes(StandardCharsets.UTF_8))
                .build();
        assertThat(attribution.postback(form).kind()).isEqualTo(Kind.ATTRIBUTED);
    }

    @Test
    void aVerifierThatFailsIsAnExceptionAndNothingIsWritten() throws Exception {
        putOffer();
        Redirect redirect = click();
        PostbackRequest call =
                PostbackRequest.get(URL + redirect.clickId() + "&token=x").build();
        Caller noKey = named("a")
                .verifier(PostbackVerifier.sharedSecret("token", () -> {
                    throw new IllegalStateException("vault");
                }))
                .build();
        Caller broken = named("a")
                .verifier(((PostbackVerifier) (request, at) -> {
                            throw new IllegalStateException("broken");
                        })
                        .covering(Coverage.everything()))
                .build();
        Attribution async = Attribution.builder(store).executor(Runnable::run).build();

        assertThatThrownBy(() -> attribution.from(noKey).postback(call)).isInstanceOf(KeyUnavailableException.class);
        assertThatThrownBy(() -> attribution.from(noKey).postbacks(call)).isInstanceOf(KeyUnavailableException.class);
        assertThatThrownBy(() -> attribution.from(broken).postback(call)).hasMessage("broken");
        assertThatThrownBy(() -> async.from(noKey)
                        .postbackAsync(call)
                        .toCompletableFuture()
                        .get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(KeyUnavailableException.class);
        assertThat(noKey.answers().unavailable(call).status()).isEqualTo(503);
        assertThat(history()).isEmpty();
    }

    @Test
    void findsACallerByItsNameEachTime() {
        putOffer();
        Redirect redirect = click();
        List<Caller> callers = new ArrayList<>();
        CallerRepository repository = name ->
                callers.stream().filter(caller -> caller.name().equals(name)).findFirst();
        Attribution host =
                Attribution.builder(store).clock(clock).callers(repository).build();

        assertThatThrownBy(() -> host.from("offerwall")).isInstanceOf(UnknownCallerException.class);
        callers.add(offerwall());
        assertThat(host.from("offerwall")
                        .postback(signed(URL + redirect.clickId()))
                        .kind())
                .isEqualTo(Kind.ATTRIBUTED);
        assertThat(host.from("standard").caller()).isEqualTo(Caller.standard());
        assertThat(host.from("offerwall").on(store).caller().name()).isEqualTo("offerwall");
        assertThatThrownBy(() -> CallerRepository.of(offerwall(), offerwall()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void settlesAllMessagesOfARequest() {
        putOffer();
        Redirect one = click();
        Redirect two = click();
        BodyReader lines = request -> new String(request.body(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> List.of(new BodyField("sub1", line)))
                .toList();
        Caller caller = named("a").bodies(lines).build();
        PostbackRequest call = PostbackRequest.post(
                        "/pb",
                        "text/plain",
                        (one.clickId() + "\n" + two.clickId() + "\n" + one.clickId() + "\nx")
                                .getBytes(StandardCharsets.UTF_8))
                .build();

        List<PostbackOutcome> outcomes = attribution.from(caller).postbacks(call);

        assertThat(outcomes)
                .extracting(PostbackOutcome::kind)
                .containsExactly(Kind.ATTRIBUTED, Kind.ATTRIBUTED, Kind.DUPLICATE, Kind.UNATTRIBUTED);
        assertThat(caller.answers().to(outcomes, call).status()).isEqualTo(200);
        assertThat(attribution.from(caller).postback(call).reason()).contains(Reason.MALFORMED_POSTBACK);
    }

    @Test
    void theHistoryKeepsCallerAndBody() {
        putOffer();
        Redirect redirect = click();
        Caller caller = named("wall é😀").build();
        String body = "tx=%C3%A9😀&x= 1";
        attribution
                .from(caller)
                .postback(PostbackRequest.post(
                                "/pb?sub1=" + redirect.clickId(),
                                "application/x-www-form-urlencoded; charset=utf-8",
                                body.getBytes(StandardCharsets.UTF_8))
                        .build());
        attribution.postback(query(redirect, "a=b"));

        HistoryEntry entry =
                history(ReportFilter.builder().caller("wall é😀").build()).get(0);
        assertThat(entry.body()).isEqualTo(body);
        assertThat(entry.contentType()).contains("application/x-www-form-urlencoded; charset=utf-8");
        assertThat(entry.caller()).isEqualTo("wall é😀");
        assertThat(history(ReportFilter.builder().caller("standard").build())).hasSize(1);
        assertThat(history(ReportFilter.builder().caller("x").build())).isEmpty();
        assertThat(history(ReportFilter.builder().caller("\0").build())).isEmpty();
        assertThat(history()).hasSize(2);
    }

    @Test
    void aLongBodyIsReadButNotReplayed() {
        putOffer();
        Redirect redirect = click();
        String body = "sub1=00000000-0000-7000-8000-000000000000&x=" + "😀".repeat(9_000);
        attribution
                .from(named("a").build())
                .postback(PostbackRequest.post(
                                "/pb", "application/x-www-form-urlencoded", body.getBytes(StandardCharsets.UTF_8))
                        .build());

        assertThat(history().get(0).reason()).contains(Reason.UNKNOWN_CLICK_ID);
        assertThat(history().get(0).truncated()).isTrue();
        assertThat(history().get(0).body().length()).isLessThanOrEqualTo(HistoryEntry.MAX_BODY);
        assertThat(redirect.clickId()).isNotNull();
    }

    @Test
    void anOfferNamesTheCallersThatItAccepts() {
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink(LINK)
                        .acceptedCallers("offerwall", "é")
                        .build());
        Redirect redirect = click();
        String url = URL + redirect.clickId() + "&tx=T1";

        assertThat(attribution
                        .from(named("other").build())
                        .postback(PostbackRequest.get(url).build())
                        .reason())
                .contains(Reason.CALLER_NOT_ACCEPTED);
        assertThat(attribution.postback(query(redirect, "event_id=a")).reason()).contains(Reason.CALLER_NOT_ACCEPTED);
        assertThat(attribution.postback(query(redirect, "offer_id=other")).reason())
                .contains(Reason.CALLER_NOT_ACCEPTED);
        assertThat(attribution.from(offerwall()).postback(signed(url)).kind()).isEqualTo(Kind.ATTRIBUTED);
        attribution.offers().put(Offer.builder(OFFER).trackingLink(LINK).build());
        assertThat(attribution.postback(query(redirect, "event_id=a")).kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(credits()).isOne();
    }

    @Test
    void aCallIsTheSameIfTransactionAndEventAreTheSameForACallerThatSaysSo() {
        putOffer(DuplicatePolicy.allowRepeatConversions());
        Redirect redirect = click();
        Caller caller = named("events")
                .parameter(PostbackParameter.EVENT_ID, "goal")
                .parameter(PostbackParameter.STATUS, "state")
                .callKey(CallKey.TRANSACTION_ID_AND_EVENT)
                .build();

        List<PostbackOutcome> outcomes = new ArrayList<>();
        for (String call : List.of(
                "tx=T&goal=one",
                "tx=T&goal=two",
                "tx=T", // an event of its own: none
                "tx=T&goal=one",
                "tx=T&goal=two&state=reversed",
                "tx=T&goal=two",
                "tx=T%3Aone", // the border between transaction and event is fixed
                "tx=T&goal=never&state=reversed")) {
            outcomes.add(attribution
                    .from(caller)
                    .postback(PostbackRequest.get(URL + redirect.clickId() + "&" + call)
                            .build()));
        }

        assertThat(outcomes)
                .extracting(outcome -> outcome.kind()
                        + outcome.reason().map(reason -> " " + reason).orElse(""))
                .containsExactly(
                        "ATTRIBUTED",
                        "ATTRIBUTED",
                        "ATTRIBUTED",
                        "DUPLICATE TRANSACTION_ALREADY_COUNTED",
                        "ADJUSTED",
                        "DUPLICATE CONVERSION_REVERSED",
                        "ATTRIBUTED",
                        "REJECTED NOTHING_TO_REVERSE");
        assertThat(outcomes.get(4).conversionId()).isEqualTo(outcomes.get(1).conversionId());
    }

    @Test
    void aReplayJudgesAnEntryByTheCallerOfItsName() {
        List<Caller> callers = new ArrayList<>();
        CallerRepository repository = name ->
                callers.stream().filter(caller -> caller.name().equals(name)).findFirst();
        Attribution host =
                Attribution.builder(store).clock(clock).callers(repository).build();
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink(LINK)
                        .acceptedEvents("none")
                        .build());
        Redirect one = click();
        Redirect two = click();
        Caller caller = named("a").parameter(PostbackParameter.EVENT_ID, "goal").build();
        host.from(caller)
                .postback(PostbackRequest.get(URL + one.clickId() + "&goal=g&gk_click_id=" + two.clickId())
                        .build());
        host.from(caller)
                .postback(PostbackRequest.post(
                                "/pb",
                                "application/x-www-form-urlencoded",
                                ("sub1=" + two.clickId() + "&goal=g").getBytes(StandardCharsets.UTF_8))
                        .build());
        putOffer();
        List<RepairStep> steps = new ArrayList<>();

        host.replay(ReportFilter.all()).run(steps::add);
        assertThat(steps).hasSize(2).allMatch(step -> step.result() == RepairStep.Result.SKIPPED);
        assertThat(steps.get(0).explanation()).contains("No caller has the name 'a'");
        callers.add(caller);
        steps.clear();
        host.replay(ReportFilter.all()).run(steps::add);

        assertThat(steps).hasSize(2).allMatch(step -> step.result() == RepairStep.Result.CREDITED);
        assertThat(attribution.reports().conversions(ReportFilter.all(), 10).rows())
                .extracting(Conversion::clickId)
                .containsExactlyInAnyOrder(one.clickId(), two.clickId());
    }

    @Test
    void whatACallSaysIsHeard() {
        putOffer();
        for (String says :
                List.of("status=rejected", "status=reversed", "payout=-1.50&is_chargeback=1", "status=chargeback")) {
            assertThat(attribution.postback(query(click(), says)).reason())
                    .as(says)
                    .contains(Reason.NOTHING_TO_REVERSE);
        }
        for (String says : List.of("status=3", "status=", "status={status}", "payout=-1,50", "payout=(1.50)")) {
            assertThat(attribution.postback(query(click(), says)).reason())
                    .as(says)
                    .contains(Reason.UNKNOWN_STATUS);
        }
        assertThat(attribution
                        .postback(query(click(), "status=paid&status=reversed"))
                        .reason())
                .contains(Reason.MALFORMED_POSTBACK);
        assertThat(attribution.postback(query(click(), "status=pending")).kind())
                .isEqualTo(Kind.HELD);
        Caller tests = named("a").testCalls("debug", "true").build();
        assertThat(attribution
                        .from(tests)
                        .postback(PostbackRequest.get(URL + click().clickId() + "&debug=true")
                                .build())
                        .reason())
                .contains(Reason.TEST_CALL);
        PostbackOutcome unknownClick = attribution
                .from(tests)
                .postback(PostbackRequest.get(URL + "&debug=true").build());
        assertThat(unknownClick.reason()).contains(Reason.TEST_CALL);
        assertThat(unknownClick.kind()).isEqualTo(Kind.UNATTRIBUTED);
    }

    @Test
    void aReplayJudgesAnUnknownStatusOnceItIsMapped() {
        putOffer();
        Redirect one = click();
        Redirect two = click();
        List<Caller> callers = new ArrayList<>(List.of(named("a")
                .parameter(PostbackParameter.STATUS, "state")
                .status("1", ConversionStatus.APPROVED)
                .build()));
        Attribution host = Attribution.builder(store)
                .clock(clock)
                .callers(name -> callers.stream()
                        .filter(caller -> caller.name().equals(name))
                        .findFirst())
                .build();
        for (String call : List.of(URL + one.clickId() + "&tx=1&state=OK", URL + two.clickId() + "&tx=2&state=BAD")) {
            assertThat(host.from("a")
                            .postback(PostbackRequest.get(call).build())
                            .reason())
                    .contains(Reason.UNKNOWN_STATUS);
        }
        callers.set(
                0,
                named("a")
                        .parameter(PostbackParameter.STATUS, "state")
                        .status("ok", ConversionStatus.APPROVED)
                        .status("bad", ConversionStatus.REVERSED)
                        .build());

        host.replay(ReportFilter.builder().reason(Reason.UNKNOWN_STATUS).build())
                .run(step -> {});

        assertThat(attribution.reports().conversions(ReportFilter.all(), 10).rows())
                .extracting(Conversion::clickId)
                .contains(one.clickId())
                .doesNotContain(two.clickId());
    }

    private List<HistoryEntry> history(ReportFilter filter) {
        return attribution.reports().history(filter, 10).rows();
    }

    @Test
    void noSecretIsInTheHistoryWhereverItWasSent() {
        putOffer();
        Redirect redirect = click();
        List<PostbackVerifier> verifiers = List.of(
                PostbackVerifier.sharedSecret("token", SECRET),
                PostbackVerifier.secretInHeader("Authorization", "Bearer ", SECRET),
                PostbackVerifier.secretInPath(SECRET));
        for (PostbackVerifier verifier : verifiers) {
            Attribution from = attribution.from(named("a").verifier(verifier).build());
            for (String query : List.of(
                    "sub1=" + redirect.clickId() + "&token=" + SECRET,
                    "sub1=" + redirect.clickId() + "&TOKEN=" + SECRET + "&token=" + SECRET + "x",
                    "sub1=&token=" + SECRET + "&token=" + SECRET)) {
                String sent = verifier.secretParameters().isEmpty() ? query.replace(SECRET, "x") : query;
                from.postback(PostbackRequest.post(
                                "https://" + SECRET + "@e.com/" + SECRET + "?" + sent + "#" + SECRET,
                                "application/x-www-form-urlencoded",
                                (sent.contains(SECRET) ? "token=" + SECRET : "").getBytes(StandardCharsets.UTF_8))
                        .header("Authorization", "Bearer " + SECRET)
                        .header("X-" + SECRET, SECRET)
                        .remoteAddress(SECRET)
                        .build());
            }
        }

        assertThat(history()).hasSize(9);
        for (HistoryEntry entry : history()) {
            assertThat(entry.query()
                            + entry.body()
                            + entry.contentType()
                            + entry.caller()
                            + entry.notes()
                            + entry.receivedClickId()
                            + entry.transactionId()
                            + entry)
                    .doesNotContain(SECRET);
        }
    }
}
