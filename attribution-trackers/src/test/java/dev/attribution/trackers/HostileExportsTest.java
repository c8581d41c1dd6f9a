package dev.attribution.trackers;

import static dev.attribution.trackers.Exports.ID;
import static dev.attribution.trackers.Exports.plain;
import static dev.attribution.trackers.Exports.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.link.InvalidTrackingLinkException;
import dev.attribution.link.LinkProblem.ProblemKind;
import dev.attribution.link.LinkTemplater;
import dev.attribution.reconcile.TrackerRow;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and links that are made to cost time, memory, or an operator's terminal. */
class HostileExportsTest {
    private static final String TIME = "2024-02-27 07:01:52";

    @ParameterizedTest
    @ValueSource(strings = {"a\",\"\n", "\"\n", "\"a\n", ",\"\n", "\"\",\"\n", "a,\"b\n", "\"a\",\"\"\"\n"})
    void looksAtEachCharacterAFewTimesWhateverTheQuotesAreLike(String line) throws Exception {
        String text = "Time,Id,a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r\n" + line.repeat(4_000_000 / line.length());
        long rows = 0;
        try (Records records = new Records(new Lines(new StringReader(text)), cells -> cells.contains("Id"))) {
            while (records.next() != null) {
                rows++;
            }

            assertThat(records.steps()).isLessThan(5L * text.length());
        }
        assertThat(rows).isPositive();
    }

    @Test
    void readsLineBreaksInQuotesAfterAQuoteThatNeverCloses() {
        String good = TIME + "," + ID + ",\"two\nlines\"\n";

        List<TrackerRow> rows = read(plain(), "Time,Id,Event\n" + (TIME + "," + ID + ",\"open\n" + good).repeat(100));

        assertThat(rows).hasSize(200);
        assertThat(rows)
                .filteredOn(row -> row.problem().isEmpty())
                .hasSize(100)
                .allSatisfy(row -> assertThat(row.eventId()).contains("two\nlines"));
    }

    @Test
    void readsABoundedPartOfAUrl() {
        String header = "Event Time,Event Name,Postback URL\n" + TIME + ",buy,";
        String long1 = "https://h.com/x?" + "&".repeat(900_000) + "gk_click_id=" + ID;
        String short1 = "https://h.com/x?" + "&".repeat(10_000) + "gk_click_id=" + ID;

        assertThat(read(Tracker.appsFlyer(), header + short1 + "\n").get(0).clickId())
                .contains(ID);
        assertThat(read(Tracker.appsFlyer(), header + long1 + "\n").get(0)).satisfies(row -> {
            assertThat(row.clickId()).isEmpty();
            assertThat(row.note())
                    .hasValueSatisfying(note -> assertThat(note).contains(RowReader.MAX_URL + " of " + long1.length()));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"&", "af_sub1=x&", "=&", "%", "?"})
    void refusesLinksByTheirLengthBeforeItLooksAtThem(String part) {
        String link = "https://h.com/x?" + part.repeat(900_000);

        assertThat(Tracker.appsFlyer().check(link))
                .hasSizeLessThan(LinkTemplater.MAX_LENGTH)
                .anyMatch(problem -> problem.kind() == ProblemKind.TOO_LONG);
        assertThatThrownBy(() -> Tracker.appsFlyer().trackingLink(link))
                .isInstanceOf(InvalidTrackingLinkException.class);
        assertThatThrownBy(() -> Tracker.appsFlyer().postbackUrl(link))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[2J", "\r\n", "\u202e", "\u0000", "LONG"})
    void escapesAndCutsWhatItQuotes(String text) {
        String hostile = text.equals("LONG") ? "x".repeat(900_000) : "a" + text + "b";
        String cell = '"' + hostile + '"';
        String row = TIME + "," + ID + ",";

        assertThatThrownBy(() -> read(plain(), cell + ",b\n")).satisfies(e -> isPrintable(e.getMessage(), 10_000));
        assertThatThrownBy(() -> Tracker.tune().postbackUrl("https://x.example/" + hostile + " "))
                .satisfies(e -> isPrintable(e.getMessage(), 1_000));
        assertThatThrownBy(() -> Tracker.named("x").postbackMacro(hostile, "y"))
                .satisfies(e -> isPrintable(e.getMessage(), 1_000));
        List<TrackerRow> rows = read(
                Tracker.tune(),
                "Stat.datetime,Stat.affiliate_info1,Stat.payout,Stat.currency,Stat.status_code,Stat.goal_id\n" + cell
                        + ","
                        + ID + ",1\n" + row + cell + "\n" + row + "1 USD," + cell + "\n" + row + "1,EUR," + cell + "\n"
                        + row + "1,EUR,,\uFEFF" + hostile + "\u00A0\n");
        rows.forEach(found -> {
            found.problem().ifPresent(problem -> isPrintable(problem, TrackerRow.MAX_TEXT));
            found.note().ifPresent(note -> isPrintable(note, TrackerRow.MAX_TEXT));
        });
        assertThat(rows)
                .anyMatch(found -> found.problem().isPresent())
                .anyMatch(found -> found.note().isPresent());
    }

    private static void isPrintable(String message, int maxLength) {
        assertThat(message).hasSizeLessThanOrEqualTo(maxLength * 6).doesNotContain("x".repeat(200));
        assertThat(message.chars())
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
    }
}
