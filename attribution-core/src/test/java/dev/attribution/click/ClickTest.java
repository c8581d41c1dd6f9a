package dev.attribution.click;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.InvalidIdException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClickTest {
    private static final ClickId ID = ClickId.parse("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32");

    @Test
    void isTruncatedToMicroseconds() {
        Instant precise = Instant.parse("2026-02-03T04:05:06.123456789Z");

        assertThat(new Click(ID, "o", "m", precise, ClickContext.empty()).clickedAt())
                .isEqualTo(Instant.parse("2026-02-03T04:05:06.123456Z"));
    }

    @Test
    void isTruncatedTowardsThePastBefore1970Too() {
        Instant precise = Instant.parse("1969-12-31T23:59:59.999999999Z");

        assertThat(new Click(ID, "o", "m", precise, ClickContext.empty()).clickedAt())
                .isEqualTo(Instant.parse("1969-12-31T23:59:59.999999Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "\uD800"})
    void refusesIdsThatAreNotAllowed(String id) {
        assertThatThrownBy(() -> new Click(ID, id, "m", Instant.EPOCH, ClickContext.empty()))
                .isInstanceOf(InvalidIdException.class)
                .hasMessageContaining("offer id");
        assertThatThrownBy(() -> new Click(ID, "o", id, Instant.EPOCH, ClickContext.empty()))
                .isInstanceOf(InvalidIdException.class)
                .hasMessageContaining("member id");
        assertThatThrownBy(() -> ClickRequest.of(id, "m")).isInstanceOf(InvalidIdException.class);
        assertThatThrownBy(() -> ClickRequest.of("o", id)).isInstanceOf(InvalidIdException.class);
    }

    @Test
    void aRequestKeepsItsIdsExactlyAndTakesAContext() {
        ClickContext context = ClickContext.builder().ip("::1").build();
        ClickRequest request = ClickRequest.of(" Spring ", "Ünï-7 ").with(context);

        assertThat(request).isEqualTo(new ClickRequest(" Spring ", "Ünï-7 ", context));
        assertThat(ClickRequest.of("o", "m").context()).isEqualTo(ClickContext.empty());
    }
}
