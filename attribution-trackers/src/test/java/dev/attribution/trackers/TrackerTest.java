package dev.attribution.trackers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.attribution.Attribution;
import dev.attribution.click.ClickRequest;
import dev.attribution.link.InvalidTrackingLinkException;
import dev.attribution.link.LinkProblem;
import dev.attribution.link.LinkProblem.ProblemKind;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Answers;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrackerTest {
    private static final String APPSFLYER =
            "https://app.appsflyer.com/id123?pid=gokart_int&c=spring&clickid={gk_click_id}&af_sub1={gk_click_id}";

    @Test
    void knowsWhichParametersCarryTheClickId() {
        assertThat(Tracker.appsFlyer().clickIdParameters()).containsExactly("clickid", "af_sub1");
        assertThat(Tracker.tune().clickIdParameters()).containsExactly("aff_sub");
        assertThat(Tracker.everflow().clickIdParameters()).containsExactly("sub1");
    }

    @Test
    void writesThePostbackUrlInTheTrackersOwnMacros() {
        assertThat(Tracker.appsFlyer().postbackUrl("https://api.example.com/postback"))
                .isEqualTo(
                        "https://api.example.com/postback?gk_click_id=(clickid)&event_id=(event-name)&payout=(monetary)");
        assertThat(Tracker.tune().postbackUrl("https://api.example.com/postback"))
                .isEqualTo(
                        "https://api.example.com/postback?gk_click_id={aff_sub}&event_id={goal_id}&transaction_id={transaction_id}&payout={payout}&currency={currency}");
        assertThat(Tracker.everflow().postbackUrl("https://api.example.com/postback?token=s"))
                .isEqualTo(
                        "https://api.example.com/postback?token=s&gk_click_id={sub1}&event_id={event_id}&transaction_id={transaction_id}&payout={payout_amount}");
    }

    @Test
    void leavesMacrosThatAreNotKnownToTheHost() {
        Tracker everflow = Tracker.everflow().toBuilder()
                .postbackMacro("payout", "{amount}")
                .build();

        assertThat(everflow.postbackUrl("https://x.example/p")).endsWith("&payout={amount}");
        assertThatThrownBy(() -> Tracker.named("x").postbackMacro("sum", "{sum}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAnEndpointThatIsNone() {
        for (String endpoint : List.of("api.example.com/postback", "ftp://x", "https://x#y", "https://a b")) {
            assertThatThrownBy(() -> Tracker.tune().postbackUrl(endpoint)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void asksTheTrackerForNothingThatTheEndpointGives() {
        assertThat(Tracker.appsFlyer().postbackUrl("https://x.example/p?event_id=install"))
                .isEqualTo("https://x.example/p?event_id=install&gk_click_id=(clickid)&payout=(monetary)");
        assertThatThrownBy(() -> Tracker.appsFlyer().postbackUrl("https://x.example/p?gk_click_id=x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesASoundLink() {
        assertThat(Tracker.appsFlyer().check(APPSFLYER)).isEmpty();
        assertThat(Tracker.appsFlyer().check(APPSFLYER.replace("{", "%7B").replace("}", "%7D")))
                .isEmpty();
        assertThat(Tracker.tune().check("https://net.go2cloud.org/aff_c?offer_id=26&aff_id=2002&aff_sub={gk_click_id}"))
                .isEmpty();
    }

    @Test
    void namesEveryProblemOfALinkAtOnce() {
        String link = "http://app.appsflyer.com/id123?pid=" + "p".repeat(151)
                + "&clickid=x-{gk_click_id}&af_siteid={gk_click_id}";

        List<LinkProblem> problems = Tracker.appsFlyer().check(link);

        assertThat(problems)
                .extracting(LinkProblem::kind, LinkProblem::position)
                .containsExactly(
                        tuple(ProblemKind.SCHEME_NOT_ALLOWED, 0),
                        tuple(ProblemKind.TOO_LONG, link.indexOf("pid=")),
                        tuple(ProblemKind.CLICK_ID_MISPLACED, link.indexOf("clickid=")),
                        tuple(ProblemKind.CLICK_ID_MISPLACED, link.indexOf("af_siteid=")),
                        tuple(ProblemKind.CLICK_ID_MISSING, link.length()));
        assertThat(problems).extracting(LinkProblem::message).anyMatch(message -> message.contains("24 characters"));
        assertThat(problems)
                .extracting(LinkProblem::remedy)
                .anyMatch(remedy -> remedy.contains("af_sub1={gk_click_id}"));
    }

    @Test
    void completesALinkWithWhatCarriesTheClickId() {
        assertThat(Tracker.appsFlyer().trackingLink("https://app.appsflyer.com/id123?pid=gokart_int&c=spring"))
                .isEqualTo(APPSFLYER);
        assertThat(Tracker.tune().trackingLink("https://net.go2cloud.org/aff_c#top"))
                .isEqualTo("https://net.go2cloud.org/aff_c?aff_sub={gk_click_id}#top");
        assertThatThrownBy(() -> Tracker.appsFlyer().trackingLink("http://app.appsflyer.com/id123"))
                .isInstanceOf(InvalidTrackingLinkException.class);
    }

    @Test
    void answersAsTheCallerWantsIt() {
        Attribution attribution =
                Attribution.builder(new InMemoryAttributionStore()).build();
        attribution
                .offers()
                .put(Offer.builder("o")
                        .trackingLink("https://x.example?s={gk_click_id}")
                        .build());
        PostbackRequest postback = PostbackRequest.get("gk_click_id="
                        + attribution.click(ClickRequest.of("o", "m")).clickId())
                .build();
        PostbackRequest broken = PostbackRequest.get("gk_click_id=").build();
        Answers tune = Tracker.tune().answers();

        assertThat(tune.to(attribution.postback(postback), postback)).isEqualTo(new HttpAnswer(200, "success=true;"));
        assertThat(tune.to(attribution.postback(postback), postback)).isEqualTo(new HttpAnswer(200, "success=true;"));
        assertThat(tune.to(attribution.postback(broken), broken))
                .isEqualTo(new HttpAnswer(200, "success=false; err_msg=MISSING_CLICK_ID;"));
        assertThat(Tracker.appsFlyer()
                        .answers()
                        .to(attribution.postback(broken), broken)
                        .status())
                .isEqualTo(400);
        assertThat(tune.unavailable(postback).status()).isEqualTo(503);
    }

    @Test
    void describesAnyOtherTrackerInAFewLines() {
        Tracker affise = Tracker.named("Affise")
                .clickIdIn("sub2")
                .limit("sub2", 64)
                .postbackMacro("gk_click_id", "{sub2}")
                .postbackMacro("payout", "{sum}")
                .export(ExportFormat.builder()
                        .column(Field.TIME, "created_at")
                        .column(Field.CLICK_ID, "sub2")
                        .build())
                .build();

        assertThat(affise.trackingLink("https://affise.example/click?pid=1"))
                .isEqualTo("https://affise.example/click?pid=1&sub2={gk_click_id}");
        assertThat(affise.postbackUrl("https://x.example/p"))
                .isEqualTo("https://x.example/p?gk_click_id={sub2}&payout={sum}");
        assertThatThrownBy(() -> Tracker.named("x").clickIdIn("s").limit("s", 24))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("36");
        assertThatThrownBy(() -> Tracker.named("x").limit("s", 24).clickIdIn("s"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("36");
        assertThatThrownBy(
                        () -> Tracker.named("x").export(affise.exportFormat()).build())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
