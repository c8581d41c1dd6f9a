package dev.attribution.trackers;

import static dev.attribution.trackers.Exports.ID;
import static dev.attribution.trackers.Exports.bytes;
import static dev.attribution.trackers.Exports.plain;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.reconcile.TrackerRow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times that have no marks, and local times when clocks are changed. */
class ExportTimesTest {
    private static TrackerRow read(String time, String zone) {
        return Exports.read(bytes(plain(), ("Time,Id\n\"" + time + "\"," + ID + "\n").getBytes(StandardCharsets.UTF_8))
                        .zone(ZoneId.of(zone)))
                .get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "20260302100000,2026-03-02T10:00:00Z",
        "20260302100000.5,2026-03-02T10:00:00.5Z",
        "202603021000,2026-03-02T10:00:00Z",
        "20260302,2026-03-02T00:00:00Z",
        "20260302T100000Z,2026-03-02T10:00:00Z",
        "20260302100000+0200,2026-03-02T08:00:00Z",
        "20260302 100000 UTC,",
        "1772445600,2026-03-02T10:00:00Z",
        "1772445600000,2026-03-02T10:00:00Z",
        "\u200E3/13/2026 10:00\u00A0AM\u200F,2026-03-13T10:00:00Z"
    })
    void readsDigitsThatMakeACalendarTime(String cell, Instant expected) {
        if (expected == null) {
            assertThat(read(cell, "UTC").problem()).isPresent();
        } else {
            assertThat(read(cell, "UTC").time()).contains(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"20261302100000", "20260230100000", "99999999999999", "17724456000000", "20260302250000"})
    void refusesFourteenDigitsThatMakeNoCalendarTime(String cell) {
        assertThat(read(cell, "UTC").problem()).isPresent();
    }

    @Test
    void givesBothInstantsOfATimeThatTheClocksShowTwice() {
        TrackerRow row = read("2026-10-25 02:30:00", "Europe/Berlin");

        assertThat(row.time()).contains(Instant.parse("2026-10-25T00:30:00Z"));
        assertThat(row.otherTime()).contains(Instant.parse("2026-10-25T01:30:00Z"));
        assertThat(row.note()).hasValueSatisfying(note -> assertThat(note).contains("twice"));
        assertThat(read("2026-10-25T02:30:00+02:00", "Europe/Berlin").otherTime())
                .isEmpty();
        assertThat(read("2026-10-25 03:00:00", "Europe/Berlin").otherTime()).isEmpty();
        assertThat(read("2026-04-05 01:45", "Australia/Lord_Howe").otherTime())
                .contains(Instant.parse("2026-04-04T15:15:00Z"));
    }

    @Test
    void notesATimeThatTheClocksNeverShowed() {
        TrackerRow row = read("2026-03-29 02:30:00", "Europe/Berlin");

        assertThat(row.time()).contains(Instant.parse("2026-03-29T01:30:00Z"));
        assertThat(row.otherTime()).isEmpty();
        assertThat(row.note())
                .hasValueSatisfying(note -> assertThat(note).contains("never showed", "from 02:00 to 03:00"));
    }
}
