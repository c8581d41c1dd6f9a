package dev.attribution.examples.fuzz;

import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.InvalidIdException;
import dev.attribution.SpeculativeClickException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.ClickScreen;
import dev.attribution.click.Redirect;
import dev.attribution.click.StoredContext;
import dev.attribution.link.InvalidTrackingLinkException;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.screening.CrawlerScreen;
import java.util.List;
import java.util.Map;
import java.util.Set;

final class Clicks {
    private static final ClickScreen SCREEN = ClickScreen.standard().then(CrawlerScreen.create());
    private static final StoredContext STORED = StoredContext.builder()
            .ipv4Bytes(3)
            .referrer(StoredContext.Referrer.WITHOUT_PATH)
            .withoutExtras("secret")
            .build();

    private Clicks() {}

    static void check(Choices choices) {
        Attribution attribution = Attribution.builder(new InMemoryAttributionStore())
                .screen(SCREEN)
                .storedContext(STORED)
                .build();
        String offer = choices.near("spring-sale");
        String member = choices.log("member", choices.near("m\u00fcller-7"));
        String link = choices.of(
                "https://e.com/?s={gk_click_id}",
                "https://e.com/{member_id}/?s={gk_click_id}&o={offer_id}",
                Links.link(choices));
        ClickRequest request;
        try {
            attribution.offers().put(Offer.builder(offer).trackingLink(link).build());
            request = request(choices, offer, member);
        } catch (InvalidIdException | InvalidTrackingLinkException e) {
            Holds.oneLine(e.getMessage().replace("\n", ""), "the message is printable");
            return;
        }
        Redirect redirect;
        try {
            redirect = attribution.click(request);
        } catch (AttributionException e) {
            HttpAnswer answer = HttpAnswer.of(e);
            Holds.that(Set.of(400, 500, 503).contains(answer.status()), "an answer to " + e);
            Holds.same(
                    answer.status() == 503, e instanceof SpeculativeClickException, "only a prefetch is asked again");
            return;
        }
        Holds.that(Set.of(302, 303).contains(redirect.status()), "a redirect that nobody keeps");
        for (Map.Entry<String, String> header : redirect.headers().entrySet()) {
            Holds.oneLine(header.getValue(), "a header is one line");
        }
        Holds.graphicAscii(redirect.headers().get("Location"), "a location is printable ASCII");
        Click click = attribution.findClicks(List.of(redirect.clickId())).get(redirect.clickId());
        Holds.same(click.memberId(), member, "the member is stored as given");
        ClickContext context = click.context();
        context.referrer()
                .ifPresent(referrer -> Holds.that(
                        !referrer.contains("?") && !referrer.contains("#") && !referrer.contains("@"),
                        "only an origin is stored"));
        Holds.that(!context.extras().containsKey("secret"), "what is left out is not stored");
        context.userAgent().ifPresent(agent -> Holds.that(agent.length() <= ClickContext.MAX_VALUE, "a value is cut"));
        if (member.length() > 8) {
            Holds.that(!(click + " " + request + redirect).contains(member), "no description has the member");
        }
    }

    private static ClickRequest request(Choices choices, String offer, String member) {
        ClickContext.Builder context = ClickContext.builder()
                .ip(choices.near("203.0.113.9"))
                .userAgent(choices.text())
                .referrer(choices.log("referrer", choices.near("https://u:p@" + "social.example/path?q=1#f")))
                .extra("secret", choices.text())
                .extra("sub1", choices.text());
        ClickRequest request = ClickRequest.of(offer, member)
                .with(context.build())
                .withMethod(choices.of("GET", "HEAD", "POST", "", "\u0130"));
        for (int i = choices.below(3); i > 0; i--) {
            request = request.withHeader(
                    choices.of("User-Agent", "Sec-Purpose", "Purpose", "X-Moz", "X-Purpose", choices.text()),
                    choices.text());
        }
        return request;
    }
}
