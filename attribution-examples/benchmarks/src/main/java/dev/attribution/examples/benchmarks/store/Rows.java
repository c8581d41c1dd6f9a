package dev.attribution.examples.benchmarks.store;

import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import java.util.concurrent.ThreadLocalRandom;

/** What all contestants write. */
final class Rows {
    static final ClickContext CONTEXT = ClickContext.builder()
            .ip("203.0.113.7")
            .userAgent("Mozilla/5.0 (X11; Linux x86_64)")
            .build();
    static final String CONTEXT_JSON = "{\"ip\":\"203.0.113.7\",\"userAgent\":\"Mozilla/5.0 (X11; Linux x86_64)\"}";
    static final ClickIdGenerator CLICK_IDS = ClickIdGenerator.timeOrdered();

    private Rows() {}

    static ClickRequest click() {
        return ClickRequest.of(Site.OFFER, member()).with(CONTEXT);
    }

    static String member() {
        return "member-" + ThreadLocalRandom.current().nextInt(10_000);
    }
}
