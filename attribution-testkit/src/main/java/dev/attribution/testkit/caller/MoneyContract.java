package dev.attribution.testkit.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.report.Trace;
import dev.attribution.testkit.MovableClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is credited, kept and answered. */
abstract class MoneyContract extends CallerSentences {
    private final Attribution attribution;

    MoneyContract(CallerContract contract) {
        super(contract);
        attribution = Attribution.builder(new InMemoryAttributionStore())
                .clock(MovableClock.at(contract.now()))
                .build();
    }

    private ClickId click() {
        attribution
                .offers()
                .put(Offer.builder("any")
                        .trackingLink("https://www.example.com/?id={gk_click_id}")
                        .build());
        return attribution.click(ClickRequest.of("any", "member-7")).clickId();
    }

    private PostbackOutcome fire(PostbackRequest call) {
        return attribution.from(caller()).postback(call);
    }

    private List<ConversionStatus> statuses(ClickId clickId) {
        return attribution.trace(clickId).conversions().stream()
                .map(Conversion::status)
                .toList();
    }

    @Test
    @DisplayName("money 1: an approved call credits its click once, however often it comes")
    void creditsOnce() {
        assumeTrue(contract.approves(), "approves() returned false");
        ClickId click = click();
        PostbackRequest call = contract.sign(contract.message(click, TRANSACTION));
        fire(call);
        fire(call);
        fire(contract.sign(contract.message(click, TRANSACTION)));
        assertThat(statuses(click)).containsExactly(ConversionStatus.APPROVED);
    }

    @Test
    @DisplayName("money 2: a call that is not authentic credits nothing")
    void creditsNoForgery() {
        needsVerifier();
        ClickId click = click();
        RequestParts call = RequestParts.of(contract.sign(contract.message(click, TRANSACTION)));
        for (SignaturePlace place : placesOrAbort()) {
            fire(with(call, place).build());
            fire(with(call, place, "1".repeat(Math.max(1, value(call, place).length())))
                    .build());
        }
        assertThat(statuses(click)).isEmpty();
    }

    @Test
    @DisplayName("money 3: a status that nobody maps credits nothing")
    void creditsNoUnknownStatus() {
        ClickId click = click();
        Optional<PostbackRequest> message = contract.unknownStatus(click, TRANSACTION);
        assumeTrue(message.isPresent(), "unknownStatus(…) returned empty");
        fire(contract.sign(message.get()));
        assertThat(statuses(click)).isEmpty();
    }

    @Test
    @DisplayName("money 4: a test call credits nothing")
    void creditsNoTestCall() {
        ClickId click = click();
        Optional<PostbackRequest> message = contract.testCall(click, TRANSACTION);
        assumeTrue(message.isPresent(), "testCall(…) returned empty");
        fire(contract.sign(message.get()));
        assertThat(statuses(click)).isEmpty();
    }

    @Test
    @DisplayName("money 5: a reversal takes the credit of its transaction back, in whatever order the two come")
    void takesBack() {
        ClickId click = click();
        Optional<PostbackRequest> message = contract.reversal(click, TRANSACTION);
        assumeTrue(message.isPresent(), "reversal(…) returned empty");
        fire(contract.sign(contract.message(click, TRANSACTION)));
        fire(contract.sign(message.get()));
        assertThat(statuses(click)).containsExactly(ConversionStatus.REVERSED);

        ClickId other = click();
        contract.reversal(other, TRANSACTION).ifPresent(reversal -> fire(contract.sign(reversal)));
        fire(contract.sign(contract.message(other, TRANSACTION)));
        assertThat(statuses(other)).doesNotContain(ConversionStatus.APPROVED);
    }

    @Test
    @DisplayName("secrecy 1: no secret and no signature is in the history or in a text of the caller")
    void keepsNoSecret() {
        needsVerifier();
        ClickId click = click();
        RequestParts call = RequestParts.of(contract.sign(contract.message(click, TRANSACTION)));
        List<String> secrets = new ArrayList<>(contract.secrets());
        List<PostbackRequest> calls = new ArrayList<>(List.of(call.build(), call.build()));
        for (SignaturePlace place : secretPlaces()) {
            String right = value(call, place);
            secrets.addAll(List.of(right, RequestParts.decoded(right)));
            calls.add(with(call, place, right + "x").build());
        }
        assumeTrue(!secrets.isEmpty(), "secrets() returned none, and the calls have no signature");
        List<Object> texts = new ArrayList<>(List.of(
                caller(), caller().verifier(), call.build(), caller().answers().unavailable(call.build())));
        for (PostbackRequest one : calls) {
            PostbackOutcome outcome = fire(one);
            texts.add(outcome);
            texts.add(caller().read(one));
            texts.add(caller().answers().to(outcome, one));
        }
        Trace trace = attribution.trace(click);
        for (HistoryEntry entry : trace.history()) {
            texts.addAll(List.of(entry, entry.query(), entry.body(), entry.notes()));
        }
        assertThat(trace.history()).isNotEmpty();
        assertThat(texts).allSatisfy(text -> assertThat(text.toString()).doesNotContain(secrets));
    }

    @Test
    @DisplayName("answer 1: a call that was credited and its repeat are answered so that the caller stops")
    void stopsWhenDone() {
        PostbackRequest call = contract.sign(contract.message(click(), TRANSACTION));
        for (String what : List.of("the credit", "its repeat")) {
            HttpAnswer answer = caller().answers().to(fire(call), call);
            assertThat(contract.stops(answer))
                    .as("whether the caller stops upon the answer to %s", what)
                    .isTrue();
        }
    }

    @Test
    @DisplayName("answer 2: an outage is answered with a status from 400 upon which the caller calls again")
    void repeatsAfterAnOutage() {
        assumeTrue(contract.callsAgain(), "callsAgain() returned false");
        PostbackRequest call = contract.sign(message());
        HttpAnswer answer = caller().answers().unavailable(call);
        assertThat(answer.status()).isGreaterThanOrEqualTo(400);
        assertThat(contract.stops(answer))
                .as("whether the caller stops upon the answer to an outage")
                .isFalse();
    }
}
