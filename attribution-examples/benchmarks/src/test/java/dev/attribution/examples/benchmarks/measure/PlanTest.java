package dev.attribution.examples.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
    @Test
    void measuresUnderAllStatisticsIfNotTold() {
        assertThat(Plan.parse(List.of()).statistics())
                .containsExactly(Statistics.FRESH, Statistics.NONE, Statistics.EMPTY);
    }

    @Test
    void takesSomeStatistics() {
        assertThat(Plan.parse(List.of("statistics=none")).statistics()).containsExactly(Statistics.NONE);
        assertThat(Plan.parse(List.of("statistics=empty,fresh")).statistics())
                .containsExactly(Statistics.FRESH, Statistics.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"statistics=old", "statistics=", "statistics=none,old", "rounds=0", "lap=1"})
    void refusesWhatItDoesNotKnow(String option) {
        assertThatThrownBy(() -> Plan.parse(List.of(option))).isInstanceOf(IllegalArgumentException.class);
    }
}
