package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.SpeculativeClickException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickFlag;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.ClickScreen;
import dev.attribution.click.Redirect;
import dev.attribution.click.ScreenVerdict;
import dev.attribution.listener.AttributionListener;
import dev.attribution.listener.WrittenBatch;
import dev.attribution.listener.WrittenBatch.BatchContent;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.ReportFilter;
import dev.attribution.testkit.Race;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class ScreenedClickTest extends BehaviourTest {
    private static final ClickRequest REQUEST = ClickRequest.of(OFFER, MEMBER);

    @Test
    void storesNothingOfASpeculativeRequestAndOneClickAfterwards() {
        putOffer();
        ClickRequest prefetch = REQUEST.withHeader("Sec-Purpose", "prefetch;prerender");

        assertThatThrownBy(() -> attribution.click(prefetch))
                .isInstanceOfSatisfying(SpeculativeClickException.class, refused -> {
                    assertThat(refused.rule()).isEqualTo("sec-purpose");
                    assertThat(HttpAnswer.of(refused).status()).isEqualTo(503);
                    assertThat(HttpAnswer.of(refused).headers()).containsEntry("Cache-Control", "no-store");
                });
        assertThat(clicks()).isEmpty();
        Redirect redirect = attribution.click(REQUEST);

        assertThat(clicks()).extracting(Click::clickId).containsExactly(redirect.clickId());
        assertThat(attribution.postback(postback(redirect)).kind()).isEqualTo(Kind.ATTRIBUTED);
    }

    @Test
    void storesAHeadWithItsFlagAndRedirectsIt() {
        putOffer();
        Redirect redirect = attribution.click(REQUEST.withMethod("HEAD"));

        assertThat(redirect.location().toString()).contains(redirect.clickId().value());
        assertThat(clicks())
                .singleElement()
                .satisfies(click -> assertThat(click.flag()).contains(ClickFlag.of("head")));
        assertThat(attribution.postback(postback(redirect)).reason()).contains(Reason.CLICK_NOT_CREDITABLE);
        attribution.clearFlag(redirect.clickId());
        assertThat(attribution.postback(postback(redirect)).kind()).isEqualTo(Kind.ATTRIBUTED);
    }

    @Test
    void answersAPostWith303() {
        putOffer();

        assertThat(attribution.click(REQUEST.withMethod("POST")).status()).isEqualTo(303);
        assertThat(attribution.click(REQUEST).status()).isEqualTo(302);
        assertThat(attribution.click(REQUEST).status())
                .as("of an offer that was seen")
                .isEqualTo(302);
    }

    @Test
    void asksTheScreenOfTheApplicationAndTellsTheListener() throws InterruptedException {
        putOffer();
        List<String> told = new CopyOnWriteArrayList<>();
        List<WrittenBatch> batches = new CopyOnWriteArrayList<>();
        ClickScreen own = request ->
                request.memberId().equals("robot") ? ScreenVerdict.flagged("own.rule") : ScreenVerdict.counts();
        Attribution screened = Attribution.builder(store)
                .clock(clock)
                .screen(ClickScreen.standard().then(own))
                .executor(Runnable::run)
                .listener(new AttributionListener() {
                    @Override
                    public void speculative(String rule) {
                        told.add(rule);
                    }

                    @Override
                    public void written(WrittenBatch batch) {
                        batches.add(batch);
                    }
                })
                .build();

        assertThatThrownBy(() -> screened.click(REQUEST.withHeader("X-Moz", "prefetch")))
                .isInstanceOf(SpeculativeClickException.class);
        assertThatThrownBy(() -> screened.clickAsync(REQUEST.withHeader("X-Moz", "prefetch"))
                        .toCompletableFuture()
                        .get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(SpeculativeClickException.class);
        Redirect flagged = screened.click(ClickRequest.of(OFFER, "robot"));
        assertThat(told).containsExactly("x-moz", "x-moz");
        assertThat(store.clicks()
                        .find(List.of(flagged.clickId()))
                        .get(flagged.clickId())
                        .flag())
                .contains(ClickFlag.of("own.rule"));
        Redirect counted = screened.click(REQUEST);
        Race.run(8, i -> screened.postback(postback(counted)));
        screened.postbacks(List.of("gk_click_id=x", "gk_click_id=y"));

        assertThat(batches)
                .filteredOn(batch -> batch.content() == BatchContent.CLICKS)
                .extracting(WrittenBatch::size)
                .containsExactly(1, 1);
        assertThat(batches)
                .filteredOn(batch -> batch.content() == BatchContent.POSTBACKS)
                .satisfies(some -> assertThat(some.stream()
                                .mapToInt(batch -> batch.size() - batch.retried())
                                .sum())
                        .isGreaterThanOrEqualTo(10))
                .allSatisfy(batch -> assertThat(batch.size()).isPositive());
        assertThat(screened.waitingClicks()).isZero();
        assertThat(screened.waitingPostbacks()).isZero();
    }

    private List<Click> clicks() {
        return attribution.reports().clicks(ReportFilter.all(), 100).rows();
    }
}
