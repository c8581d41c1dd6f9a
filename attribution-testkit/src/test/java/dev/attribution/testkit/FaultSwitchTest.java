package dev.attribution.testkit;

import static dev.attribution.testkit.AttributionAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.ReportFilter;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AttributionExtension.class)
class FaultSwitchTest {
    private static final Offer OFFER = Offer.builder("spring-sale")
            .trackingLink("https://google.com?sub1={gk_click_id}")
            .build();

    private ClickId click;

    @BeforeEach
    void clickOnAnOffer(Attribution attribution) {
        attribution.offers().put(OFFER);
        click = attribution.click(ClickRequest.of("spring-sale", "member-7")).clickId();
    }

    /** What a host does on a transient fault. */
    private static PostbackOutcome withOneRetry(Attribution attribution, String postback) {
        try {
            return attribution.postback(postback);
        } catch (StorageException e) {
            if (!e.isTransient()) {
                throw e;
            }
            return attribution.postback(postback);
        }
    }

    @Test
    void storesNothingBeforeTheCommitSoThatARetryWins(Attribution attribution, FaultSwitch faults) {
        faults.failBeforeCommit(1);

        PostbackOutcome outcome =
                withOneRetry(attribution, PostbackBuilder.forClick(click).url());

        assertThat(outcome).isAttributed().toMember("member-7");
        assertThat(attribution).hasCreditedOnce(click).hasOutcomes(click, Kind.ATTRIBUTED);
    }

    @Test
    void storesEverythingAfterTheCommitSoThatARetryIsADuplicate(Attribution attribution, FaultSwitch faults) {
        faults.failAfterCommit(1);

        PostbackOutcome outcome =
                withOneRetry(attribution, PostbackBuilder.forClick(click).url());

        assertThat(outcome).isDuplicate().toMember("member-7");
        assertThat(outcome.httpAnswer().status()).isEqualTo(200);
        assertThat(attribution).hasCreditedOnce(click).hasOutcomes(click, Kind.ATTRIBUTED, Kind.DUPLICATE);
    }

    @Test
    void countsTheCallsThatWriteFromNowOn(Attribution attribution, FaultSwitch faults) {
        faults.failBeforeCommit(2);
        faults.failAfterCommit(3);
        ClickRequest request = ClickRequest.of("spring-sale", "member-8");

        attribution.click(request);
        assertThatThrownBy(() -> attribution.click(request)).isInstanceOf(StorageException.class);
        assertThat(attribution.reports().clicks(ReportFilter.all(), 10).rows()).hasSize(2);
        assertThatThrownBy(() -> attribution.offers().put(OFFER)).isInstanceOf(StorageException.class);
        attribution.click(request);
        assertThat(attribution.reports().clicks(ReportFilter.all(), 10).rows()).hasSize(3);
    }

    @Test
    void countsAClickWhoseOfferIsKnownAsOneCallThatWrites(Attribution attribution, FaultSwitch faults) {
        faults.failBeforeCommit(1);

        assertThatThrownBy(() -> faults.insertIfUnchanged(Map.of())).isInstanceOf(StorageException.class);
        assertThat(faults.insertIfUnchanged(Map.of())).isEmpty();
        faults.failBeforeCommit(1);
        assertThatThrownBy(() -> attribution.click(ClickRequest.of("spring-sale", "member-8")))
                .isInstanceOf(StorageException.class);
    }

    @Test
    void failsEveryCallWhileItIsDown(Attribution attribution, FaultSwitch faults) {
        faults.goDown();
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> attribution.offers().put(OFFER),
                () -> attribution.offers().find("spring-sale"),
                () -> attribution.click(ClickRequest.of("spring-sale", "member-7")),
                () -> attribution.postback("gk_click_id=" + click),
                () -> attribution.postback("gk_click_id="),
                () -> faults.conversions().facts(List.of()),
                () -> faults.conversions().append(List.of()),
                () -> faults.clicks().insert(List.of()),
                () -> attribution.reports().clicks(ReportFilter.all(), 1),
                () -> attribution.reports().conversions(ReportFilter.all(), 1),
                () -> attribution.reports().history(ReportFilter.all(), 1),
                () -> attribution.reports().summary(LocalDate.EPOCH, LocalDate.EPOCH, ZoneOffset.UTC))) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.isTransient()).isTrue());
        }

        faults.comeBack();
        assertThat(attribution.postback("gk_click_id=" + click)).isAttributed();
        assertThat(attribution).hasOutcomes(click, Kind.ATTRIBUTED);
    }

    @Test
    void keepsWhatWasSetWhileItWasDown(Attribution attribution, FaultSwitch faults) {
        faults.failBeforeCommit(1);
        faults.goDown();
        assertThatThrownBy(() -> attribution.offers().put(OFFER)).hasMessageContaining("down");
        faults.comeBack();

        assertThatThrownBy(() -> attribution.offers().put(OFFER)).hasMessageContaining("before its commit");
        attribution.offers().put(OFFER);
    }

    @Test
    void leavesItToTheStoreBehindItWhetherCallsAreCombined() {
        FaultSwitch faults = FaultSwitch.on(new ForwardingStore(new InMemoryAttributionStore()) {
            @Override
            public int maxConcurrentInserts() {
                return 2;
            }

            @Override
            public int maxConcurrentAppends() {
                return 3;
            }
        });

        assertThat(faults.clicks().maxConcurrentInserts()).isEqualTo(2);
        assertThat(faults.conversions().maxConcurrentAppends()).isEqualTo(3);
    }

    @Test
    void countsFromOne(FaultSwitch faults) {
        assertThatIllegalArgumentException().isThrownBy(() -> faults.failBeforeCommit(0));
        assertThatIllegalArgumentException().isThrownBy(() -> faults.failAfterCommit(-1));
    }
}
