package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.InvalidIdException;
import dev.attribution.UnknownOfferException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.link.InvalidTrackingLinkException;
import dev.attribution.link.LinkProblem;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.report.ReportFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClickBehaviourTest extends BehaviourTest {
    private List<Click> clicks() {
        return attribution.reports().clicks(ReportFilter.all(), 100).rows();
    }

    @Test
    void importsClicksWithTheirIdsAndTimesAndCompletesAnImportThatIsRepeated() {
        putOffer();
        List<Click> clicks = IntStream.range(0, 2_345)
                .mapToObj(i -> new Click(
                        ClickIdGenerator.random().next(),
                        OFFER,
                        "m" + i,
                        Instant.parse("2019-05-01T00:00:00Z").plusSeconds(i),
                        ClickContext.builder().extra("old id", "x" + i).build()))
                .toList();
        assertThat(attribution.importClicks(clicks.subList(0, 1_500))).isEqualTo(1_500);
        assertThat(attribution.importClicks(clicks)).isEqualTo(2_345);
        assertThat(attribution.importClicks(List.of())).isZero();
        List<Click> newestFirst = new ArrayList<>(clicks);
        Collections.reverse(newestFirst);
        assertThat(attribution.reports().clicks(ReportFilter.all(), 5_000).rows())
                .isEqualTo(newestFirst);
        assertThat(attribution
                        .postback("gk_click_id=" + clicks.get(2_000).clickId())
                        .kind())
                .isEqualTo(PostbackOutcome.Kind.ATTRIBUTED);
        Click taken = clicks.get(7);
        Click other = new Click(taken.clickId(), OFFER, "another", taken.clickedAt(), taken.context());
        assertThatThrownBy(() -> attribution.importClicks(List.of(other)))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining(taken.clickId().value());
    }

    @Test
    void sendsTheMemberWhereTheExampleOfTheSourceSays() {
        ClickId id = ClickId.parse("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32");
        Attribution withThisId =
                Attribution.builder(store).clickIds(() -> id).clock(clock).build();
        putOffer();

        Redirect redirect = withThisId.click(ClickRequest.of(OFFER, MEMBER));

        assertThat(redirect.location()).hasToString("https://google.com?sub1=efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32");
        assertThat(redirect.clickId()).isEqualTo(id);
    }

    @Test
    void storesTheClickWithOfferMemberInstantAndContext() {
        putOffer();
        clock.moveTo(Instant.parse("2026-03-01T12:00:00.123456789Z"));
        ClickContext context = ClickContext.builder()
                .ip("2001:db8::1")
                .userAgent("Mozilla/5.0 (X11; \"quoted\\\") \u0001 \uD83D\uDE00")
                .referrer("https://example.com/?q=ü")
                .extra("campaign", "spring & sun")
                .extra("empty", "")
                .build();

        Redirect redirect = attribution.click(ClickRequest.of(OFFER, MEMBER).with(context));

        assertThat(clicks())
                .containsExactly(new Click(
                        redirect.clickId(), OFFER, MEMBER, Instant.parse("2026-03-01T12:00:00.123456Z"), context));
        assertThat(clicks().get(0).context().extras()).containsEntry("campaign", "spring & sun");
    }

    @Test
    void givesEachClickAnIdOfItsOwn() {
        putOffer();

        assertThat(List.of(click().clickId(), click().clickId(), click().clickId()))
                .doesNotHaveDuplicates();
    }

    @Test
    void neverOverwritesAClickWhoseIdTheGeneratorGivesAgain() {
        ClickId id = ClickId.parse("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32");
        Attribution broken =
                Attribution.builder(store).clickIds(() -> id).clock(clock).build();
        putOffer();
        broken.click(ClickRequest.of(OFFER, MEMBER));

        assertThatThrownBy(() -> broken.click(ClickRequest.of(OFFER, "someone else")))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining(id.value());
        assertThat(clicks()).extracting(Click::memberId).containsExactly(MEMBER);
    }

    @Test
    void refusesAnUnknownOfferAndStoresNothing() {
        putOffer();

        assertThatThrownBy(() -> attribution.click(ClickRequest.of("Spring-Sale", MEMBER)))
                .isInstanceOf(UnknownOfferException.class)
                .hasMessageContaining("Spring-Sale");
        assertThat(clicks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "a\nb", "a\u0000b", "\u0085", "half \uD83D pair", "\uDE00", "\u00a0\u2003"})
    void refusesAnIdThatIsNotAllowed(String id) {
        assertThatThrownBy(() -> attribution.click(ClickRequest.of(OFFER, id)))
                .isInstanceOf(InvalidIdException.class)
                .hasMessageContaining("member id");
        assertThatThrownBy(() -> attribution.click(ClickRequest.of(id, MEMBER)))
                .isInstanceOf(InvalidIdException.class)
                .hasMessageContaining("offer id");
        assertThatThrownBy(() -> Offer.builder(id)).isInstanceOf(InvalidIdException.class);
        assertThat(clicks()).isEmpty();
    }

    @Test
    void takesIdsOf255UnitsAndRefuses256() {
        String longest = "\uD83D\uDE00".repeat(127) + "x";
        attribution.offers().put(Offer.builder(longest).trackingLink(LINK).build());

        attribution.click(ClickRequest.of(longest, longest));

        assertThat(clicks()).extracting(Click::memberId).containsExactly(longest);
        assertThatThrownBy(() -> ClickRequest.of(OFFER, longest + "x")).isInstanceOf(InvalidIdException.class);
    }

    @Test
    void comparesIdsExactly() {
        List<String> ids =
                List.of("a", "A", "a ", " a", "\u00e4", "a\u0308", "\uff41", "ı", "i", "I", "İ", "%61", "a%");
        for (String id : ids) {
            attribution
                    .offers()
                    .put(Offer.builder(id)
                            .trackingLink("https://example.com/?o={offer_id}&c={gk_click_id}")
                            .build());
        }
        for (String id : ids) {
            attribution.click(ClickRequest.of(id, id));
        }
        for (String id : ids) {
            assertThat(attribution.offers().find(id)).map(Offer::offerId).contains(id);
            assertThat(attribution
                            .reports()
                            .clicks(ReportFilter.builder().memberId(id).build(), 100)
                            .rows())
                    .extracting(Click::offerId)
                    .containsExactly(id);
        }
    }

    @Test
    void refusesALinkThatWouldLoseTheClickIdAndListsEveryProblem() {
        Offer offer = Offer.builder(OFFER)
                .trackingLink("ftp://exa mple.com/?sub1={GK_CLICK_ID}&sub2=(clickid)&sub3={who}&x=%zz")
                .build();

        assertThatThrownBy(() -> attribution.offers().put(offer))
                .isInstanceOfSatisfying(
                        InvalidTrackingLinkException.class,
                        e -> assertThat(e.problems())
                                .extracting(LinkProblem::kind)
                                .containsExactly(
                                        LinkProblem.ProblemKind.SCHEME_NOT_ALLOWED,
                                        LinkProblem.ProblemKind.BROKEN_URI,
                                        LinkProblem.ProblemKind.MACRO_IN_WRONG_CASE,
                                        LinkProblem.ProblemKind.FOREIGN_MACRO,
                                        LinkProblem.ProblemKind.UNKNOWN_MACRO,
                                        LinkProblem.ProblemKind.BROKEN_URI));
        assertThat(attribution.offers().find(OFFER)).isEmpty();
    }

    @Test
    void seesAChangedLinkAtTheNextClickInAnotherProcess() {
        Attribution other = Attribution.builder(store).clock(clock).build();
        putOffer();
        other.click(ClickRequest.of(OFFER, MEMBER));
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink("https://new.example.com/{gk_click_id}")
                        .build());

        assertThat(other.click(ClickRequest.of(OFFER, MEMBER)).location().getHost())
                .isEqualTo("new.example.com");
    }

    @Test
    void takesAMemberWhomOnlyTheLinkRefusedThatIsNoMore() {
        Attribution other = Attribution.builder(store).clock(clock).build();
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink("https://example.com/{member_id}/{gk_click_id}")
                        .build());
        other.click(ClickRequest.of(OFFER, MEMBER));
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink("https://example.com/?m={member_id}&c={gk_click_id}")
                        .build());

        assertThat(other.click(ClickRequest.of(OFFER, "..")).location()).hasParameter("m", "..");
    }

    @Test
    void returnsAnOfferAsItWasPut() {
        Offer offer = Offer.builder("everything")
                .trackingLink("myapp://open?c=%7Bgk_click_id%7D&lit=(x)&t={timestamp}")
                .allowScheme("MyApp")
                .literal("(x)")
                .duplicatePolicy(DuplicatePolicy.atMost(3))
                .minimumDelay(Duration.ofNanos(1_000))
                .attributionWindow(Duration.ofDays(30).plusNanos(2_000))
                .acceptedEvents("win, \"10\"", "Lose", "\uD83D\uDE00 ")
                .requireTransactionId()
                .build();
        attribution.offers().put(offer);

        assertThat(attribution.offers().find("everything")).contains(offer);
        assertThat(attribution
                        .click(ClickRequest.of("everything", MEMBER))
                        .location()
                        .getScheme())
                .isEqualTo("myapp");
    }

    @Test
    void encodesValuesForWhereTheyStandAndExpandsNothingTwice() {
        attribution
                .offers()
                .put(Offer.builder("a/b?c#d")
                        .trackingLink("https://example.com/{offer_id}/x?m={member_id}&c={gk_click_id}#{member_id}")
                        .build());

        String location = attribution
                .click(ClickRequest.of("a/b?c#d", "{gk_click_id}&sub1=evil %0d%0aSet-Cookie: \uD83D\uDE00"))
                .location()
                .toString();

        String member = "%7Bgk_click_id%7D%26sub1%3Devil%20%250d%250aSet-Cookie%3A%20%F0%9F%98%80";
        assertThat(location)
                .startsWith("https://example.com/a%2Fb%3Fc%23d/x?m=" + member + "&c=")
                .endsWith("#" + member);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void refusesAStepUpwardsAsAPathSegmentAndStoresNothing(String member) {
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink("https://example.com/u/{member_id}/{gk_click_id}")
                        .build());

        assertThatThrownBy(() -> attribution.click(ClickRequest.of(OFFER, member)))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("member_id");
        assertThat(clicks()).isEmpty();
    }

    @Test
    void fillsTheMacrosOfTheHost() {
        Attribution withMacro = Attribution.builder(store)
                .clock(clock)
                .macro("campaign", click -> click.context().extras().getOrDefault("campaign", ""))
                .build();
        withMacro
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink("https://example.com/?c={gk_click_id}&cmp={campaign}&t={timestamp}")
                        .build());

        Redirect redirect = withMacro.click(ClickRequest.of(OFFER, MEMBER)
                .with(ClickContext.builder().extra("campaign", "a&b").build()));

        assertThat(redirect.location().getRawQuery())
                .isEqualTo("c=" + redirect.clickId() + "&cmp=a%26b&t="
                        + clock.instant().getEpochSecond());
        assertThatThrownBy(() -> attribution.click(ClickRequest.of(OFFER, MEMBER)))
                .isInstanceOf(InvalidTrackingLinkException.class)
                .hasMessageContaining("{campaign}");
    }

    @Test
    void asksTheHostsRepositoryForOffers() {
        Attribution withHostsOffers = Attribution.builder(store)
                .clock(clock)
                .offers(ids -> Map.of(
                        "theirs", Offer.builder("theirs").trackingLink(LINK).build()))
                .build();

        Redirect redirect = withHostsOffers.click(ClickRequest.of("theirs", MEMBER));

        assertThat(withHostsOffers.postback(postback(redirect)).conversionId()).isPresent();
        assertThatThrownBy(() -> withHostsOffers
                        .offers()
                        .put(Offer.builder("mine").trackingLink(LINK).build()))
                .isInstanceOf(AttributionException.class);
    }
}
