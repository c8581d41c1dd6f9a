package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.Severity;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Attributed;
import dev.attribution.postback.PostbackOutcome.Duplicate;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParser;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.Reason;
import dev.attribution.report.ReportFilter;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PostbackBehaviourTest extends BehaviourTest {
    private static final String SECRET = "correct horse battery";

    @Test
    void creditsTheClickAndItsMember() {
        putOffer();
        Redirect redirect = click();
        clock.moveBy(Duration.ofMinutes(5));

        PostbackOutcome outcome = attribution.postback(
                postback(redirect) + "&transaction_id=t-1&payout=0012.50&currency=EUR&unknown=kept");

        assertThat(outcome).isInstanceOf(Attributed.class);
        Conversion conversion = ((Attributed) outcome).conversion();
        assertThat(conversion.clickId()).isEqualTo(redirect.clickId());
        assertThat(conversion.offerId()).isEqualTo(OFFER);
        assertThat(conversion.memberId()).isEqualTo(MEMBER);
        assertThat(conversion.eventId()).contains("win_10_games");
        assertThat(conversion.transactionId()).contains("t-1");
        assertThat(conversion.payout()).contains(new BigDecimal("12.50"));
        assertThat(conversion.currency()).contains(Currency.getInstance("EUR"));
        assertThat(conversion.convertedAt()).isEqualTo(clock.instant());
        assertThat(outcome.httpAnswer().status()).isEqualTo(200);
        assertThat(attribution.reports().conversions(ReportFilter.all(), 10).rows())
                .containsExactly(conversion);
        HistoryEntry entry = history().get(0);
        assertThat(entry.attemptId()).isEqualTo(conversion.attemptId());
        assertThat(entry.conversionId()).isEqualTo(outcome.conversionId());
        assertThat(entry.severity()).isEqualTo(Severity.INFO);
        assertThat(entry.query())
                .isEqualTo(query(
                        redirect, "event_id=win_10_games&transaction_id=t-1&payout=0012.50&currency=EUR&unknown=kept"));
        assertThat(entry.offerId()).contains(OFFER);
        assertThat(entry.memberId()).contains(MEMBER);
    }

    @Test
    void keepsAmountsExactly() {
        for (String payout : List.of("1.50", "1.5", "0", "-0", "12345678901234567890.123456789012345678")) {
            putOffer();
            Redirect redirect = click();

            attribution.postback(query(redirect, "payout=" + payout));

            assertThat(attribution.trace(redirect.clickId()).conversions())
                    .singleElement()
                    .satisfies(c -> assertThat(c.payout()).contains(new BigDecimal(payout)));
        }
    }

    @Test
    void answersAReplayAsTheOriginalWas() {
        putOffer();
        Redirect redirect = click();
        PostbackOutcome first = attribution.postback(postback(redirect));

        for (int i = 0; i < 3; i++) {
            clock.moveBy(Duration.ofDays(400));
            PostbackOutcome replay = attribution.postback(postback(redirect));

            assertThat(replay).isInstanceOf(Duplicate.class);
            assertThat(((Duplicate) replay).original()).isEqualTo(((Attributed) first).conversion());
            assertThat(replay.conversionId()).isEqualTo(first.conversionId());
            assertThat(replay.reason()).contains(Reason.ALREADY_CREDITED);
            assertThat(replay.httpAnswer().status()).isEqualTo(200);
        }
        assertThat(credits()).isOne();
        assertThat(history())
                .extracting(HistoryEntry::kind)
                .containsExactly(Kind.DUPLICATE, Kind.DUPLICATE, Kind.DUPLICATE, Kind.ATTRIBUTED);
    }

    @Test
    void acceptsAClickIdInEitherCase() {
        putOffer();
        Redirect redirect = click();
        String shouted = redirect.clickId().value().toUpperCase(Locale.ROOT);

        assertThat(attribution.postback("gk_click_id=" + shouted).kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(attribution.trace(redirect.clickId()).history())
                .singleElement()
                .satisfies(entry -> assertThat(entry.receivedClickId()).contains(shouted));
    }

    private void assertEndsAs(Attribution attribution, String postback, Reason reason) {
        List<HistoryEntry> before = history();

        PostbackOutcome outcome = attribution.postback(postback);

        assertThat(outcome.reason()).as(postback).contains(reason);
        assertThat(outcome.kind()).isEqualTo(reason.kind());
        assertThat(outcome.httpAnswer().status()).isEqualTo(reason.httpStatus());
        List<HistoryEntry> added = new ArrayList<>(history());
        added.removeAll(before);
        assertThat(added).hasSize(1);
        HistoryEntry entry = added.get(0);
        assertThat(entry.reason()).contains(reason);
        assertThat(entry.severity()).isEqualTo(Severity.of(outcome.kind(), reason));
        clock.moveBy(Duration.ofMillis(1));
    }

    @Test
    void endsEveryPostbackWithTheFirstReasonOfTheTable() {
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink(LINK)
                        .attributionWindow(Duration.ofDays(7))
                        .acceptedEvents("win")
                        .build());
        Attribution guarded = Attribution.builder(store)
                .clock(clock)
                .verifier(PostbackVerifier.sharedSecret("token", SECRET))
                .build();
        String secret = "&token=" + SECRET.replace(' ', '+');
        Redirect first = click();
        Redirect second = click();
        String unknown = UUID.randomUUID().toString();
        String wrongAll = "&offer_id=other&member_id=other&event_id=lose";

        assertEndsAs(guarded, query(first, "gk_click_id=" + second.clickId()), Reason.MALFORMED_POSTBACK);
        assertEndsAs(guarded, "gk_click_id=&x=" + "y".repeat(PostbackParser.MAX_LENGTH), Reason.MALFORMED_POSTBACK);
        assertEndsAs(guarded, "gk_click_id=", Reason.NOT_AUTHENTIC);
        assertEndsAs(guarded, query(first, "token=wrong"), Reason.NOT_AUTHENTIC);
        assertEndsAs(guarded, query(first, "token=a" + secret), Reason.NOT_AUTHENTIC);
        assertEndsAs(guarded, "event_id=win" + secret, Reason.MISSING_CLICK_ID);
        assertEndsAs(guarded, "gk_click_id=" + secret, Reason.MISSING_CLICK_ID);
        assertEndsAs(guarded, "gk_click_id=%20+" + secret, Reason.MISSING_CLICK_ID);
        assertEndsAs(guarded, "GK_CLICK_ID=" + first.clickId() + secret, Reason.MISSING_CLICK_ID);
        assertEndsAs(guarded, "gk_click_id={gk_click_id}" + secret, Reason.UNEXPANDED_MACRO);
        assertEndsAs(guarded, "gk_click_id=1-1-1-1-1" + secret, Reason.MALFORMED_CLICK_ID);
        assertEndsAs(guarded, "gk_click_id=" + first.clickId() + "x" + secret, Reason.MALFORMED_CLICK_ID);
        assertEndsAs(guarded, "gk_click_id=" + unknown + wrongAll + secret, Reason.UNKNOWN_CLICK_ID);
        assertEndsAs(guarded, query(first, wrongAll + secret), Reason.OFFER_MISMATCH);
        assertEndsAs(guarded, query(first, "offer_id=Spring-Sale" + secret), Reason.OFFER_MISMATCH);
        assertEndsAs(
                guarded,
                query(first, "offer_id=" + OFFER + "&member_id=other&event_id=lose" + secret),
                Reason.MEMBER_MISMATCH);
        assertEndsAs(guarded, query(first, "event_id=lose" + secret), Reason.EVENT_NOT_ACCEPTED);
        assertEndsAs(guarded, query(first, secret), Reason.EVENT_NOT_ACCEPTED);
        assertThat(credits()).isZero();

        assertThat(guarded.postback(query(first, "event_id=win&transaction_id=t" + secret))
                        .kind())
                .isEqualTo(Kind.ATTRIBUTED);
        clock.moveBy(Duration.ofDays(8));
        assertEndsAs(guarded, query(first, wrongAll + secret), Reason.OFFER_MISMATCH);
        assertEndsAs(
                guarded, query(first, "event_id=lose&transaction_id=t" + secret), Reason.TRANSACTION_ALREADY_COUNTED);
        assertEndsAs(guarded, query(first, "event_id=lose&transaction_id=u" + secret), Reason.ALREADY_CREDITED);
        assertEndsAs(guarded, query(second, "event_id=lose" + secret), Reason.EVENT_NOT_ACCEPTED);
        assertEndsAs(guarded, query(second, "event_id=win" + secret), Reason.OUTSIDE_WINDOW);
        clock.moveBy(Duration.ofDays(-9));
        assertEndsAs(guarded, query(second, "event_id=win" + secret), Reason.TOO_EARLY);
        assertThat(credits()).isOne();
    }

    @Test
    void countsTheLastInstantOfTheWindowAndNoneAfterIt() {
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink(LINK)
                        .attributionWindow(Duration.ofHours(1))
                        .minimumDelay(Duration.ofSeconds(10))
                        .build());
        Redirect late = click();
        Redirect inTime = click();
        Redirect early = click();
        clock.moveBy(Duration.ofSeconds(10).minusNanos(1_000));
        assertThat(attribution.postback(postback(early)).reason()).contains(Reason.TOO_EARLY);
        clock.moveBy(Duration.ofNanos(1_000));
        assertThat(attribution.postback(postback(early)).kind()).isEqualTo(Kind.ATTRIBUTED);
        clock.moveBy(Duration.ofHours(1).minusSeconds(10));
        assertThat(attribution.postback(postback(inTime)).kind()).isEqualTo(Kind.ATTRIBUTED);
        clock.moveBy(Duration.ofNanos(1_000));
        assertThat(attribution.postback(postback(late)).reason()).contains(Reason.OUTSIDE_WINDOW);
    }

    @Test
    void requiresATransactionIdWhereTheOfferDoes() {
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink(LINK)
                        .duplicatePolicy(DuplicatePolicy.allowRepeatConversions())
                        .requireTransactionId()
                        .build());
        Redirect redirect = click();

        assertThat(attribution.postback(query(redirect, "transaction_id=")).reason())
                .contains(Reason.TRANSACTION_ID_REQUIRED);
        assertThat(attribution
                        .postback(query(redirect, "transaction_id=transaction_id"))
                        .reason())
                .contains(Reason.TRANSACTION_ID_REQUIRED);
        assertThat(attribution.postback(query(redirect, "transaction_id=1")).kind())
                .isEqualTo(Kind.ATTRIBUTED);
        assertThat(attribution.postback(query(redirect, "transaction_id=1")).reason())
                .contains(Reason.TRANSACTION_ALREADY_COUNTED);
    }

    @Test
    void countsAnUnusualTransactionIdOnceInEveryMode() {
        putOffer(DuplicatePolicy.allowRepeatConversions());
        for (String transaction : List.of(
                "%7B3F2504E0-4F89-11D3-9A0C-0305E82C3301%7D",
                "%7BAF2504E0-4F89-11D3-9A0C-0305E82C3301%7D", "[1234]", "(1)", "%231%23", "x".repeat(255))) {
            Redirect redirect = click();

            PostbackOutcome first = attribution.postback(query(redirect, "transaction_id=" + transaction));
            PostbackOutcome replay = attribution.postback(query(redirect, "transaction_id=" + transaction));

            assertThat(first.kind()).as(transaction).isEqualTo(Kind.ATTRIBUTED);
            assertThat(replay.reason()).as(transaction).contains(Reason.TRANSACTION_ALREADY_COUNTED);
        }
        assertThat(attribution
                        .postback(query(click(), "transaction_id=" + "x".repeat(256)))
                        .reason())
                .contains(Reason.MALFORMED_POSTBACK);
    }

    @Test
    void neverLetsAnOptionalParameterCostTheCredit() {
        putOffer();
        Redirect redirect = click();

        PostbackOutcome outcome = attribution.postback(query(
                redirect,
                "event_id={event}&transaction_id=+&offer_id=(offer)&member_id=&payout=12,50&currency=Euro&event_id="));

        assertThat(outcome.kind()).isEqualTo(Kind.ATTRIBUTED);
        Conversion conversion = ((Attributed) outcome).conversion();
        assertThat(conversion.eventId()).isEmpty();
        assertThat(conversion.transactionId()).isEmpty();
        assertThat(conversion.payout()).isEmpty();
        assertThat(conversion.currency()).isEmpty();
        assertThat(history().get(0).notes()).hasSizeGreaterThanOrEqualTo(6);
    }

    @Test
    void finishesOnAnyText() {
        putOffer();
        Redirect redirect = click();
        Random random = new Random(7);
        StringBuilder junk = new StringBuilder();
        for (int i = 0; i < 1_000_000; i++) {
            junk.append((char) random.nextInt(0x10000));
        }
        List<String> texts = List.of(
                "",
                "?",
                "&&&===",
                "%",
                "gk_click_id=%",
                "gk_click_id=%e",
                "gk_click_id=%ff%fe",
                "gk_click_id=\uD83D",
                "gk_click_id=a\u0000b",
                "gk_click_id=%00",
                "\u0000",
                "gk_click_id=" + redirect.clickId() + "\u0000",
                "https://",
                "http://?#",
                "https://api.example.com/postback#?gk_click_id=" + redirect.clickId(),
                "gk_click_id=" + "%41".repeat(100_000),
                "&".repeat(1_000_000),
                "=".repeat(1_000_000),
                "%".repeat(1_000_000),
                "{".repeat(1_000_000),
                "gk_click_id=" + "{".repeat(8_000),
                "https://x/?" + "#a".repeat(300_000),
                junk.toString());

        List<PostbackOutcome> outcomes = attribution.postbacks(texts);

        assertThat(outcomes).hasSameSizeAs(texts).allMatch(outcome -> outcome.kind() == Kind.UNATTRIBUTED);
        assertThat(history()).hasSameSizeAs(texts);
        assertThat(history()).allMatch(entry -> entry.query().length() <= PostbackParser.MAX_LENGTH);
        assertThat(history().stream().filter(HistoryEntry::truncated)).hasSize(6);
        assertThat(credits()).isZero();
    }

    @Test
    void findsAMalformedClickIdInTheHistoryAsItWasReceived() {
        for (String received : List.of("1-1-1-1-1", "a b", "%7Bx", "nul\u0000nul", "\uD83D\uDE00", "x".repeat(300))) {
            attribution.postback("gk_click_id=" + URLEncoder.encode(received, StandardCharsets.UTF_8));

            assertThat(attribution
                            .reports()
                            .history(ReportFilter.builder().clickId(received).build(), 10)
                            .rows())
                    .as(received)
                    .hasSize(1);
        }
        assertThat(attribution
                        .reports()
                        .history(ReportFilter.builder().clickId("A b").build(), 10)
                        .rows())
                .isEmpty();
    }

    @Test
    void settlesAListAsItWouldOneAfterTheOther() {
        putOffer();
        Redirect a = click();
        Redirect b = click();

        List<PostbackOutcome> outcomes = attribution.postbacks(
                List.of(postback(a), "nonsense", postback(b), postback(a), postback(b), postback(a)));

        assertThat(outcomes)
                .extracting(PostbackOutcome::kind)
                .containsExactly(
                        Kind.ATTRIBUTED,
                        Kind.UNATTRIBUTED,
                        Kind.ATTRIBUTED,
                        Kind.DUPLICATE,
                        Kind.DUPLICATE,
                        Kind.DUPLICATE);
        assertThat(outcomes.get(5).conversionId()).isEqualTo(outcomes.get(0).conversionId());
        assertThat(outcomes.get(4).conversionId()).isEqualTo(outcomes.get(2).conversionId());
        assertThat(history()).hasSize(6);
        assertThat(attribution.postbacks(List.of())).isEmpty();
    }

    @Test
    void settlesAListLongerThanOneBatch() {
        putOffer();
        List<String> postbacks = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            String postback = postback(click());
            postbacks.add(postback);
            postbacks.add(postback);
            postbacks.add(postback);
        }
        Collections.shuffle(postbacks, new Random(3));

        List<PostbackOutcome> outcomes = attribution.postbacks(postbacks);

        assertThat(count(outcomes, Kind.ATTRIBUTED)).isEqualTo(700);
        assertThat(count(outcomes, Kind.DUPLICATE)).isEqualTo(1_400);
        assertThat(credits()).isEqualTo(700);
        assertThat(history()).hasSize(2_100);
    }

    @Test
    void readsAMissingQueryAsAPostbackWithoutAClickId() {
        assertThat(attribution.postback((String) null).reason()).contains(Reason.MISSING_CLICK_ID);
        assertThat(history()).hasSize(1);
    }

    @Test
    void judgesAClickWhoseOfferIsGoneWithoutItsTerms() {
        Attribution withOffer = Attribution.builder(store)
                .clock(clock)
                .offers(ids ->
                        Map.of(OFFER, Offer.builder(OFFER).trackingLink(LINK).build()))
                .build();
        Redirect redirect = withOffer.click(ClickRequest.of(OFFER, MEMBER));
        Attribution withoutOffer =
                Attribution.builder(store).clock(clock).offers(ids -> Map.of()).build();

        assertThat(withoutOffer.postback(postback(redirect)).kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(history().get(0).notes()).anyMatch(note -> note.contains("offer"));
    }
}
