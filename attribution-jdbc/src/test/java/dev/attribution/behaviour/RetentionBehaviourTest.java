package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.Retention;
import dev.attribution.StorageException;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.privacy.RetentionResult;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.FactsQuery;
import dev.attribution.testkit.FaultSwitch;
import dev.attribution.testkit.ForwardingStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Old clicks are deleted with what belongs to them, and no credit is forgotten too early. */
class RetentionBehaviourTest extends BehaviourTest {
    private static final String SOLE = "per-member";
    private static final Duration WINDOW = Duration.ofDays(30);
    private static final Duration VALIDATION = Duration.ofDays(60);
    private static final Duration AGE = Duration.ofDays(90);

    @BeforeEach
    void putOffers() {
        put(OFFER, DuplicatePolicy.onePerClickAndMember());
        put(SOLE, DuplicatePolicy.onePerMemberAndOffer());
    }

    private void put(String offerId, DuplicatePolicy policy) {
        attribution
                .offers()
                .put(Offer.builder(offerId)
                        .trackingLink(LINK)
                        .duplicatePolicy(policy)
                        .attributionWindow(WINDOW)
                        .build());
    }

    private Redirect click(String offerId, String memberId) {
        return attribution.click(ClickRequest.of(offerId, memberId));
    }

    private PostbackOutcome postback(Redirect redirect, String more) {
        return attribution.postback("gk_click_id=" + redirect.clickId() + more);
    }

    private Retention retention(int batchSize) {
        return attribution
                .retention()
                .olderThan(AGE)
                .validationTime(VALIDATION)
                .batchSize(batchSize)
                .share(1)
                .build();
    }

    @Test
    void deletesOldClicksAndKeepsWhatIsPendingYoungOrExclusive() {
        List<Redirect> old = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            old.add(click(OFFER, "member-" + i));
            postback(old.get(i), i == 0 ? "&status=pending&transaction_id=t" : "");
            postback(old.get(i), "");
        }
        Redirect sole = click(SOLE, MEMBER);
        Conversion soleCredit = ((PostbackOutcome.Attributed) postback(sole, "")).conversion();
        attribution.postback("gk_click_id=broken");
        clock.moveBy(AGE.minusSeconds(60));
        Redirect young = click(OFFER, MEMBER);
        postback(young, "");
        clock.moveBy(Duration.ofMinutes(2));

        assertThat(retention(4).estimate().clicksByOffer()).isEqualTo(Map.of(OFFER, 9L, SOLE, 1L));
        assertThat(retention(4).estimate().refusals()).isEmpty();
        List<RetentionResult> progress = new ArrayList<>();
        RetentionResult result = retention(4).run(progress::add);

        assertThat(result).isEqualTo(new RetentionResult(9, 9, 18, 1, List.of()));
        assertThat(progress).hasSizeGreaterThan(2).last().isEqualTo(result);
        assertThat(history()).hasSize(3);
        for (Redirect deleted : old.subList(1, 9)) {
            assertThat(attribution.trace(deleted.clickId()).click()).isEmpty();
            assertThat(postback(deleted, "").reason()).contains(Reason.UNKNOWN_CLICK_ID);
        }
        assertThat(postback(old.get(0), "&status=approved&transaction_id=t").kind())
                .isEqualTo(Kind.ADJUSTED);
        assertThat(postback(young, "").reason()).contains(Reason.ALREADY_CREDITED);
        Redirect again = click(SOLE, MEMBER);
        PostbackOutcome duplicate = postback(again, "");
        assertThat(duplicate.reason()).contains(Reason.ALREADY_CREDITED);
        assertThat(duplicate.conversionId()).contains(soleCredit.conversionId());
        assertThat(attribution.postbacks(List.of(
                        "gk_click_id=" + again.clickId() + "&transaction_id=x",
                        "gk_click_id=" + again.clickId() + "&transaction_id=y")))
                .allMatch(outcome -> outcome.kind() == Kind.DUPLICATE);
        assertThat(postback(click(SOLE, "somebody"), "").kind()).isEqualTo(Kind.ATTRIBUTED);
    }

    @Test
    void endsBetweenTwoBatchesIfItsThreadIsInterrupted() {
        for (int i = 0; i < 6; i++) {
            click(OFFER, "member-" + i);
        }
        clock.moveBy(AGE.plusDays(1));

        assertThatThrownBy(() ->
                        retention(2).run(progress -> Thread.currentThread().interrupt()))
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("2 clicks");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(retention(2).run(progress -> {}).clicks()).isEqualTo(4);
    }

    @Test
    void keepsAReversedScopeReversed() {
        postback(click(SOLE, MEMBER), "&transaction_id=t");
        postback(lastClick(), "&transaction_id=t&status=reversed");
        clock.moveBy(AGE.plusDays(1));

        retention(500).run(progress -> {});

        assertThat(postback(click(SOLE, MEMBER), "").reason()).contains(Reason.CONVERSION_REVERSED);
    }

    private Redirect lastClick() {
        return new Redirect(
                attribution
                        .reports()
                        .clicks(ReportFilter.all(), 1)
                        .rows()
                        .get(0)
                        .clickId(),
                java.net.URI.create("https://example.com"));
    }

    @Test
    void keepsAClickWhoseConversionBecameACreditLately() {
        Redirect redirect = click(OFFER, MEMBER);
        postback(redirect, "&status=pending&transaction_id=t");
        clock.moveBy(AGE.minusDays(1));
        postback(redirect, "&status=approved&transaction_id=t");
        clock.moveBy(Duration.ofDays(2));

        assertThat(retention(500).run(progress -> {})).isEqualTo(new RetentionResult(0, 0, 0, 1, List.of()));
        assertThat(postback(redirect, "").reason()).contains(Reason.ALREADY_CREDITED);

        clock.moveBy(VALIDATION);
        assertThat(retention(500).run(progress -> {})).isEqualTo(new RetentionResult(1, 1, 3, 0, List.of()));
    }

    @Test
    void keepsAYoungCreditForAnHourEvenIfNothingIsValidated() {
        Redirect redirect = click(OFFER, MEMBER);
        postback(redirect, "&status=pending");
        clock.moveBy(AGE);
        postback(redirect, "&status=approved");
        Retention.Builder builder = attribution.retention().olderThan(AGE).validationTime(Duration.ZERO);

        clock.moveBy(Duration.ofMinutes(59));
        assertThat(builder.build().run(progress -> {}).clicks()).isZero();
        clock.moveBy(Duration.ofMinutes(2));
        assertThat(builder.build().run(progress -> {}).clicks()).isOne();
    }

    @Test
    void refusesWhatWouldForgetACreditTooEarly() {
        attribution.offers().put(Offer.builder("endless").trackingLink(LINK).build());
        click(OFFER, MEMBER);
        click("endless", MEMBER);
        clock.moveBy(Duration.ofDays(1_000));
        Retention.Builder builder = attribution.retention().validationTime(VALIDATION);

        assertThat(builder.olderThan(AGE).build().estimate().refusals())
                .singleElement()
                .asString()
                .contains("'endless'", "assumedWindow");
        assertThatThrownBy(() -> builder.olderThan(AGE).build().run(progress -> {}))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("Nothing was deleted");
        builder.assumedWindow(WINDOW);
        assertThat(builder.olderThan(AGE.minusSeconds(1)).build().estimate().refusals())
                .singleElement()
                .asString()
                .contains("'endless', '" + OFFER + "'", "PT2160H");
        assertThat(builder.olderThan(AGE).build().estimate().refusals()).isEmpty();
        assertThatThrownBy(() -> builder.olderThan(Duration.ofDays(59)).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(attribution.reports().clicks(ReportFilter.all(), 9).rows()).hasSize(2);
        assertThat(builder.olderThan(AGE).build().run(progress -> {}).clicks()).isEqualTo(2);
    }

    @Test
    void creditsNoClickThatIsDeletedWhileItsFactsAreRead() {
        attribution.offers().put(Offer.builder("endless").trackingLink(LINK).build());
        Redirect redirect = click("endless", MEMBER);
        postback(redirect, "");
        clock.moveBy(AGE.plusDays(1));
        Retention retention = attribution
                .retention()
                .olderThan(AGE)
                .validationTime(VALIDATION)
                .assumedWindow(WINDOW)
                .build();
        ForwardingStore deleting = new ForwardingStore(store) {
            @Override
            public List<Facts> facts(List<FactsQuery> queries) {
                retention.run(progress -> {});
                return super.facts(queries);
            }
        };
        Attribution stepwise = Attribution.builder(deleting)
                .offers(store.offers()) // so that the façade looks up step by step
                .clock(clock)
                .build();

        PostbackOutcome outcome = stepwise.postback("gk_click_id=" + redirect.clickId());

        assertThat(outcome.reason()).contains(Reason.UNKNOWN_CLICK_ID);
        assertThat(credits()).isZero();
    }

    @Test
    void continuesAfterAFaultAtAnyBatch() {
        FaultSwitch faults = FaultSwitch.on(store);
        attribution = Attribution.builder(faults).clock(clock).build();
        for (int failing = 1; failing <= 4; failing++) {
            for (int i = 0; i < 7; i++) {
                postback(click(i % 2 == 0 ? OFFER : SOLE, "member-" + failing + "-" + i), "");
            }
            clock.moveBy(AGE.plusDays(1));
            int nth = failing;
            if (failing % 2 == 0) {
                faults.failAfterCommit(nth);
            } else {
                faults.failBeforeCommit(nth);
            }

            assertThat(catchThrowable(() -> retention(3).run(progress -> {}))).isInstanceOf(StorageException.class);
            attribution
                    .reports()
                    .clicks(ReportFilter.all(), 100)
                    .rows()
                    .forEach(click -> assertThat(
                                    attribution.trace(click.clickId()).conversions())
                            .hasSize(1));
            retention(3).run(progress -> {});

            assertThat(attribution.reports().clicks(ReportFilter.all(), 9).rows())
                    .isEmpty();
            assertThat(credits()).isZero();
            assertThat(history()).isEmpty();
        }
        for (int i = 1; i < 7; i += 2) {
            assertThat(postback(click(SOLE, "member-1-" + i), "").kind()).isEqualTo(Kind.DUPLICATE);
        }
    }

    @Test
    void forgetsWhatWasDeletedOnce() {
        postback(click(SOLE, MEMBER), "");
        clock.moveBy(AGE.plusDays(1));
        retention(500).run(progress -> {});

        assertThat(attribution.forget(MEMBER).isNothingFound()).isTrue();
        assertThat(postback(click(SOLE, MEMBER), "").kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(credits()).isZero();
    }
}
