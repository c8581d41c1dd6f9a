package dev.attribution.examples.benchmarks.memory;

import dev.attribution.link.LinkTemplate;
import dev.attribution.link.LinkTemplater;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.springframework.web.util.UriComponents;
import org.springframework.web.util.UriComponentsBuilder;

/** Filling a tracking link with three macros. */
@State(Scope.Benchmark)
public class Links {
    private static final String LINK =
            "https://app.example.com/track?clickid={gk_click_id}&campaign={offer_id}&sub2={member_id}&pid=partner";

    private final String clickId = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32";
    private final String offerId = "spring sale";
    private final String memberId = "member-7";
    private final LinkTemplate template = LinkTemplater.standard().parse(LINK);
    private final UriComponents components =
            UriComponentsBuilder.fromUriString(LINK).encode().build();

    /**
     * Fills the link as the library does.
     *
     * @return the link
     */
    @Benchmark
    public String template() {
        return template.fill(this::value);
    }

    private String value(String macro) {
        return switch (macro) {
            case LinkTemplater.CLICK_ID -> clickId;
            case LinkTemplater.OFFER_ID -> offerId;
            default -> memberId;
        };
    }

    /**
     * Fills the link with what the JDK has.
     *
     * @return the link
     */
    @Benchmark
    public String replace() {
        return LINK.replace("{gk_click_id}", URLEncoder.encode(clickId, StandardCharsets.UTF_8))
                .replace("{offer_id}", URLEncoder.encode(offerId, StandardCharsets.UTF_8))
                .replace("{member_id}", URLEncoder.encode(memberId, StandardCharsets.UTF_8));
    }

    /**
     * Fills the link with Spring, which has parsed it before.
     *
     * @return the link
     */
    @Benchmark
    public String spring() {
        return components.expand(clickId, offerId, memberId).toUriString();
    }
}
