package dev.attribution.trackers;

import static dev.attribution.trackers.Exports.ID;
import static dev.attribution.trackers.Exports.bytes;
import static dev.attribution.trackers.Exports.plain;
import static dev.attribution.trackers.Exports.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.reconcile.TrackerRow;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one cell leaves open is decided by its column. */
class ColumnStylesTest {
    private static final String TIME = "2024-02-27 07:01:52";

    private static String amounts(char separator, String... amounts) {
        StringBuilder text = new StringBuilder("Time,Id,Amount\n".replace(',', separator));
        for (String amount : amounts) {
            text.append(TIME)
                    .append(separator)
                    .append(ID)
                    .append(separator)
                    .append('"')
                    .append(amount)
                    .append("\"\n");
        }
        return text.toString();
    }

    private static List<String> amountsOf(List<TrackerRow> rows) {
        return rows.stream()
                .filter(row -> !row.isAboutSource())
                .map(row -> row.amount().map(BigDecimal::toPlainString).orElse("-"))
                .toList();
    }

    private static String dates(String... dates) {
        StringBuilder text = new StringBuilder("Time,Id\n");
        for (String date : dates) {
            text.append(date).append(',').append(ID).append('\n');
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "12,50|1,234|12.50|1.234",
                "1,234|12,50|1.234|12.50",
                "12.50|1,234|12.50|1234",
                "1.234|12.50|1.234|12.50",
                "12,5|1.234|12.5|1234",
                "1.234.567|1.234|1234567|1234",
                "1,234,567|1,234|1234567|1234",
                "1.234,50|1.234|1234.50|1234",
                "0,125|-1,234|0.125|-1.234",
                "EUR 12,50|(1,234)|12.50|-1.234",
                "1 234,5|1.234|1234.5|1234"
            })
    void readsAnAmountAsItsColumnIsWritten(String one, String other, String first, String second) {
        List<TrackerRow> rows = read(plain(), amounts(',', one, other));

        assertThat(rows).noneMatch(TrackerRow::isAboutSource).noneMatch(TrackerRow::isInDoubt);
        assertThat(amountsOf(rows)).containsExactly(first, second);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {",|1,234|1234", ",|1.234|1.234", "TAB|1,234|1234", ";|1,234|1.234", ";|1.234|1234"})
    void saysFirstThatNothingProvesTheDecimalMark(String separator, String amount, String likely) {
        char mark = separator.equals("TAB") ? '\t' : separator.charAt(0);

        List<TrackerRow> rows = read(plain(), amounts(mark, "5", amount, "7"));

        assertThat(rows).hasSize(4);
        assertThat(rows.get(0).isAboutSource()).isTrue();
        assertThat(rows.get(0).problem())
                .hasValueSatisfying(problem -> assertThat(problem)
                        .contains("'Amount'", "decimal mark", "'" + amount + "' in line 3", "decimalComma()"));
        assertThat(rows.subList(1, 4)).extracting(TrackerRow::isInDoubt).containsExactly(false, true, false);
        assertThat(rows.get(2).note())
                .hasValueSatisfying(note -> assertThat(note).contains("in doubt", amount));
        assertThat(amountsOf(rows)).containsExactly("5", likely, "7");
    }

    @Test
    void readsAnAmountAsTheHostSays() {
        ExportReader reader = bytes(plain(), amounts(',', "1,234", "12.50").getBytes(StandardCharsets.UTF_8))
                .zone(ZoneOffset.UTC);

        assertThat(amountsOf(read(reader.decimalPoint()))).containsExactly("1234", "12.50");
        assertThat(amountsOf(read(reader.decimalComma()))).containsExactly("1.234", "-");
        assertThat(read(reader.decimalComma()).get(1).isInDoubt()).isTrue();
        assertThat(amountsOf(read(reader.decimalComma().decimalPoint()))).containsExactly("1234", "12.50");
    }

    @Test
    void saysFirstThatAmountsContradictEachOther() {
        List<TrackerRow> rows = read(plain(), amounts(',', "12.50", "12,50", "1,234", "1.234", "-1,234"));

        assertThat(rows.get(0).isAboutSource()).isTrue();
        assertThat(rows.get(0).problem())
                .hasValueSatisfying(problem -> assertThat(problem)
                        .contains(
                                "decimal points ('12.50' in line 2)", "decimal commas ('12,50' in line 3)", "'1,234'"));
        assertThat(amountsOf(rows)).containsExactly("12.50", "12.50", "-", "-", "-");
        assertThat(rows.subList(3, 6)).allMatch(TrackerRow::isInDoubt);
    }

    @Test
    void saysAContradictionEvenIfNoCellIsInDoubt() {
        assertThat(read(plain(), amounts(',', "12.50", "12,50")).get(0).isAboutSource())
                .isTrue();
        assertThat(read(plain(), dates("03/13/2026", "13/03/2026")).get(0).isAboutSource())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "04/03/2026,13/03/2026,2026-03-04,2026-03-13",
        "13/03/2026,04/03/2026,2026-03-13,2026-03-04",
        "04/03/2026,03/13/2026,2026-04-03,2026-03-13",
        "4-3-26,13-3-26,2026-03-04,2026-03-13",
        "04.03.2026,03/04/2026 1:00 PM,2026-03-04,2026-03-04T13:00:00Z"
    })
    void readsADateAsItsColumnIsWritten(String one, String other, String first, String second) {
        List<TrackerRow> rows = read(plain(), dates(one, other));

        if (other.contains("PM")) { // points say nothing about dates with slashes
            assertThat(rows.get(0).isAboutSource()).isTrue();
            return;
        }
        assertThat(rows).extracting(row -> row.time().orElseThrow()).containsExactly(midnight(first), midnight(second));
        assertThat(rows).noneMatch(TrackerRow::isInDoubt);
    }

    private static Instant midnight(String day) {
        return Instant.parse(day + "T00:00:00Z");
    }

    @Test
    void saysFirstThatNothingProvesTheOrderOfDayAndMonth() {
        List<TrackerRow> rows = read(plain(), dates("03/03/2026", "04/03/2026"));

        assertThat(rows).hasSize(3);
        assertThat(rows.get(0).isAboutSource()).isTrue();
        assertThat(rows.get(0).problem())
                .hasValueSatisfying(problem ->
                        assertThat(problem).contains("'Time'", "'04/03/2026' in line 3", "dayFirst() or monthFirst()"));
        assertThat(rows.get(1).isInDoubt()).isFalse();
        assertThat(rows.get(2).isInDoubt()).isTrue();
        assertThat(rows.get(2).time()).contains(midnight("2026-04-03"));
    }

    @Test
    void readsNoDateOfAColumnThatContradictsItself() {
        List<TrackerRow> rows = read(plain(), dates("04/03/2026", "13/03/2026", "03/14/2026"));

        assertThat(rows.get(0).isAboutSource()).isTrue();
        assertThat(rows.get(1).problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("in doubt"));
        assertThat(rows.subList(2, 4))
                .extracting(row -> row.time().orElseThrow())
                .containsExactly(midnight("2026-03-13"), midnight("2026-03-14"));
    }

    @Test
    void decidesByAProofAtTheVeryEndOfALongFile() {
        String[] dates = IntStream.range(0, 5_000).mapToObj(i -> "04/03/2026").toArray(String[]::new);
        dates[4_999] = "13/03/2026";

        assertThat(read(plain(), dates(dates)))
                .hasSize(5_000)
                .first()
                .satisfies(row -> assertThat(row.time()).contains(midnight("2026-03-04")));
    }

    @Test
    void readsAFileOnceIfEachOfItsCellsIsClear() {
        List<InputStream> opened = new ArrayList<>();

        read(counting(opened, amounts(',', "1.50", "0,125".replace(',', '.'), "1,234.50")));

        assertThat(opened).hasSize(1);
    }

    private static ExportReader counting(List<InputStream> opened, String text) {
        return ExportReader.of(plain().exportFormat(), "export.csv", () -> {
                    opened.add(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
                    return opened.get(opened.size() - 1);
                })
                .zone(ZoneOffset.UTC);
    }

    @Test
    void isInDoubtAboutAFileThatCannotBeReadTwiceAndLosesNoRow() {
        InputStream once =
                new ByteArrayInputStream(amounts(',', "1,234", "12,50", "7").getBytes(StandardCharsets.UTF_8));
        ExportReader reader = ExportReader.of(plain().exportFormat(), "export.csv", () -> once)
                .zone(ZoneOffset.UTC);

        List<TrackerRow> rows;
        try (Stream<TrackerRow> stream = reader.rows()) {
            rows = stream.toList();
        }

        assertThat(rows).hasSize(4);
        assertThat(rows.get(0).problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("a second time"));
        assertThat(rows.get(1).isInDoubt()).isTrue();
        assertThat(amountsOf(rows)).containsExactly("1234", "12.50", "7");
    }

    @Test
    void decidesEachColumnByItself() {
        ExportReader reader = bytes(
                        plain(),
                        ("Time,Id,Amount,Payout\n" + TIME + "," + ID + ",\"12,50\",\n" + TIME + "," + ID
                                        + ",\"1,234\",\n" + TIME + "," + ID + ",,12.50\n" + TIME + "," + ID
                                        + ",,\"1,234\"\n")
                                .getBytes(StandardCharsets.UTF_8))
                .column(Field.AMOUNT, "Amount", "Payout")
                .zone(ZoneOffset.UTC);

        assertThat(amountsOf(read(reader))).containsExactly("12.50", "1.234", "12.50", "1234");
    }

    @Test
    void takesNoProofFromDatesThatAnotherProgramWrote() {
        List<TrackerRow> rows = read(plain(), dates("04/03/26 10:00 AM", "3/13/2026 10:00:00", "3/4/2026 10:00:00"));

        assertThat(rows.get(0).isAboutSource()).isTrue();
        assertThat(rows.subList(1, 4)).extracting(TrackerRow::isInDoubt).containsExactly(true, false, false);
        assertThat(rows.get(3).time()).contains(Instant.parse("2026-03-04T10:00:00Z"));
    }
}
