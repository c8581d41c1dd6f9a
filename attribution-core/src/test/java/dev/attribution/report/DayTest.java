package dev.attribution.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DayTest {
    @ParameterizedTest
    @CsvSource({
        "2026-02-03, UTC, 2026-02-03T00:00:00Z, 24",
        "2026-02-03, Pacific/Chatham, 2026-02-02T10:15:00Z, 24",
        "2026-03-29, Europe/Berlin, 2026-03-28T23:00:00Z, 23",
        "2026-10-25, Europe/Berlin, 2026-10-24T22:00:00Z, 25",
        "2018-11-04, America/Sao_Paulo, 2018-11-04T03:00:00Z, 23",
    })
    void lastsFromMidnightToMidnightInItsZone(LocalDate date, ZoneId zone, Instant from, long hours) {
        Day day = Day.of(date, zone);

        assertThat(day.from()).isEqualTo(from);
        assertThat(Duration.between(day.from(), day.until())).isEqualTo(Duration.ofHours(hours));
        assertThat(Day.of(date.plusDays(1), zone).from()).isEqualTo(day.until());
    }

    @Test
    void aRateNeedsClicks() {
        LocalDate day = LocalDate.of(2026, 2, 3);

        assertThat(row(day, Optional.empty(), 0, 5).conversionRate()).isEmpty();
        assertThat(row(day, Optional.of("o"), 4, 1).conversionRate()).hasValue(0.25);
        assertThat(row(day, Optional.of("o"), 2, 3).conversionRate()).hasValue(1.5);
    }

    @Test
    void aPageIsNotChangedThroughItsRows() {
        List<String> rows = new ArrayList<>(List.of("a"));
        Page<String> page = new Page<>(rows, Optional.empty());
        rows.add("b");

        assertThat(page.rows()).containsExactly("a");
        assertThatThrownBy(() -> page.rows().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    private static SummaryRow row(LocalDate day, Optional<String> offerId, long clicks, long conversions) {
        return SummaryRow.builder(day, offerId.orElse(null))
                .clicks(clicks)
                .entries(Kind.ATTRIBUTED, null, Origin.RECEIVED, "standard", conversions)
                .build();
    }
}
