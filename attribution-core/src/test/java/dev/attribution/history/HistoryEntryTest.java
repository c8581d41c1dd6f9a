package dev.attribution.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.ConversionChange;
import dev.attribution.conversion.ConversionState;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParser;
import dev.attribution.postback.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HistoryEntryTest {
    private static final UUID CONVERSION = new UUID(5, 6);
    private static final ConversionChange CHANGE = new ConversionChange(state(1), state(2));

    private static ConversionState state(int revision) {
        return new ConversionState(
                ConversionStatus.PENDING,
                revision,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static final ClickId CLICK_ID = ClickId.parse("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32");

    private static HistoryEntry.Builder entry() {
        return HistoryEntry.builder(new UUID(1, 2))
                .receivedAt(Instant.parse("2026-02-03T04:05:06.123456789Z"))
                .outcome(Kind.UNATTRIBUTED, Reason.MISSING_CLICK_ID);
    }

    @Test
    void isTruncatedToMicroseconds() {
        assertThat(entry().build().receivedAt()).isEqualTo(Instant.parse("2026-02-03T04:05:06.123456Z"));
    }

    @ParameterizedTest
    @EnumSource
    void takesAReasonWithItsKindOnly(Reason reason) {
        for (Kind kind : Kind.values()) {
            UUID conversionId = kind.movesConversion() || kind == Kind.DUPLICATE ? CONVERSION : null;
            HistoryEntry.Builder builder = entry().outcome(kind, reason)
                    .conversionId(conversionId)
                    .change(kind == Kind.ADJUSTED ? CHANGE : null);
            boolean isTest = reason == Reason.TEST_CALL && kind == Kind.UNATTRIBUTED;
            if (kind == reason.kind() || isTest) {
                assertThat(builder.build().reason()).contains(reason);
            } else {
                assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void hasAChangeIfAndOnlyIfItIsAdjusted() {
        HistoryEntry adjusted = entry().outcome(Kind.ADJUSTED, null)
                .conversionId(CONVERSION)
                .change(CHANGE)
                .build();

        assertThat(adjusted.change()).contains(CHANGE);
        assertThat(adjusted.severity()).isEqualTo(Severity.INFO);
        assertThatThrownBy(entry().outcome(Kind.ADJUSTED, null).conversionId(CONVERSION)::build)
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(entry().outcome(Kind.ATTRIBUTED, null)
                        .conversionId(CONVERSION)
                        .change(CHANGE)::build)
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesTheReservationOfAReversalThatCameFirst() {
        assertThat(entry().outcome(Kind.REJECTED, Reason.NOTHING_TO_REVERSE)
                        .conversionId(CONVERSION)
                        .build()
                        .conversionId())
                .contains(CONVERSION);
        assertThat(entry().outcome(Kind.REJECTED, Reason.NOTHING_TO_REVERSE)
                        .build()
                        .conversionId())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "ATTRIBUTED, -, true, INFO",
                "HELD, -, true, INFO",
                "REJECTED, TEST_CALL, false, INFO",
                "UNATTRIBUTED, TEST_CALL, false, INFO",
                "DUPLICATE, ALREADY_CREDITED, true, WARN",
                "REJECTED, TOO_EARLY, false, WARN",
                "UNATTRIBUTED, UNKNOWN_CLICK_ID, false, ERROR",
            })
    void namesAConversionExactlyWhereThereIsOne(Kind kind, Reason reason, boolean names, Severity severity) {
        HistoryEntry.Builder with = entry().outcome(kind, reason).conversionId(CONVERSION);
        HistoryEntry.Builder without = entry().outcome(kind, reason);

        assertThat((names ? with : without).build().severity()).isEqualTo(severity);
        assertThat((names ? with : without).build().conversionId().isPresent()).isEqualTo(names);
        assertThatThrownBy((names ? without : with)::build).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ATTRIBUTED", "HELD", "ADJUSTED"},
            mode = EnumSource.Mode.EXCLUDE)
    void whatDidNothingHasAReason(Kind kind) {
        HistoryEntry.Builder builder =
                entry().outcome(kind, null).conversionId(kind == Kind.DUPLICATE ? CONVERSION : null);

        assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void comesFromATrackerUnlessItSaysOtherwise() {
        assertThat(entry().build().origin()).isEqualTo(Origin.RECEIVED);
        assertThat(entry().origin(Origin.IMPORTED, null).build().origin()).isEqualTo(Origin.IMPORTED);
        assertThat(entry().origin(Origin.IMPORTED, null).build()).isNotEqualTo(entry().build());
    }

    @Test
    void aReplayAndNothingElseNamesTheAttemptThatItRepeats() {
        UUID original = new UUID(7, 8);

        assertThat(entry().origin(Origin.REPLAYED, original).build().replayOf()).contains(original);
        assertThat(entry().origin(Origin.REPLAYED, original).build())
                .isNotEqualTo(entry().origin(Origin.REPLAYED, new UUID(7, 9)).build());
        for (HistoryEntry.Builder wrong : List.of(
                entry().origin(Origin.REPLAYED, null),
                entry().origin(Origin.RECEIVED, original),
                entry().origin(Origin.IMPORTED, original))) {
            assertThatThrownBy(wrong::build).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void keyTimeAndOutcomeAreRequired() {
        HistoryEntry.Builder noTime =
                HistoryEntry.builder(new UUID(1, 2)).outcome(Kind.UNATTRIBUTED, Reason.MISSING_CLICK_ID);
        HistoryEntry.Builder noOutcome = HistoryEntry.builder(new UUID(1, 2)).receivedAt(Instant.EPOCH);

        assertThatThrownBy(noTime::build).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(noOutcome::build).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> HistoryEntry.builder(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void keepsAQueryOfTheGreatestLength() {
        String longest = "q".repeat(PostbackParser.MAX_LENGTH);

        assertThat(entry().query(longest, false).build().query()).isEqualTo(longest);
        assertThat(entry().query(longest, false).build().truncated()).isFalse();
        assertThat(entry().query(longest, true).build().truncated()).isTrue();
    }

    @Test
    void cutsALongerQueryAndSaysSo() {
        String fits = "q".repeat(PostbackParser.MAX_LENGTH - 1);

        assertThat(entry().query(fits + "xy", false).build().query()).isEqualTo(fits + "x");
        assertThat(entry().query(fits + "xy", false).build().truncated()).isTrue();
        assertThat(entry().query(fits + "😀", false).build().query())
                .as("never through a pair")
                .isEqualTo(fits);
        assertThat(entry().query(fits + "😀", false).build().truncated()).isTrue();
    }

    @Test
    void cutsAReceivedClickIdNeverThroughAPair() {
        String fits = "c".repeat(HistoryEntry.MAX_CLICK_ID - 1);

        assertThat(received(fits + "x")).isEqualTo(fits + "x");
        assertThat(received(fits + "xy")).isEqualTo(fits + "x");
        assertThat(received(fits + "😀")).isEqualTo(fits);
        assertThat(received("😀".repeat(200))).isEqualTo("😀".repeat(127));
    }

    @Test
    void escapesNothingAndReplacesOnlyWhatSomeDatabasesCannotHold() {
        assertThat(received("<b>&\r\n'%00")).isEqualTo("<b>&\r\n'%00");
        assertThat(received("a\0\uD83Db\uDE00")).isEqualTo("a\uFFFD\uFFFDb\uFFFD");
        assertThat(entry().query("a=%00\0\uD83D", false).build().query()).isEqualTo("a=%00\uFFFD\uFFFD");
    }

    @Test
    void isNotChangedThroughItsNotes() {
        List<String> notes = new ArrayList<>(List.of("one"));
        HistoryEntry entry = entry().notes(notes).build();
        notes.add("two");

        assertThat(entry.notes()).containsExactly("one");
        assertThatThrownBy(() -> entry.notes().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void equalsByEverything() {
        assertThat(entry().build())
                .isEqualTo(entry().build())
                .hasSameHashCodeAs(entry().build())
                .isNotEqualTo(entry().receivedAt(Instant.EPOCH).build())
                .isNotEqualTo(entry().outcome(Kind.UNATTRIBUTED, Reason.UNKNOWN_CLICK_ID)
                        .build())
                .isNotEqualTo(entry().clickId("x", null).build())
                .isNotEqualTo(entry().clickId(null, CLICK_ID).build())
                .isNotEqualTo(entry().click("o", null).build())
                .isNotEqualTo(entry().click(null, "m").build())
                .isNotEqualTo(entry().eventId("e").transactionId(null).build())
                .isNotEqualTo(entry().eventId(null).transactionId("t").build())
                .isNotEqualTo(entry().query("q", false).build())
                .isNotEqualTo(entry().query("", true).build())
                .isNotEqualTo(entry().notes(List.of("n")).build());
    }

    @Test
    void itsDescriptionHasNothingThatCameFromOutside() {
        assertThat(entry().clickId("s3cret\n", null)
                        .eventId("s3cret")
                        .transactionId("s3cret")
                        .query("s3cret", false)
                        .click("s3cret", "s3cret")
                        .build())
                .asString()
                .contains("ERROR", "MISSING_CLICK_ID")
                .doesNotContain("s3cret");
    }

    private static String received(String text) {
        return entry().clickId(text, null).build().receivedClickId().orElseThrow();
    }
}
