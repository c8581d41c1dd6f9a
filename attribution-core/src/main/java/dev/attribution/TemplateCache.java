package dev.attribution;

import dev.attribution.link.LinkRules;
import dev.attribution.link.LinkTemplate;
import dev.attribution.link.LinkTemplater;
import dev.attribution.offer.Offer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Parsed links by their text. A changed link is another key, so that nothing here can be outdated. */
final class TemplateCache {
    private static final int LIMIT = 10_000;

    private record Key(String link, LinkRules rules) {}

    private final LinkTemplater templater;
    private final Map<Key, LinkTemplate> templates = new ConcurrentHashMap<>();

    TemplateCache(LinkTemplater templater) {
        this.templater = templater;
    }

    LinkTemplate of(Offer offer) {
        Key key = new Key(offer.trackingLink(), offer.linkRules());
        LinkTemplate template = templates.get(key);
        if (template == null) {
            template = templater.parse(offer.trackingLink(), offer.linkRules());
            if (templates.size() >= LIMIT) {
                templates.clear();
            }
            templates.put(key, template);
        }
        return template;
    }
}
