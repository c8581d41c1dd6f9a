package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.AttributionException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickFlag;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.repair.RepairStep.Result;
import dev.attribution.report.ReportFilter;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlaggedClickTest extends BehaviourTest {
    private Click flagged() {
        Click click = new Click(
                        ClickIdGenerator.timeOrdered().next(), OFFER, MEMBER, clock.instant(), ClickContext.empty())
                .with(ClickFlag.of("crawler"));
        attribution.importClicks(List.of(click));
        return click;
    }

    private static String named(Click click, String more) {
        return "gk_click_id=" + click.clickId() + more;
    }

    @Test
    void isNotCreditedUntilAnOperatorClearsTheFlagAndReplays() {
        putOffer();
        Click click = flagged();

        PostbackOutcome outcome = attribution.postback(named(click, "&payout=2"));

        assertThat(outcome.kind()).isEqualTo(Kind.REJECTED);
        assertThat(outcome.reason()).contains(Reason.CLICK_NOT_CREDITABLE);
        assertThat(outcome.httpAnswer().status()).isEqualTo(422);
        assertThat(history())
                .singleElement()
                .satisfies(entry -> assertThat(entry.notes()).contains("the click was flagged by the rule crawler"));
        assertThat(attribution.trace(click.clickId()).click()).contains(click);

        Click cleared = attribution.clearFlag(click.clickId());

        assertThat(cleared).isEqualTo(click.withFlagCleared(clock.instant()));
        assertThat(attribution.clearFlag(click.clickId())).isEqualTo(cleared);
        assertThat(credits()).isZero();
        ReportFilter refused =
                ReportFilter.builder().reason(Reason.CLICK_NOT_CREDITABLE).build();
        assertThat(attribution.replay(refused).run(step -> {}).count(Result.CREDITED))
                .isOne();
        assertThat(attribution.replay(refused).run(step -> {}).count(Result.CREDITED))
                .isZero();
        assertThat(credits()).isOne();
        assertThat(history())
                .filteredOn(entry -> entry.origin() == Origin.REPLAYED)
                .extracting(entry -> entry.kind())
                .containsExactly(Kind.ATTRIBUTED);
        assertThat(attribution.postback(named(click, "&payout=2")).kind()).isEqualTo(Kind.DUPLICATE);
    }

    @Test
    void takesNoPlaceByAListOrARaceOrAPendingPostbackEither() throws Exception {
        putOffer(DuplicatePolicy.allowRepeatConversions());
        Click click = flagged();

        List<PostbackOutcome> outcomes = attribution.postbacks(
                List.of(named(click, "&transaction_id=1"), named(click, "&transaction_id=2&status=pending")));
        List<PostbackOutcome> raced =
                atOnce(attribution, List.of(named(click, "&transaction_id=3"), named(click, "&transaction_id=4")));

        assertThat(outcomes)
                .extracting(outcome -> outcome.reason().orElseThrow())
                .containsOnly(Reason.CLICK_NOT_CREDITABLE);
        assertThat(raced)
                .extracting(outcome -> outcome.reason().orElseThrow())
                .containsOnly(Reason.CLICK_NOT_CREDITABLE);
        assertThat(credits()).isZero();
    }

    @Test
    void countsOncePerMemberAndOfferLikeAnyOtherClickOnceItIsCleared() {
        putOffer(DuplicatePolicy.onePerMemberAndOffer());
        Click click = flagged();
        assertThat(attribution.postback(named(click, "")).reason()).contains(Reason.CLICK_NOT_CREDITABLE);
        assertThat(attribution.postback(postback(click())).kind()).isEqualTo(Kind.ATTRIBUTED);

        attribution.clearFlag(click.clickId());

        assertThat(attribution.postback(named(click, "")).kind()).isEqualTo(Kind.DUPLICATE);
    }

    @Test
    void isReversedAndReservesLikeAnyOther() {
        putOffer();
        Click click = flagged();

        assertThat(attribution
                        .postback(named(click, "&transaction_id=1&status=reversed"))
                        .reason())
                .contains(Reason.NOTHING_TO_REVERSE);
        attribution.clearFlag(click.clickId());

        assertThat(attribution.postback(named(click, "&transaction_id=1")).reason())
                .contains(Reason.CONVERSION_REVERSED);
    }

    @Test
    void isTheOnlyKindOfClickThatCanBeCleared() {
        putOffer();
        Click counts = attribution.trace(click().clickId()).click().orElseThrow();

        assertThat(attribution.clearFlag(counts.clickId())).isEqualTo(counts);
        assertThatThrownBy(() -> attribution.clearFlag(ClickIdGenerator.random().next()))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("No click has the id");
    }
}
