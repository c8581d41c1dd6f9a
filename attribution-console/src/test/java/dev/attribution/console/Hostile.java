package dev.attribution.console;

import java.util.List;

/** What a stranger writes into every text that is stored, and every page that shows it. */
final class Hostile {
    /** Ends texts, attributes and elements of several kinds, and would set {@code window.hit} if anything of it ran. */
    static final String TEXT = "\"'></textarea></title><script>window.hit=1</script><img src=x onerror=window.hit=2>"
            + "<svg onload=window.hit=3><a href=javascript:window.hit=4>&lt;";

    private Hostile() {}

    static List<String> pages(Scene scene) {
        return List.of(
                "/",
                "/summary",
                "/summary?offer=" + Visitor.encoded(scene.offer),
                "/story?click=" + scene.credited,
                "/story?click=" + scene.pending,
                "/clicks",
                "/clicks?member=" + Visitor.encoded(scene.member),
                "/conversions?event=" + Visitor.encoded(Hostile.TEXT),
                "/conversions",
                "/history",
                "/callers",
                "/tester?caller=" + Visitor.encoded(scene.wall.name()) + "&url=" + Visitor.encoded(TEXT),
                "/offers",
                "/offer?id=" + Visitor.encoded(scene.offer),
                "/offer?id=" + Visitor.encoded("new" + TEXT),
                "/reconciliation",
                "/repair?attempts=" + Visitor.encoded(TEXT),
                "/act?act=REVERSE&conversion=" + scene.creditedConversion,
                "/story?click=" + scene.flagged,
                "/flag?click=" + scene.flagged,
                "/pending?days=30",
                "/forget?member=" + Visitor.encoded(scene.member),
                "/search?q=" + Visitor.encoded(scene.member),
                "/search?q=" + Visitor.encoded(scene.transaction),
                "/search?q=" + Visitor.encoded(scene.offer),
                "/search?q=" + Visitor.encoded(TEXT),
                "/message?attempt=" + scene.withoutClick,
                "/no-such-page" + Visitor.encoded(TEXT),
                "/clicks?after=" + Visitor.encoded(TEXT));
    }
}
