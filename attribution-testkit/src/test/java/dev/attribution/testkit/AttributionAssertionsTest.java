package dev.attribution.testkit;

import static dev.attribution.testkit.AttributionAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AttributionExtension.class)
class AttributionAssertionsTest {
    private Attribution attribution;
    private ClickId click;
    private PostbackOutcome first;
    private PostbackOutcome second;
    private PostbackOutcome rejected;
    private PostbackOutcome unattributed;

    @BeforeEach
    void settlePostbacks(Attribution given) {
        attribution = given;
        attribution
                .offers()
                .put(Offer.builder("spring-sale")
                        .trackingLink("https://google.com?sub1={gk_click_id}")
                        .build());
        click = attribution.click(ClickRequest.of("spring-sale", "member-7")).clickId();
        first = attribution.postback(PostbackBuilder.forClick(click)
                .event("win")
                .payout("4.50", "USD")
                .url());
        second = attribution.postback(PostbackBuilder.forClick(click).url());
        rejected = attribution.postback(
                PostbackBuilder.forClick(click).offer("other").url());
        unattributed =
                attribution.postback(PostbackBuilder.forClick("{gk_click_id}").url());
    }

    @Test
    void readLikeTheDomain() {
        assertThat(first)
                .isAttributed()
                .toMember("member-7")
                .onOffer("spring-sale")
                .forEvent("win")
                .withPayout("4.5", "USD");
        assertThat(second).isDuplicateOf(first).because(Reason.ALREADY_CREDITED).toMember("member-7");
        assertThat(second).isDuplicateOf(second);
        assertThat(rejected).isRejected().because(Reason.OFFER_MISMATCH);
        assertThat(unattributed).isUnattributed().because(Reason.UNEXPANDED_MACRO);
        assertThat(attribution)
                .hasCreditedOnce(click)
                .hasCredited(click, 1)
                .hasNotCredited(ClickIds.number(2))
                .hasOutcomes(click, Kind.ATTRIBUTED, Kind.DUPLICATE, Kind.REJECTED);
    }

    @Test
    void printTheTraceWhenTheyFail() {
        for (ThrowingCallable failing : new ThrowingCallable[] {
            () -> assertThat(first).isDuplicate(),
            () -> assertThat(first).isDuplicateOf(second),
            () -> assertThat(first).isRejected(),
            () -> assertThat(first).isUnattributed(),
            () -> assertThat(first).because(Reason.TOO_EARLY),
            () -> assertThat(first).toMember("member-8"),
            () -> assertThat(first).onOffer("other"),
            () -> assertThat(first).forEvent("lose"),
            () -> assertThat(first).withPayout("4.51", "USD"),
            () -> assertThat(first).withPayout("4.50", "EUR"),
            () -> assertThat(first).withPayout("4.50", "no currency"),
            () -> assertThat(second).isAttributed(),
            () -> assertThat(second).isDuplicateOf(unattributed),
            () -> assertThat(second).because(Reason.TRANSACTION_ALREADY_COUNTED),
            () -> assertThat(rejected).toMember("member-7"),
            () -> assertThat(attribution).hasNotCredited(click),
            () -> assertThat(attribution).hasCredited(click, 2),
            () -> assertThat(attribution).hasOutcomes(click, Kind.ATTRIBUTED)
        }) {
            assertThatThrownBy(failing)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll(
                            "Expected the ",
                            "Trace of " + click + ":",
                            "click      2026-03-01T12:00:00Z on spring-sale by member-7",
                            "postback   2026-03-01T12:00:00Z ATTRIBUTED gk_click_id=" + click + "&event_id=win",
                            "DUPLICATE ALREADY_CREDITED",
                            "conversion 2026-03-01T12:00:00Z APPROVED "
                                    + first.conversionId().orElseThrow() + " to member-7 for win with 4.50 USD");
        }
    }

    @Test
    void followAConversionThroughItsLife() {
        ClickId held =
                attribution.click(ClickRequest.of("spring-sale", "member-8")).clickId();
        PostbackOutcome pending = say(held, "pending");
        assertThat(pending).isHeld().withStatus(ConversionStatus.PENDING).toMember("member-8");
        assertThat(attribution).hasNotCredited(held).hasStatuses(held, ConversionStatus.PENDING);
        PostbackOutcome approved = say(held, "approved");
        assertThat(approved)
                .isAdjusted(ConversionStatus.PENDING, ConversionStatus.APPROVED)
                .isAboutSameConversionAs(pending)
                .withStatus(ConversionStatus.APPROVED)
                .toMember("member-8");
        assertThat(attribution).hasCreditedOnce(held);
        assertThat(say(held, "approved")).isDuplicateOf(approved).withStatus(ConversionStatus.APPROVED);
        assertThat(say(held, "reversed")).isAdjusted(ConversionStatus.APPROVED, ConversionStatus.REVERSED);
        assertThat(attribution)
                .hasNotCredited(held)
                .hasStatuses(held, ConversionStatus.REVERSED)
                .hasStatuses(ClickIds.number(9));

        for (ThrowingCallable failing : new ThrowingCallable[] {
            () -> assertThat(approved).isHeld(),
            () -> assertThat(pending).isAttributed(),
            () -> assertThat(pending).isAdjusted(ConversionStatus.PENDING, ConversionStatus.APPROVED),
            () -> assertThat(approved).isAdjusted(ConversionStatus.PENDING, ConversionStatus.REVERSED),
            () -> assertThat(approved).isAdjusted(ConversionStatus.APPROVED, ConversionStatus.APPROVED),
            () -> assertThat(approved).withStatus(ConversionStatus.PENDING),
            () -> assertThat(approved).isAboutSameConversionAs(unattributed),
            () -> assertThat(attribution).hasCreditedOnce(held),
            () -> assertThat(attribution).hasStatuses(held, ConversionStatus.APPROVED)
        }) {
            assertThatThrownBy(failing)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll(
                            "Expected the ",
                            "Trace of " + held + ":",
                            "HELD gk_click_id=",
                            "ADJUSTED PENDING to APPROVED gk_click_id=",
                            "ADJUSTED APPROVED to REVERSED gk_click_id=",
                            " to member-8 in transaction 1");
        }
        assertThatThrownBy(() -> assertThat(first).isAboutSameConversionAs(pending))
                .hasMessageContaining(
                        "about the conversion " + pending.conversionId().orElseThrow());
        assertThatThrownBy(() -> assertThat(approved).isAdjusted(ConversionStatus.PENDING, ConversionStatus.REVERSED))
                .hasMessageContaining("to be ADJUSTED from PENDING to REVERSED, but it was Adjusted[");
    }

    private PostbackOutcome say(ClickId clickId, String status) {
        return attribution.postback(PostbackBuilder.forClick(clickId)
                .transaction("1")
                .status(status)
                .url());
    }

    @Test
    void printTheNewestHistoryWhereThereIsNoClick() {
        assertThatThrownBy(() -> assertThat(unattributed).isAttributed())
                .hasMessageContainingAll(
                        "to be ATTRIBUTED", "UNEXPANDED_MACRO", "The newest history:", "%7Bgk_click_id%7D");
        assertThatThrownBy(() -> assertThat(attribution).hasCreditedOnce(ClickIds.number(9)))
                .hasMessageContaining("no such click");
    }

    @Test
    void takeTheTraceFromTheAttributionThatIsNamed() {
        Attribution elsewhere =
                Attribution.builder(new InMemoryAttributionStore()).build();

        assertThatThrownBy(() -> assertThat(first).from(elsewhere).isRejected()).hasMessageContaining("no such click");
    }

    @Test
    void printTheTraceOnAThreadThatTheTestStarted() {
        Throwable thrown = CompletableFuture.supplyAsync(
                        () -> catchThrowable(() -> assertThat(first).isRejected()))
                .join();

        assertThat(thrown).hasMessageContaining("Trace of " + click + ":");
    }

    @Test
    void sayWhyThereIsNoTrace(FaultSwitch faults) {
        faults.goDown();

        assertThatThrownBy(() -> assertThat(first).isRejected())
                .hasMessageContaining("No trace: The test made the store");
        assertThatCode(() -> assertThat(first).isAttributed()).doesNotThrowAnyException();
    }
}
