package dev.attribution.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetentionRunTest {
    private static Duration rest(long workedMillis, double share) {
        return RetentionRun.rest(Duration.ofMillis(workedMillis), share);
    }

    @Test
    void restsAsLongAsItsShareLeaves() {
        assertThat(rest(5_000, 0.5)).isEqualTo(Duration.ofSeconds(5));
        assertThat(rest(2_000, 0.2)).isEqualTo(Duration.ofSeconds(8));
        assertThat(rest(5_000, 1)).isZero();
    }

    @Test
    void restsAfterAShortBatchToo() {
        assertThat(RetentionRun.rest(Duration.ofNanos(200_000), 0.1)).isEqualTo(Duration.ofNanos(1_800_000));
    }

    @Test
    void restsAMinuteAtMostAndNotIfTheClockWentBack() {
        assertThat(rest(Duration.ofDays(1).toMillis(), 0.5)).isEqualTo(Duration.ofMinutes(1));
        assertThat(rest(1_000, Double.MIN_VALUE)).isEqualTo(Duration.ofMinutes(1));
        assertThat(rest(-5_000, 0.5)).isZero();
        assertThat(rest(0, 0.5)).isZero();
    }
}
