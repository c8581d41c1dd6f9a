package dev.attribution.click;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClickContextTest {
    private static final String EMOJI = "😀";

    @Test
    void keepsWhatItIsGiven() {
        ClickContext context = ClickContext.builder()
                .ip("2001:db8::1")
                .userAgent("Mozilla/5.0 " + EMOJI)
                .referrer("https://example.com/?a=b")
                .extra("zeta", "1")
                .extra("alpha", "")
                .build();

        assertThat(context.ip()).contains("2001:db8::1");
        assertThat(context.userAgent()).contains("Mozilla/5.0 " + EMOJI);
        assertThat(context.referrer()).contains("https://example.com/?a=b");
        assertThat(context.extras()).containsExactly(Map.entry("zeta", "1"), Map.entry("alpha", ""));
    }

    @Test
    void isEmptyWhereNothingIsKnown() {
        ClickContext nothing =
                ClickContext.builder().ip(null).userAgent(null).referrer(null).build();

        assertThat(nothing).isEqualTo(ClickContext.empty()).hasSameHashCodeAs(ClickContext.empty());
        assertThat(nothing.ip()).isEmpty();
        assertThat(nothing.extras()).isEmpty();
    }

    @Test
    void cutsALongValueInsteadOfLosingTheClick() {
        String longest = "x".repeat(ClickContext.MAX_VALUE);
        ClickContext context = ClickContext.builder()
                .ip(longest)
                .userAgent(longest + "y")
                .referrer(longest + "y".repeat(1 << 20))
                .extra("k", longest + "y")
                .build();

        assertThat(context.ip()).contains(longest);
        assertThat(context.userAgent()).contains(longest);
        assertThat(context.referrer()).contains(longest);
        assertThat(context.extras()).containsEntry("k", longest);
    }

    @Test
    void neverCutsThroughASurrogatePair() {
        String fits = "x".repeat(ClickContext.MAX_VALUE - 1);

        assertThat(userAgent(fits + EMOJI)).isEqualTo(fits);
        assertThat(userAgent(fits.substring(1) + EMOJI)).isEqualTo(fits.substring(1) + EMOJI);
        assertThat(userAgent(fits.substring(1) + EMOJI + "z")).isEqualTo(fits.substring(1) + EMOJI);
    }

    @Test
    void replacesWhatSomeDatabasesCannotHold() {
        assertThat(userAgent("a\0b\uD800c\uDC00\uD83D")).isEqualTo("a\uFFFDb\uFFFDc\uFFFD\uFFFD");
        assertThat(userAgent("\r\n\t\u0001")).isEqualTo("\r\n\t\u0001");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\0",
                "a\uD800",
                "\uDC00",
                "12345678901234567890123456789012345678901234567890123456789012345"
            })
    void refusesANameThatIsNotAllowed(String name) {
        ClickContext.Builder builder = ClickContext.builder();

        assertThatThrownBy(() -> builder.extra(name, "v")).isInstanceOf(IllegalArgumentException.class);
        assertThat(builder.build()).isEqualTo(ClickContext.empty());
    }

    @Test
    void refusesMoreExtrasThanItCarriesButReplacesOne() {
        ClickContext.Builder builder = ClickContext.builder();
        for (int i = 0; i < ClickContext.MAX_EXTRAS; i++) {
            builder.extra("k" + i, "v");
        }
        builder.extra("k0", "new");

        assertThatThrownBy(() -> builder.extra("one more", "v"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("64");
        assertThat(builder.build().extras()).hasSize(ClickContext.MAX_EXTRAS).containsEntry("k0", "new");
    }

    @Test
    void isNotChangedThroughItsBuilderOrItsMap() {
        ClickContext.Builder builder = ClickContext.builder().extra("a", "1");
        ClickContext context = builder.build();
        builder.extra("b", "2").ip("::1");

        assertThat(context.extras()).isEqualTo(Map.of("a", "1"));
        assertThat(context.ip()).isEmpty();
        assertThatThrownBy(() -> context.extras().put("c", "3")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void equalsByAllThatIsKnown() {
        assertThat(ClickContext.builder().ip("a").build())
                .isEqualTo(ClickContext.builder().ip("a").build())
                .isNotEqualTo(ClickContext.builder().ip("b").build())
                .isNotEqualTo(ClickContext.builder().userAgent("a").build())
                .isNotEqualTo(ClickContext.builder().ip("a").referrer("r").build())
                .isNotEqualTo(ClickContext.builder().ip("a").extra("k", "v").build());
    }

    @Test
    void showsNoPersonalData() {
        ClickContext context = ClickContext.builder()
                .ip("192.0.2.1")
                .userAgent("Mozilla")
                .referrer("https://a.example")
                .extra("visit", "s3cret")
                .build();

        assertThat(context.toString()).contains("visit").doesNotContain("192.0.2.1", "Mozilla", "a.example", "s3cret");
    }

    private static String userAgent(String value) {
        return ClickContext.builder().userAgent(value).build().userAgent().orElseThrow();
    }
}
