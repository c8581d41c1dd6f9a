package dev.attribution.engine;

import dev.attribution.link.LinkRules;
import dev.attribution.link.LinkTemplate;
import dev.attribution.link.LinkTemplater;
import dev.attribution.offer.Offer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Parsed links by their text. A changed link is another key, so that nothing here can be outdated. */
public final class TemplateCache {
    private static final int MAX_TEMPLATES = 10_000;

    private record LinkKey(String link, LinkRules rules) {}

    private final LinkTemplater templater;
    private final Map<LinkKey, LinkTemplate> templates = new ConcurrentHashMap<>();

    public TemplateCache(LinkTemplater templater) {
        this.templater = templater;
    }

    public LinkTemplate template(Offer offer) {
        LinkKey key = new LinkKey(offer.trackingLink(), offer.linkRules());
        LinkTemplate template = templates.get(key);
        if (template == null) {
            template = templater.parse(offer.trackingLink(), offer.linkRules());
            if (templates.size() >= MAX_TEMPLATES) {
                templates.clear();
            }
            templates.put(key, template);
        }
        return template;
    }
}
