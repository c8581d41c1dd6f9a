package dev.attribution.reconcile;

import static dev.attribution.reconcile.TwoSides.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.ClickId;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReconciliationReportsTest {
    private static final String HOSTILE = "<script>alert('1')</script>\"&<!--days-->";

    private final TwoSides sides = new TwoSides();

    @BeforeEach
    void compareSomething() {
        ClickId click = sides.click();
        sides.ours(click);
        sides.theirs(click);
        sides.theirs(HOSTILE, NOON, row -> row.transactionId("=1+1").eventId(HOSTILE));
        sides.theirs(sides.click().value(), NOON, row -> row);
        sides.ours(sides.click());
    }

    @Test
    void writesEveryFindingAsALineOfCsv() {
        StringBuilder csv = new StringBuilder();

        sides.reconciler().build().run(ReconciliationCsv.findings(csv));

        String[] lines = csv.toString().split("\r\n");
        assertThat(lines).hasSize(5);
        assertThat(lines[0]).startsWith("cause,day,time,click_id,their_source,their_line");
        assertThat(csv)
                .contains("MATCHED,2026-03-10", "NO_POSTBACK,", "NOT_REPORTED,", "MALFORMED_CLICK_ID,", ",'=1+1,");
    }

    @Test
    void writesTheTotalsOfEachDayAndOfAll() {
        StringBuilder csv = new StringBuilder();

        ReconciliationCsv.totals(sides.run(), csv);

        assertThat(csv.toString().split("\r\n"))
                .satisfiesExactly(
                        names -> assertThat(names).startsWith("day,theirs,ours,gap_percent,matched,"),
                        day -> assertThat(day).startsWith("2026-03-10,3,2,33.33,1,"),
                        total -> assertThat(total).startsWith("total,3,2,33.33,1,"));
    }

    private String page(ReconciliationPage page) {
        Consumer<Finding> findings = page;
        Reconciliation outcome = sides.reconciler().build().run(findings);
        StringBuilder html = new StringBuilder();
        page.write(outcome, html);
        return html.toString();
    }

    @Test
    void writesAPageThatLoadsNothingAndLetsNothingThrough() {
        String html = page(new ReconciliationPage());

        assertThat(html)
                .startsWith("<!DOCTYPE html>")
                .contains(
                        "<svg ", "33.33 %", "No postback ever came", "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;")
                .doesNotContain("<script>alert", "src=", "href=", "url(", "@import", "<!--");
        assertThat(Pattern.compile("https?://")
                        .matcher(html)
                        .results()
                        .map(match -> html.substring(match.start(), match.start() + 26)))
                .containsOnly("http://www.w3.org/2000/svg");
        assertThat(Pattern.compile("data-cause=\"(\\w+)\"")
                        .matcher(html)
                        .results()
                        .map(match -> match.group(1)))
                .containsExactlyInAnyOrder("MALFORMED_CLICK_ID", "NO_POSTBACK", "NOT_REPORTED");
    }

    @Test
    void closesEveryElementThatItOpens() throws Exception {
        String body = page(new ReconciliationPage())
                .replaceAll("(?s)<!DOCTYPE html>", "")
                .replaceAll("<(meta[^>]*|input[^>]*)>", "<$1/>")
                .replaceAll("(?s)<script>.*?</script>", "");

        org.xml.sax.helpers.DefaultHandler nothing = new org.xml.sax.helpers.DefaultHandler();
        javax.xml.parsers.SAXParserFactory.newInstance()
                .newSAXParser()
                .parse(new org.xml.sax.InputSource(new java.io.StringReader(body)), nothing);
    }

    @Test
    void showsABoundedNumberOfFindingsAndSaysSo() {
        for (int i = 0; i < 30; i++) {
            sides.theirs("", NOON, row -> row);
        }

        String html = page(new ReconciliationPage(10));

        assertThat(html.split("data-cause=\"MISSING_CLICK_ID\"", -1)).hasSize(11);
        assertThat(html).contains("<td>MISSING_CLICK_ID</td><td>No click id</td><td>30</td><td>10</td>");
    }

    @Test
    void saysAtTheTopOfThePageWhatConcernsAFileAsAWhole() {
        sides.rows.add(TrackerRow.ofSource(TwoSides.FILE, "its dates <b>prove</b> nothing"));

        assertThat(page(new ReconciliationPage()))
                .contains("<p class=\"shift\">" + TwoSides.FILE + ": its dates &lt;b&gt;prove&lt;/b&gt; nothing</p>");
    }
}
