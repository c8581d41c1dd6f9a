package dev.attribution.click;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class MemberHashTest {
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);

    @Test
    void isAnHmacOfBothIdsUnderAKey() throws Exception {
        byte[] text = "\0\0\0\u0004sale\0\0\0\u0001m".getBytes(StandardCharsets.UTF_8);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        ByteBuffer expected = ByteBuffer.wrap(mac.doFinal(text));

        UUID hash = MemberHash.keyed(KEY).of("sale", "m");

        assertThat(hash.getMostSignificantBits() & ~0xf000L).isEqualTo(expected.getLong() & ~0xf000L);
        assertThat(hash.version()).isEqualTo(8);
        assertThat(hash.variant()).isEqualTo(2);
        assertThat(hash).isNotEqualTo(MemberHash.plain().of("sale", "m"));
    }

    @Test
    void needsALongKeyAndPrintsNone() {
        assertThatThrownBy(() -> MemberHash.keyed(new byte[15])).isInstanceOf(IllegalArgumentException.class);
        assertThat(MemberHash.keyed(KEY)).hasToString("MemberHash[keyed]");
    }

    @Test
    void isStoredWithAClickUnderTheKeyOfTheFacade() {
        InMemoryAttributionStore store = new InMemoryAttributionStore();
        Attribution attribution = Attribution.builder(store).memberKey(KEY).build();
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
        ClickId imported = ClickIdGenerator.random().next();
        ClickId clicked = attribution.click(ClickRequest.of("sale", "m")).clickId();
        attribution.importClicks(List.of(new Click(imported, "sale", "m", Instant.EPOCH, ClickContext.empty())));

        assertThat(store.clicks().find(List.of(clicked, imported)).values())
                .hasSize(2)
                .allSatisfy(click -> assertThat(click.memberScope())
                        .isEqualTo(MemberHash.keyed(KEY).of("sale", "m")));
    }
}
