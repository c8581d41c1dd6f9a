package dev.attribution.trackers;

import static dev.attribution.trackers.Exports.ID;
import static dev.attribution.trackers.Exports.plain;
import static dev.attribution.trackers.Exports.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.AttributionException;
import dev.attribution.reconcile.TrackerRow;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is true of every export. */
class ExportReaderTest {
    private static final String TIME = "2024-02-27 07:01:52";
    private static final Instant INSTANT = Instant.parse("2024-02-27T07:01:52Z");
    private static final String SMALL = "Time,Id,Event\n" + TIME + "," + ID + ",käufe €\n";

    @Test
    void findsColumnsByNameWhateverTheirCaseAndOrder() {
        List<TrackerRow> rows = read(plain(), " EVENT ,noise,id,TIME\nbuy,?," + ID + "," + TIME + "\n");

        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.time()).contains(INSTANT);
            assertThat(row.clickId()).contains(ID);
            assertThat(row.eventId()).contains("buy");
            assertThat(row.line()).isEqualTo(2);
            assertThat(row.source()).isEqualTo("export.csv");
        });
    }

    @Test
    void namesAllNecessaryColumnsThatAreMissing() {
        assertThatThrownBy(() -> read(plain(), "a,b,Event\n"))
                .isInstanceOf(AttributionException.class)
                .hasMessageContainingAll("'Time'", "'Id'", "a, b, Event");
        assertThatThrownBy(() -> read(plain(), "")).isInstanceOf(AttributionException.class);
        assertThatThrownBy(() -> read(Tracker.appsFlyer(), "x\n"))
                .hasMessageContainingAll("'Event Time'", "'Event Name'", "'Sub Param 1' or 'Postback URL'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void readsTextWithAByteOrderMarkAndWithout(String name) throws Exception {
        Charset charset = Charset.forName(name);
        for (String text : List.of(SMALL, "\uFEFF" + SMALL)) {
            byte[] plain = text.getBytes(charset);
            for (byte[] bytes : List.of(plain, gzip(plain), gzip(gzip(plain)))) {
                List<TrackerRow> rows = read(Exports.bytes(plain(), bytes).zone(ZoneOffset.UTC));

                assertThat(rows).singleElement().satisfies(row -> {
                    assertThat(row.eventId()).contains("käufe €");
                    assertThat(row.time()).contains(INSTANT);
                });
            }
        }
    }

    private static byte[] gzip(byte[] bytes) throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void findsTheSeparator(String separator) {
        String text = "Time,\"I,d;\",Id,Event\r\n" + TIME + ",\"a,b;c\"," + ID + ",\"x,y;z\"\r\n";

        List<TrackerRow> rows = read(
                plain(),
                text.replace(",Id", separator + "Id")
                        .replace("Time,", "Time" + separator)
                        .replace(",Event", separator + "Event")
                        .replace(TIME + ",", TIME + separator)
                        .replace("," + ID + ",", separator + ID + separator));

        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.clickId()).contains(ID);
            assertThat(row.eventId()).contains("x,y;z");
        });
    }

    @Test
    void readsTheLineInWhichExcelNamesTheSeparator() {
        assertThat(read(plain(), "sep=;\nTime;Id\n" + TIME + ";" + ID + "\n"))
                .singleElement()
                .satisfies(row -> assertThat(row.line()).isEqualTo(3));
    }

    @Test
    void readsQuotedLineBreaksAndCountsTheirLines() {
        List<TrackerRow> rows = read(
                plain(),
                "Time,Id,Event\n" + TIME + "," + ID + ",\"two\r\nlines \"\"quoted\"\"\"\n\n" + TIME + "," + ID + ",b");

        assertThat(rows).extracting(TrackerRow::line).containsExactly(2L, 5L);
        assertThat(rows.get(0).eventId()).contains("two\r\nlines \"quoted\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2024-02-27 07:01:52|2024-02-27T07:01:52Z",
                "2024-02-27T07:01:52|2024-02-27T07:01:52Z",
                "2024-02-27T07:01:52Z|2024-02-27T07:01:52Z",
                "2024-02-27 07:01:52.123|2024-02-27T07:01:52.123Z",
                "2024-02-27T07:01:52.123456789+02:00|2024-02-27T05:01:52.123456Z",
                "2024-02-27 07:01:52 UTC|2024-02-27T07:01:52Z",
                "2024-02-27 07:01:52 -0530|2024-02-27T12:31:52Z",
                "2024-02-27 07:01|2024-02-27T07:01:00Z",
                "2024/02/27 07:01:52|2024-02-27T07:01:52Z",
                "2024-02-27|2024-02-27T00:00:00Z",
                "11/19/2016 8:32:12 PM|2016-11-19T20:32:12Z",
                "11/19/2016 12:32:12 AM|2016-11-19T00:32:12Z",
                "11/19/2016 12:32 p.m.|2016-11-19T12:32:00Z",
                "2/27/2024 7:01|2024-02-27T07:01:00Z",
                "3/3/2024 7:01|2024-03-03T07:01:00Z",
                "2/27/24 19:01|2024-02-27T19:01:00Z",
                "27.02.2024 07:01:52|2024-02-27T07:01:52Z",
                "1709017312|2024-02-27T07:01:52Z",
                "1709017312123|2024-02-27T07:01:52.123Z"
            })
    void readsTimesAsTrackersAndSpreadsheetsWriteThem(String cell, Instant expected) {
        assertThat(read(plain(), "Time,Id\n\"" + cell + "\"," + ID + "\n"))
                .singleElement()
                .satisfies(row -> assertThat(row.time()).contains(expected));
    }

    @Test
    void readsTimesInTheZoneThatIsGiven() {
        byte[] bytes = ("Time,Id\n2024-02-27 07:01:52," + ID + "\n2024-07-27 07:01:52," + ID + "\n1709017312," + ID)
                .getBytes(StandardCharsets.UTF_8);

        assertThat(read(Exports.bytes(plain(), bytes).zone(ZoneId.of("America/New_York"))))
                .extracting(row -> row.time().orElseThrow().toString())
                .containsExactly("2024-02-27T12:01:52Z", "2024-07-27T11:01:52Z", "2024-02-27T07:01:52Z");
    }

    @Test
    void asksForTheZoneWhereTheFileHasNone() {
        byte[] zoneless = SMALL.getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> read(Exports.bytes(plain(), zoneless)))
                .isInstanceOf(AttributionException.class)
                .hasMessageContainingAll("export.csv, line 2", TIME, "zone(");
        byte[] zoned = SMALL.replace(TIME, TIME + "Z").getBytes(StandardCharsets.UTF_8);
        assertThat(read(Exports.bytes(plain(), zoned))).hasSize(1);
    }

    @Test
    void readsDaysFirstWhereToldSo() {
        byte[] bytes = ("Time,Id\n03/02/2024 07:01," + ID).getBytes(StandardCharsets.UTF_8);
        ExportReader reader = Exports.bytes(plain(), bytes).zone(ZoneOffset.UTC);

        assertThat(read(reader.monthFirst()).get(0).time()).contains(Instant.parse("2024-03-02T07:01:00Z"));
        assertThat(read(reader.dayFirst()).get(0).time()).contains(Instant.parse("2024-02-03T07:01:00Z"));
        assertThat(read(reader.dayFirst().monthFirst()).get(0).isInDoubt()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2024-13-01 00:00",
                "2024-02-30",
                "2024-02-27 25:00",
                "27/27/2024",
                "13:01",
                "0",
                "1.70902E+12",
                "99999999999999999999"
            })
    void turnsATimeThatIsNoneIntoAFindingWithItsLine(String cell) {
        List<TrackerRow> rows =
                read(plain(), "Time,Id\n" + TIME + "," + ID + "\n" + cell + "," + ID + "\n" + TIME + "," + ID + "\n");

        assertThat(rows).hasSize(3);
        assertThat(rows.get(1).problem()).isPresent();
        assertThat(rows.get(1).line()).isEqualTo(3);
        assertThat(rows.get(2).problem()).isEmpty();
    }

    @Test
    void goesOnBehindEveryKindOfBrokenRow() {
        String good = TIME + "," + ID + ",buy\n";
        String text = "Time,Id,Event\n" + good // 2
                + TIME + "," + ID + ",\"never closed\n" // 3
                + good + good // 4, 5
                + TIME + "," + ID + ",\"closed\" too early\n" // 6
                + TIME + "\n" // 7: no click id, which is a matter of the reconciliation
                + TIME + "," + ID + ",a,b,c\n" // 8
                + "x".repeat(Lines.MAX_LENGTH + 5) + "\n" // 9
                + "\"never closed\n" // 10
                + good; // 11

        List<TrackerRow> rows = read(plain(), text);

        assertThat(rows).extracting(TrackerRow::line).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
        assertThat(rows)
                .filteredOn(row -> row.problem().isPresent())
                .extracting(TrackerRow::line)
                .containsExactly(3L, 6L, 8L, 9L, 10L);
        assertThat(rows)
                .filteredOn(row -> row.problem().isEmpty() && row.line() != 7)
                .allMatch(row -> row.clickId().isPresent());
    }

    @Test
    void keepsWhatItReadOfAFileThatWasCut() throws Exception {
        StringBuilder text = new StringBuilder("Time,Id\n");
        IntStream.range(0, 50_000)
                .forEach(i ->
                        text.append(TIME).append(i % 60).append(",").append(i).append("\n"));
        byte[] packed = gzip(text.toString().getBytes(StandardCharsets.UTF_8));

        List<TrackerRow> rows = read(
                Exports.bytes(plain(), Arrays.copyOf(packed, packed.length / 2)).zone(ZoneOffset.UTC));

        assertThat(rows).hasSizeGreaterThan(10);
        assertThat(rows.get(rows.size() - 1).problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("cannot be read from here on"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.50|1.50",
                "-1.5|-1.5",
                "$12.00|12.00",
                "12.00 €|12.00",
                "USD 12.00|12.00",
                "-$3.20|-3.20",
                "1,234.56|1234.56",
                "1.234,56|1234.56",
                "12,5|12.5",
                "1,234,567|1234567",
                "1'234.50|1234.50",
                "1.5E3|1.5E+3",
                ".5|0.5",
                "(1.50)|-1.50",
                "\u22121.50|-1.50",
                "1.50-|-1.50",
                "($1,234.56)|-1234.56",
                "0,125|0.125",
                "1.50 USD|1.50",
                "EUR 12,50|12.50",
                "1 234,56|1234.56"
            })
    void readsAmountsAsPeopleWriteThem(String cell, BigDecimal expected) {
        assertThat(read(plain(), "Time,Id,Amount\n" + TIME + "," + ID + ",\"" + cell + "\"\n"))
                .singleElement()
                .satisfies(row -> assertThat(row.amount()).contains(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12.34.56",
                "1.2k",
                "1e99",
                "1E-99",
                "--1",
                "(-1)",
                "+-2",
                "1,23,456",
                "12 34",
                "1.2.3,4",
                "5 apples",
                "1.50 USDT",
                "1..5",
                "12,34,567.8",
                "0x1F"
            })
    void namesADoubtAboutAnAmountAndReadsNoOtherNumber(String cell) {
        assertThat(read(
                        plain(),
                        "Time,Id,Amount\n" + TIME + "," + ID + ",\"" + cell + "\"\n" + TIME + "," + ID + ",2\n"))
                .hasSize(2)
                .satisfies(rows -> assertThat(rows.get(0).problem()).isEmpty())
                .satisfies(rows -> assertThat(rows.get(0).amount()).isEmpty())
                .satisfies(rows -> assertThat(rows.get(0).note())
                        .hasValueSatisfying(note -> assertThat(note).contains("in doubt", cell)))
                .satisfies(rows -> assertThat(rows.get(1).amount()).contains(new BigDecimal("2")));
    }

    @Test
    void takesTheCurrencyOfTheCellAndNamesAContradiction() {
        List<TrackerRow> rows = read(
                plain().toBuilder()
                        .export(plain().exportFormat().toBuilder()
                                .column(Field.CURRENCY, "Currency")
                                .build())
                        .build(),
                "Time,Id,Amount,Currency\n" + TIME + "," + ID + ",1.50 usd,\n" + TIME + "," + ID + ",1.50 USD,EUR\n");

        assertThat(rows.get(0).currency()).contains("USD");
        assertThat(rows.get(1).amount()).isEmpty();
        assertThat(rows.get(1).note())
                .hasValueSatisfying(note -> assertThat(note).contains("USD", "EUR"));
    }

    @Test
    void refusesAFileThatIsPackedAgainAndAgain() throws Exception {
        byte[] packed = ("Time,Id,Amount\n" + TIME + "," + ID + ",1\n").getBytes(StandardCharsets.UTF_8);
        for (int level = 0; level < 4; level++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(packed);
            }
            packed = out.toByteArray();
        }
        byte[] file = packed;

        assertThatThrownBy(() -> read(Exports.bytes(plain(), file).zone(ZoneOffset.UTC)))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("more than 3 times");
    }

    @Test
    void readsACommaAsTheDecimalPointWhereSemicolonsPartTheCells() {
        assertThat(read(plain(), "Time;Id;Amount\n" + TIME + ";" + ID + ";1,234\n")
                        .get(1)
                        .amount())
                .contains(new BigDecimal("1.234"));
    }

    @Test
    void notesThatARowEndsBeforeTheHeaderDoes() {
        List<TrackerRow> rows = read(plain(), "Time,Amount,Id,Event\n" + TIME + ",lots,efb2a7d2-c01a\n");

        assertThat(rows.get(0).problem()).isEmpty();
        assertThat(rows.get(0).note())
                .hasValueSatisfying(note -> assertThat(note).contains("3 columns, the header 4", "'lots'"));
    }

    @Test
    void notesAnAmountThatCannotBeReadAndKeepsTheRow() {
        List<TrackerRow> rows =
                read(plain(), "Time,Id,Amount\n" + TIME + "," + ID + ",lots\n" + TIME + "," + ID + ",null\n");

        assertThat(rows.get(0).problem()).isEmpty();
        assertThat(rows.get(0).note())
                .hasValueSatisfying(note -> assertThat(note).contains("'lots'"));
        assertThat(rows.get(1).note()).isEmpty();
        assertThat(rows.get(1).amount()).isEmpty();
    }

    @Test
    void readsAnyNumberOfRowsWithoutHoldingThem(@TempDir Path directory) throws Exception {
        byte[] line = (TIME + "," + ID + ",buy\n").getBytes(StandardCharsets.UTF_8);
        int rows = 200_000;
        InputStream endless = new java.io.SequenceInputStream(
                new java.io.ByteArrayInputStream("Time,Id,Event\n".getBytes(StandardCharsets.UTF_8)),
                new InputStream() {
                    private long position;

                    @Override
                    public int read() {
                        return position < (long) rows * line.length ? line[(int) (position++ % line.length)] : -1;
                    }

                    @Override
                    public int read(byte[] bytes, int from, int length) {
                        int next = length == 0 ? 0 : read();
                        if (next > 0) {
                            bytes[from] = (byte) next;
                        }
                        return next < 0 ? -1 : Math.min(1, length);
                    }
                });
        ExportReader reader = ExportReader.of(plain().exportFormat(), "endless", () -> endless)
                .zone(ZoneOffset.UTC);

        try (Stream<TrackerRow> some = reader.rows()) {
            assertThat(some.filter(row -> row.problem().isEmpty()).count()).isEqualTo(rows);
        }
    }

    @Test
    void namesAFileThatIsNotThere(@TempDir Path directory) {
        assertThatThrownBy(() ->
                        Tracker.tune().export(directory.resolve("none.csv")).rows())
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("none.csv");
    }

    @Test
    void closesTheFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("small.csv"), SMALL);
        boolean[] closed = new boolean[1];
        ExportReader reader = ExportReader.of(
                plain().exportFormat(), "small", () -> new java.io.FilterInputStream(Files.newInputStream(file)) {
                    @Override
                    public void close() throws java.io.IOException {
                        closed[0] = true;
                        super.close();
                    }
                });

        reader.zone(ZoneOffset.UTC).rows().close();

        assertThat(closed[0]).isTrue();
    }
}
