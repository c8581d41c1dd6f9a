package dev.attribution;

import dev.attribution.click.Click;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.link.LinkTemplate;
import dev.attribution.link.LinkTemplater;
import dev.attribution.offer.Offer;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.OfferRepository;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of a click, from the request to the redirect. */
final class ClickProcess {
    private static final Logger LOG = LoggerFactory.getLogger(Attribution.class);

    private final Settings settings;
    private final OfferRepository offers;
    private final ClickRepository clicks;

    ClickProcess(Settings settings, OfferRepository offers, ClickRepository clicks) {
        this.settings = settings;
        this.offers = offers;
        this.clicks = clicks;
    }

    Redirect record(ClickRequest request) {
        Offer offer = offers.find(List.of(request.offerId())).get(request.offerId());
        if (offer == null) {
            throw new UnknownOfferException(request.offerId());
        }
        LinkTemplate template = settings.templates().of(offer);
        Click click = new Click(
                settings.clickIds().next(), request.offerId(), request.memberId(), settings.now(), request.context());
        URI location = URI.create(template.fill(macro -> value(macro, click)));
        clicks.insert(List.of(click)); // durable before the redirect: nothing may fail behind this line
        LOG.debug("click {} on offer {}", click.clickId(), click.offerId());
        return new Redirect(click.clickId(), location);
    }

    private @Nullable String value(String macro, Click click) {
        return switch (macro) {
            case LinkTemplater.CLICK_ID -> click.clickId().value();
            case LinkTemplater.OFFER_ID -> click.offerId();
            case LinkTemplater.MEMBER_ID -> click.memberId();
            case LinkTemplater.TIMESTAMP -> Long.toString(click.clickedAt().getEpochSecond());
            default -> registered(settings.macros(), macro, click);
        };
    }

    private static @Nullable String registered(Map<String, Function<Click, String>> macros, String macro, Click click) {
        Function<Click, String> function = macros.get(macro);
        return function == null ? null : function.apply(click);
    }
}
