package dev.attribution.click;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.click.StoredContext.Referrer;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredContextTest {
    private static final ClickContext FULL = ClickContext.builder()
            .ip("203.0.113.9")
            .userAgent("Agent/1.0")
            .referrer("https://user:secret@example.com:8443/path/page?m=7#top")
            .extra("Session", "s-1")
            .extra("campaign", "c-1")
            .build();

    private static Optional<String> ip(StoredContext.Builder stored, String ip) {
        return stored.build().of(ClickContext.builder().ip(ip).build()).ip();
    }

    @Test
    void storesEverythingByDefault() {
        assertThat(StoredContext.whole().of(FULL)).isEqualTo(FULL);
        assertThat(StoredContext.builder().build().of(FULL)).isEqualTo(FULL);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, 3, 203.0.113.0",
        "203.0.113.9, 2, 203.0.0.0",
        "::ffff:203.0.113.9, 2, 203.0.0.0",
        "2001:db8:1:2:3:4:5:6, 3, 2001:db8:1:2::",
        "2001:db8:1:2:3:4:5:6, 2, 2001:db8:1::",
        "2001:db8:1:2:3:4:5:6, 1, 2001:d00::",
        "2001:db8::1%eth0, 3, 2001:db8::",
        "::1, 3, ::"
    })
    void cutsAddresses(String ip, int bytes, String stored) {
        assertThat(ip(StoredContext.builder().ipv4Bytes(bytes), ip)).contains(stored);
    }

    @Test
    void cutsIpv6OnItsOwn() {
        assertThat(ip(StoredContext.builder().ipv4Bytes(3).ipv6Bits(24), "2001:db8:1:2:3:4:5:6"))
                .contains("2001:d00::");
        assertThat(ip(StoredContext.builder().ipv6Bits(48), "203.0.113.9")).contains("203.0.113.0");
        assertThatThrownBy(() -> StoredContext.builder().ipv6Bits(65)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> StoredContext.builder().ipv4Bytes(4)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leavesOutWhatIsNotAnAddressIfAddressesAreCut() {
        for (String text : List.of("unknown", "203.0.113.9, 10.0.0.1", "203.0.113.9:443", "[2001:db8::1]", "")) {
            assertThat(ip(StoredContext.builder().ipv4Bytes(2), text)).as(text).isEmpty();
            assertThat(ip(StoredContext.builder(), text)).as(text).contains(text);
        }
        assertThat(ip(StoredContext.builder().withoutIp(), "203.0.113.9")).isEmpty();
    }

    @Test
    void leavesOutFields() {
        ClickContext stored = StoredContext.builder()
                .withoutIp()
                .withoutUserAgent()
                .referrer(Referrer.NOTHING)
                .withoutExtras("session", "other")
                .build()
                .of(FULL);

        assertThat(stored)
                .isEqualTo(ClickContext.builder().extra("campaign", "c-1").build());
    }

    @ParameterizedTest
    @CsvSource({
        "WITHOUT_QUERY, https://user:secret@example.com:8443/path/page?m=7#top, https://example.com:8443/path/page",
        "WITHOUT_PATH, https://user:secret@example.com:8443/path/page?m=7#top, https://example.com:8443",
        "WITHOUT_QUERY, https://example.com#m=7, https://example.com",
        "WITHOUT_PATH, https://example.com?a=://b@c, https://example.com",
        "WITHOUT_QUERY, android-app://com.example/https/x?y, android-app://com.example/https/x",
        "WITHOUT_QUERY, no url,",
        "WITHOUT_PATH, '',",
        "WITHOUT_PATH, /path/m-7?next=https://example.com,",
        "WITHOUT_QUERY, 'm 7://example.com',",
        "WITHOUT_PATH, ://example.com,",
        "WITHOUT_PATH, HTTPS://example.com/path, HTTPS://example.com",
    })
    void cutsReferrers(Referrer part, String referrer, String stored) {
        assertThat(StoredContext.builder()
                        .referrer(part)
                        .build()
                        .of(ClickContext.builder().referrer(referrer).build())
                        .referrer())
                .isEqualTo(Optional.ofNullable(stored));
    }

    @Test
    void isAppliedBeforeAClickIsStoredOrImported() {
        InMemoryAttributionStore store = new InMemoryAttributionStore();
        Attribution attribution = Attribution.builder(store)
                .storedContext(StoredContext.builder()
                        .ipv4Bytes(2)
                        .withoutUserAgent()
                        .referrer(Referrer.WITHOUT_PATH)
                        .withoutExtras("session", "campaign")
                        .build())
                .build();
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
        ClickId imported = ClickIdGenerator.random().next();

        ClickId clicked = attribution.click(new ClickRequest("sale", "m", FULL)).clickId();
        attribution.importClicks(List.of(new Click(imported, "sale", "m", Instant.EPOCH, FULL)));

        Map<ClickId, Click> stored = store.clicks().find(List.of(clicked, imported));
        assertThat(stored.values())
                .hasSize(2)
                .allSatisfy(click -> assertThat(click.context())
                        .isEqualTo(ClickContext.builder()
                                .ip("203.0.0.0")
                                .referrer("https://example.com:8443")
                                .build()));
    }
}
