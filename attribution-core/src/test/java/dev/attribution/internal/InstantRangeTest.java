package dev.attribution.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is stored has a time that every database holds: checked where it comes into being. */
class InstantRangeTest {
    private static final UUID ID = new UUID(1, 2);
    private static final List<Function<Instant, Instant>> BIRTHS = List.of(
            at -> new Click(ClickId.of(ID), "o", "m", at, ClickContext.empty()).clickedAt(),
            at -> Conversion.builder(ID)
                    .attemptId(ID)
                    .credits(ClickId.of(ID), "o", "m")
                    .convertedAt(at)
                    .build()
                    .convertedAt(),
            at -> HistoryEntry.builder(ID)
                    .receivedAt(at)
                    .outcome(Kind.UNATTRIBUTED, Reason.MISSING_CLICK_ID)
                    .build()
                    .receivedAt());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-999999999-01-01T00:00:00Z",
                "+300000-01-01T00:00:00Z",
                "-0001-12-31T23:59:59Z",
                "0000-12-31T23:59:59.999999999Z",
                "+10000-01-01T00:00:00Z",
                "-1000000000-01-01T00:00:00Z",
                "+1000000000-12-31T23:59:59.999999999Z"
            })
    void refusesATimeThatSomeDatabaseCannotHold(String time) {
        for (Function<Instant, Instant> birth : BIRTHS) {
            assertThatThrownBy(() -> birth.apply(Instant.parse(time)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("years 1 to 9999")
                    .hasMessageContaining(time);
        }
    }

    @Test
    void takesTheFirstAndTheLastTimeInMicroseconds() {
        for (Function<Instant, Instant> birth : BIRTHS) {
            assertThat(birth.apply(InstantRange.MIN)).isEqualTo(InstantRange.MIN);
            assertThat(birth.apply(InstantRange.MAX)).isEqualTo(InstantRange.MAX);
            assertThat(birth.apply(InstantRange.MAX.plusNanos(999))).isEqualTo(InstantRange.MAX);
        }
    }
}
