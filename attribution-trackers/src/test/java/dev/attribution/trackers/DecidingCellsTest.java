package dev.attribution.trackers;

import static dev.attribution.trackers.Exports.ID;
import static dev.attribution.trackers.Exports.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.reconcile.TrackerRow;
import dev.attribution.reconcile.TrackerRow.Standing;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells that decide whether a row counts and what it is, with what programs add around their texts. */
class DecidingCellsTest {
    private static final String TIME = "2024-02-27 07:01:52";
    private static final String TUNE =
            "Stat.datetime,Stat.affiliate_info1,Stat.goal_id,Stat.ad_id,Stat.tune_event_id,Stat.payout,Stat.status,Stat.status_code\n";

    private static TrackerRow tune(String status, String code) {
        return read(Tracker.tune(), TUNE + TIME + "," + ID + ",5,T1,77,1.50,\"" + status + "\",\"" + code + "\"\n")
                .get(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rejected",
                "rejected\u00A0",
                "\uFEFFrejected",
                " Rejected \t",
                "REJECTED",
                "rejected\u200B",
                "re\u00ADjected",
                "\u200Erejected\u200F",
                "rejected\u3164",
                "rejected\uDB40\uDC20",
                "\u3000rejected",
                "'rejected'",
                "rejected.",
                "rejected (daily cap)",
                "auto-rejected",
                "Declined",
                "chargeback\u00A0",
                "reversed",
                "\uFF32\uFF25\uFF2A\uFF25\uFF23\uFF34\uFF25\uFF24"
            })
    void takesARejectionForOneWhateverStandsAroundIt(String status) {
        assertThat(tune(status, "").standing()).isEqualTo(Standing.REVERSED);
        assertThat(tune(status, "").isInDoubt()).isFalse();
        assertThat(tune(status + " (duplicate)", "").standing()).isEqualTo(Standing.REJECTED);
    }

    @Test
    void readsWhatAStatusSaysOfTheConversion() {
        for (String pending : List.of("Pending\u00A0", "on hold", "pending (paid later)")) {
            assertThat(tune(pending, "").standing()).as(pending).isEqualTo(Standing.PENDING);
        }
        for (String approved : List.of("approved", "Approved by hand", "PAID", "confirmed.")) {
            assertThat(tune(approved, "").standing()).as(approved).isEqualTo(Standing.APPROVED);
            assertThat(tune(approved, "").isInDoubt()).as(approved).isFalse();
        }
        assertThat(tune("paid, then refunded", "").standing()).isEqualTo(Standing.REVERSED);
        assertThat(tune("pending", "").isInDoubt()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "completed", "not approved", "unapproved", "held", "???", "3"})
    void isInDoubtAboutAStatusOfUnknownWords(String status) {
        assertThat(tune(status, "").standing()).isEqualTo(Standing.COUNTED);
        assertThat(tune(status, "").isInDoubt()).isTrue();
        assertThat(tune(status, "").note())
                .hasValueSatisfying(note -> assertThat(note).contains("the status '" + status + "' does not say"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"12", "12\u00A0", " 12", "12.0", "12,00", "012", "12\u200B"})
    void readsAStatusCodeAsASpreadsheetWritesIt(String code) {
        assertThat(tune("approved", code).standing()).isEqualTo(Standing.REJECTED);
    }

    @Test
    void isInDoubtAboutAStatusCodeThatIsNotANumber() {
        assertThat(tune("approved", "1.2E+01").isInDoubt()).isTrue();
        assertThat(tune("approved", "1.2E+01").note())
                .hasValueSatisfying(note -> assertThat(note).contains("status code '1.2E+01'"));
        assertThat(tune("approved", "41").isInDoubt()).isFalse();
        assertThat(tune("approved", "null").isInDoubt()).isFalse();
    }

    @Test
    void isInDoubtAboutARowThatEndsBeforeItsStatus() {
        TrackerRow cut =
                read(Tracker.tune(), TUNE + TIME + "," + ID + ",5,T1,77,1.50\n").get(0);

        assertThat(cut.isInDoubt()).isTrue();
        assertThat(cut.note()).hasValueSatisfying(note -> assertThat(note).contains("6 columns, the header 8"));
    }

    @Test
    void isInDoubtAboutALastRowThatMayBeCut() {
        String cut = "Time,Id,Amount,Event\n" + TIME + "," + ID + ",1\n" + TIME + "," + ID + ",12";

        assertThat(read(Exports.plain(), cut)).extracting(TrackerRow::isInDoubt).containsExactly(false, true);
        assertThat(read(Exports.plain(), cut + ".50,buy"))
                .extracting(TrackerRow::isInDoubt)
                .containsExactly(false, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "TRUE\u00A0", "\uFEFFTrue", "1", "1\u200B", " yes "})
    void takesARowForThePrimaryOneWhateverStandsAroundTheWord(String primary) {
        assertThat(primary(primary).standing()).isEqualTo(Standing.COUNTED);
        assertThat(primary(primary).isInDoubt()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAHR", "2", "maybe", "not true"})
    void isInDoubtAboutAWordThatIsNeitherYesNorNo(String primary) {
        assertThat(primary(primary).standing()).isEqualTo(Standing.NOT_PRIMARY);
        assertThat(primary(primary).isInDoubt()).isTrue();
    }

    private static TrackerRow primary(String primary) {
        return read(
                        Tracker.appsFlyer(),
                        "Event Time,Event Name,Sub Param 1,Is Primary Attribution\n" + TIME + ",buy," + ID + ",\""
                                + primary + "\"\n")
                .get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"200", "200\u00A0", " 200", "200.0"})
    void readsAnAnswerWhateverStandsAroundIt(String answer) {
        assertThat(read(
                                Tracker.appsFlyer(),
                                "Event Time,Event Name,Sub Param 1,Postback HTTP Response Code\n" + TIME + ",buy," + ID
                                        + ",\"" + answer + "\"\n")
                        .get(0)
                        .answerStatus())
                .hasValue(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00A0" + ID,
                "\uFEFF" + ID + "\u200B",
                "'" + ID,
                "\"\"" + ID + "\"\"",
                ID + "/",
                "%20" + ID,
                "(" + ID + ")\u00A0"
            })
    void readsAClickIdAsAPostbackDoesAndNotesIt(String cell) {
        boolean isRead = !cell.startsWith("(");

        TrackerRow row = read(Exports.plain(), "Time,Id\n" + TIME + ",\"" + cell + "\"\n")
                .get(0);

        assertThat(row.clickId().filter(ID::equals).isPresent()).isEqualTo(isRead);
        assertThat(row.note().isPresent()).isEqualTo(isRead);
    }

    @Test
    void takesTheWordsOfPostbacksForNothing() {
        for (String nothing : List.of("null", "undefined", "(null)", "NaN", "N/A", "-", "\u00A0", "[]", "None")) {
            TrackerRow row = read(
                            Tracker.tune(),
                            TUNE + TIME + "," + nothing + "," + nothing + "," + nothing + "," + nothing + "," + nothing
                                    + "," + nothing + "," + nothing + "\n")
                    .get(0);

            assertThat(row.clickId()).as(nothing).isEmpty();
            assertThat(row.eventId()).as(nothing).isEmpty();
            assertThat(row.transactionId()).as(nothing).isEmpty();
            assertThat(row.rowId()).as(nothing).isEmpty();
            assertThat(row.amount()).as(nothing).isEmpty();
            assertThat(row.status()).as(nothing).isEmpty();
            assertThat(row.note().orElse("")).as(nothing).startsWith("the status '' does not say");
            assertThat(row.isInDoubt()).as(nothing).isTrue();
        }
    }

    @Test
    void readsIdsWithoutWhatIsInvisibleAroundThemAndNotesIt() {
        TrackerRow row = read(Tracker.tune(), TUNE + TIME + "," + ID + ",\uFEFF5,T1\u00A0,77\u200B,1.50,approved,\n")
                .get(0);

        assertThat(row.eventId()).contains("5");
        assertThat(row.transactionId()).contains("T1");
        assertThat(row.rowId()).contains("77");
        assertThat(row.note())
                .hasValueSatisfying(note -> assertThat(note)
                        .contains("event was read from '\\uFEFF5'", "transaction id was", "id of the row was"));
    }

    @Test
    void takesTheFirstFilledOfTwoColumnsOfOneName() {
        String text = "Time,Id,Event,Amount,Id,event,Amount\n" + TIME + ",,,," + ID + ",buy,1.50\n" + TIME + ",other,"
                + "null,2," + ID + ",buy,3\n";

        List<TrackerRow> rows = read(Exports.plain(), text);

        assertThat(rows).extracting(row -> row.clickId().orElseThrow()).containsExactly(ID, ID);
        assertThat(rows).extracting(row -> row.eventId().orElseThrow()).containsExactly("buy", "buy");
        assertThat(rows)
                .extracting(row -> row.amount().orElseThrow())
                .containsExactly(new BigDecimal("1.50"), new BigDecimal("2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Conversions of March\n",
                "\"Report; of: March\"\n\nexported by,me\n",
                "Partner,Offer,Period,Zone,Filter\n1,2,3,4,5\n\n",
                "\uFEFF\"a title\nof two lines\"\n",
                "\"a quote that never closes\n"
            })
    void findsTheHeaderBelowLinesOfATitle(String title) {
        String text = title + "Time;Id;Event;Amount\n" + TIME + ";" + ID + ";buy;12,50\n";

        assertThat(read(Exports.plain(), text)).singleElement().satisfies(row -> {
            assertThat(row.clickId()).contains(ID);
            assertThat(row.amount()).contains(new BigDecimal("12.50"));
            assertThat(row.line()).isEqualTo(text.lines().count());
        });
    }

    @Test
    void showsTheWidestOfTheFirstLinesIfNoneIsAHeader() {
        assertThatThrownBy(() -> read(Exports.plain(), "Report\na,b,Event\n1,2,3\n"))
                .hasMessageContainingAll("'Time'", "'Id'", "a, b, Event");
        assertThatThrownBy(() -> read(Exports.plain(), "x\n".repeat(20) + "Time,Id\n"))
                .hasMessageContaining("first 20 lines");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sep=",
                "sep=\"",
                "sep=;",
                "sep=\t",
                "sep=,,,",
                "SEP=;",
                "\"sep=;\"",
                "sep=x",
                "sep=;;;",
                "sep=; ",
                "sep=,;"
            })
    void obeysOrIgnoresTheLineThatNamesTheSeparator(String line) {
        char separator = line.contains(";") && !line.contains(",") ? ';' : line.contains("\t") ? '\t' : ',';
        String text = line + "\r\n" + ("Time,Id,Event\r\n" + TIME + "," + ID + ",buy\r\n").replace(',', separator);

        assertThat(read(Exports.plain(), text)).singleElement().satisfies(row -> {
            assertThat(row.eventId()).contains("buy");
            assertThat(row.line()).isEqualTo(3);
        });
    }

    @Test
    void obeysAnySeparatorThatIsNamed() {
        assertThat(read(Exports.plain(), "sep=|\nTime|Id|Event\n" + TIME + "|" + ID + "|a,b;c\n"))
                .singleElement()
                .satisfies(row -> assertThat(row.eventId()).contains("a,b;c"));
    }

    @Test
    void refusesAWordOfAStatusWithoutLetters() {
        assertThatThrownBy(() -> ExportFormat.builder().rejectedStatus("\u00A0"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
