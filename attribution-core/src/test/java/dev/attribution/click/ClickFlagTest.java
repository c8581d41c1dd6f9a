package dev.attribution.click;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClickFlagTest {
    private static final Instant TIME = Instant.parse("2026-02-03T04:05:06.123456789Z");

    @Test
    void standsUntilItIsCleared() {
        ClickFlag flag = ClickFlag.of("head");
        ClickFlag cleared = flag.cleared(TIME);

        assertThat(flag.stands()).isTrue();
        assertThat(cleared.stands()).isFalse();
        assertThat(cleared.clearedAt()).contains(Instant.parse("2026-02-03T04:05:06.123456Z"));
        assertThat(cleared.cleared(TIME.plusSeconds(1))).isEqualTo(cleared);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "Head", "a b", "a\n", "ä"})
    void refusesANameThatIsNotOneOfARule(String rule) {
        assertThatThrownBy(() -> ClickFlag.of(rule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rule");
        assertThatThrownBy(() -> ClickFlag.of("x".repeat(65))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void makesAClickCountOnceItIsCleared() {
        Click click =
                new Click(ClickId.parse("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32"), "o", "m", TIME, ClickContext.empty());

        assertThat(click.isCreditable()).isTrue();
        assertThat(click.with(ClickFlag.of("head")).isCreditable()).isFalse();
        assertThat(click.with(ClickFlag.of("head").cleared(TIME)).isCreditable())
                .isTrue();
        assertThat(click.with(ClickFlag.of("head")))
                .hasToString("Click[efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32, offer o, at 2026-02-03T04:05:06.123456Z, "
                        + ClickContext.empty() + ", ClickFlag[rule=head, clearedAt=Optional.empty]]");
    }
}
