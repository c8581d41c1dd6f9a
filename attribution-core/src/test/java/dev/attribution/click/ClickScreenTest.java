package dev.attribution.click;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.click.ScreenVerdict.Ruling;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClickScreenTest {
    private static final ClickRequest REQUEST = ClickRequest.of("o", "m");
    private static final ClickScreen SCREEN = ClickScreen.standard();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sec-Purpose       | prefetch",
                "Sec-Purpose       | prefetch;prerender",
                "sec-purpose       | prefetch;anonymous-client-ip",
                "SEC-PURPOSE       | other, prefetch ; prerender",
                "Sec-Purpose       | PREFETCH",
                "Purpose           | prefetch",
                "Purpose           | preview",
                "X-Purpose         | preview",
                "X-Purpose         | instant",
                "X-Moz             | prefetch",
                "Sec-Fetch-Purpose | prefetch",
            })
    void isSpeculativeByTheHeadersOfBrowsers(String header, String value) {
        ScreenVerdict verdict = SCREEN.judge(REQUEST.withHeader(header, value));

        assertThat(verdict.ruling()).isEqualTo(Ruling.SPECULATIVE);
        assertThat(verdict.rule()).contains(header.toLowerCase(Locale.ROOT));
        assertThat(SCREEN.judge(REQUEST.withHeader(header, "x").withHeader(header, value))
                        .ruling())
                .isEqualTo(Ruling.SPECULATIVE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sec-Purpose | prefetched",
                "Sec-Purpose | x;prefetch",
                "Sec-Purpose | ''",
                "Sec-Fetch-Dest | prefetch",
                "X-Moz | ,;",
                "Sec-Fetch-Mode | navigate",
            })
    void countsWhatIsNoPrefetch(String header, String value) {
        assertThat(SCREEN.judge(REQUEST.withHeader(header, value))).isEqualTo(ScreenVerdict.counts());
    }

    @Test
    void flagsHeadUnlessItIsSpeculative() {
        assertThat(SCREEN.judge(REQUEST.withMethod("HEAD"))).isEqualTo(ScreenVerdict.flagged("head"));
        assertThat(SCREEN.judge(REQUEST.withMethod("head"))).isEqualTo(ScreenVerdict.flagged("head"));
        assertThat(SCREEN.judge(REQUEST.withMethod("HEAD").withHeader("Purpose", "prefetch")))
                .isEqualTo(ScreenVerdict.speculative("purpose"));
        assertThat(SCREEN.judge(REQUEST.withMethod("POST"))).isEqualTo(ScreenVerdict.counts());
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS", "PROPFIND", "TRACE", "PUT", "DELETE", "PATCH", "CONNECT", ""})
    void flagsMethodsByWhichNoLinkIsFollowed(String method) {
        assertThat(SCREEN.judge(REQUEST.withMethod(method))).isEqualTo(ScreenVerdict.flagged("method"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz", "Sec-Fetch-Purpose"})
    void knowsEveryWordInEveryHeader(String header) {
        for (String word : List.of("prefetch", "prerender", "preview", "instant", "PREVIEW")) {
            assertThat(SCREEN.judge(REQUEST.withHeader(header, word)))
                    .as(word)
                    .isEqualTo(ScreenVerdict.speculative(header.toLowerCase(Locale.ROOT)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
                "Twitterbot/1.0",
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            })
    void flagsPreviewsAndCrawlersThatSayTheirName(String agent) {
        ScreenVerdict verdict = SCREEN.judge(REQUEST.withHeader("User-Agent", agent));

        assertThat(verdict.ruling()).isEqualTo(Ruling.FLAGGED);
        assertThat(verdict.rule().orElseThrow()).startsWith("agent.");
        assertThat(SCREEN.judge(
                        REQUEST.with(ClickContext.builder().userAgent(agent).build())))
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36 Google/google",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/440.0.0.0]",
                "Mozilla/5.0 (Linux; Android 13; wv) AppleWebKit/537.36 Chrome/119.0 Mobile Safari/537.36 Instagram 300.0",
                "",
            })
    void countsPeopleInTheBrowsersOfApps(String agent) {
        assertThat(SCREEN.judge(REQUEST.withHeader("User-Agent", agent))).isEqualTo(ScreenVerdict.counts());
    }

    @Test
    void isReplacedAndExtended() {
        ClickScreen own = request -> ScreenVerdict.flagged("own");

        assertThat(ClickScreen.none().judge(REQUEST.withMethod("HEAD"))).isEqualTo(ScreenVerdict.counts());
        assertThat(SCREEN.then(own).judge(REQUEST)).isEqualTo(ScreenVerdict.flagged("own"));
        assertThat(SCREEN.then(own).judge(REQUEST.withMethod("HEAD"))).isEqualTo(ScreenVerdict.flagged("head"));
        assertThatThrownBy(() -> ScreenVerdict.flagged("Not A Rule")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ScreenVerdict(Ruling.FLAGGED, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void seesHeadersInAnyCaseAndKeepsThemOutOfTheDescription() {
        ClickRequest request = REQUEST.withHeaders(Map.of("Cookie", List.of("secret"), "COOKIE", List.of("other")));

        assertThat(request.headers("cookie")).containsExactlyInAnyOrder("secret", "other");
        assertThat(request.toString()).doesNotContain("secret");
        assertThat(request.with(ClickContext.empty()).withMethod("HEAD").headers())
                .isEqualTo(request.headers());
    }

    @Test
    void aRedirectIsNeverKept() {
        ClickId id = ClickId.parse("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32");
        URI location = URI.create("https://example.com?c=1");

        assertThat(Redirect.of(id, location, "GET").status()).isEqualTo(302);
        assertThat(Redirect.of(id, location, "HEAD").status()).isEqualTo(302);
        assertThat(Redirect.of(id, location, "post").status()).isEqualTo(303);
        assertThat(new Redirect(id, location).headers())
                .containsExactly(
                        Map.entry("Location", "https://example.com?c=1"),
                        Map.entry("Cache-Control", "no-store"),
                        Map.entry("X-Robots-Tag", "noindex"),
                        Map.entry("Referrer-Policy", "strict-origin"));
        assertThatThrownBy(() -> new Redirect(id, location, 301)).isInstanceOf(IllegalArgumentException.class);
    }
}
