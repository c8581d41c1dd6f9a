package dev.attribution.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.ClickId;
import dev.attribution.console.Visitor.Answer;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.BodyReader.BodyField;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackParameter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The size of a page does not grow with what is stored, and what a page leaves out is found elsewhere. */
class PageSizeTest {
    private static final int FEW = 100;
    private static final int MANY = 5_000;
    private static final String CALLER = Crowd.caller(0).name();

    private static Visitor visitor(Crowd crowd) {
        return new Visitor(crowd.console);
    }

    private static Map<String, String> pages(Visitor jane, String... paths) {
        Map<String, String> pages = new LinkedHashMap<>();
        for (String path : paths) {
            pages.put(path, jane.get(path).text());
        }
        return pages;
    }

    /** Numbers have more digits where more is stored, but nothing has more rows. */
    private static void assertAsLarge(Map<String, String> few, Map<String, String> many) {
        Map<String, Double> growth = new LinkedHashMap<>();
        few.forEach((path, page) ->
                growth.put(path, (double) many.getOrDefault(path, "").length() / page.length()));
        assertThat(growth).allSatisfy((path, factor) -> assertThat(factor).isLessThan(1.05));
    }

    @Test
    void doesNotGrowWithTheNumberOfOffers() {
        String[] paths = {"/", Crowd.SUMMARY, "/offers", "/callers", "/clicks"};
        Map<String, String> few = pages(visitor(Crowd.ofOffers(FEW)), paths);
        Visitor jane = visitor(Crowd.ofOffers(MANY));

        Map<String, String> many = pages(jane, paths);

        assertAsLarge(few, many);
        String summary = many.get(Crowd.SUMMARY);
        assertThat(summary)
                .contains("And 4,950 more offers with fewer clicks: the CSV of the counts has all.")
                .contains("And 24,600 more rows: the CSV of the counts has all.");
        assertThat(summary.substring(summary.indexOf("Sums per offer")))
                .as("the largest offer is the first")
                .containsSubsequence("<tbody>", "<bdi>offer-00077</bdi>", "<bdi>offer-00000</bdi>");
        assertThat(jane.get(Crowd.SUMMARY.replace("summary", "summary.csv"))
                        .text()
                        .lines())
                .hasSize(1 + MANY * Crowd.DAYS.size());
        assertThat(many.get("/")).contains("And 4,950 more with smaller losses: the CSV has all.");
        assertThat(jane.get("/quiet.csv").text().lines())
                .hasSize(1 + MANY)
                .contains(
                        "kind,name,counted,last_week,median,failed,not_authentic", "offer,offer-04999,clicks,0,1,0,0");
        assertThat(jane.get(Crowd.SUMMARY + "&offer=offer-04999").text())
                .contains("<bdi>offer-04999</bdi>")
                .doesNotContain("more offers", "more rows");
    }

    @Test
    void listsEachOfferOnceOnPagesOfFifty() {
        Visitor jane = visitor(Crowd.ofOffers(120));

        List<List<String>> pages = names(jane, "/offers", "offer-\\d{5}(?=</bdi></a></th>)");

        assertThat(pages).extracting(List::size).containsExactly(50, 50, 20);
        assertThat(pages.stream().flatMap(List::stream))
                .containsExactlyElementsOf(
                        IntStream.range(0, 120).mapToObj(Crowd::offer).toList());
        assertThat(jane.get("/offers").text()).contains("120 offers, by their ids.");
    }

    /** {@return what an expression finds on each page of a list} */
    private static List<List<String>> names(Visitor jane, String path, String expression) {
        List<List<String>> pages = new ArrayList<>();
        for (String target = path; !target.isEmpty(); ) {
            String page = jane.get(target).text();
            pages.add(Pattern.compile(expression)
                    .matcher(page)
                    .results()
                    .map(found -> found.group())
                    .toList());
            target = link(page, "rel=\"next\" href=\"/console([^\"]+)\"");
        }
        return pages;
    }

    /** {@return the first link of a page that an expression finds, or nothing} */
    private static String link(String page, String expression) {
        Matcher link = Pattern.compile(expression).matcher(page);
        return link.find() ? link.group(1).replace("&amp;", "&") : "";
    }

    @Test
    void doesNotGrowWithTheNumberOfCallersAndUnmappedWords() {
        String[] paths = {"/", "/callers", "/tester", "/reconciliation"};
        Map<String, String> few = pages(visitor(Crowd.ofCallers(60)), paths);
        Visitor jane = visitor(Crowd.ofCallers(1_000));

        Map<String, String> many = pages(jane, paths);

        assertAsLarge(few, many);
        assertThat(many.get("/callers")).contains("And 950 more with fewer messages", "Of the callers on this page.");
        assertThat(many.get("/tester"))
                .contains("The list suggests 50 callers; type the name of one of the 950 others.");
        for (String expression : List.of(
                "caller-\\d{5}(?=</bdi></th>)",
                "(?<=<h3><bdi>)caller-\\d{5}", "(?<=/console/tester\\?caller=)[^\"]+")) {
            assertThat(names(jane, "/callers", expression).stream().flatMap(List::stream))
                    .as(expression)
                    .hasSize(1_000)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void aStoryIsReadInPartsHoweverManyMessagesAndConversionsItHas() {
        Crowd crowd = Crowd.of(Crowd.caller(0));
        Visitor jane = visitor(crowd);
        ClickId click = crowd.click();
        for (int i = 0; i < 620; i++) {
            crowd.send(CALLER, click, "&tx=t" + i + "&state=1&sum=1&currency=EUR");
        }
        List<HistoryEntry> history = crowd.attribution.trace(click).history();

        String newest = jane.get("/story?click=" + click).text();
        String messages = jane.get(link(newest, "href=\"/console(/story[^\"]+)\">Older messages"))
                .text();
        String conversions = jane.get(link(newest, "href=\"/console(/story[^\"]+)\">Older conversions"))
                .text();

        assertThat(newest).contains("these are the newest", "620 EUR", "500 messages · 500 conversions on this page");
        assertThat(ids(newest, "m")).isEqualTo(attempts(history.subList(120, 620)));
        assertThat(ids(messages, "m")).isEqualTo(attempts(history.subList(0, 120)));
        assertThat(messages).contains("The newest part").doesNotContain("Older messages", "No message has named");
        assertThat(ids(conversions, "c"))
                .containsAll(history.subList(0, 120).stream()
                        .map(entry -> entry.conversionId().orElseThrow().toString())
                        .toList());
        assertThat(conversions).contains("Balance of a part of the conversions").doesNotContain("Older conversions");
    }

    private static List<String> ids(String page, String kind) {
        return Pattern.compile("(?<= id=\"" + kind + "-)[0-9a-f-]{36}")
                .matcher(page)
                .results()
                .map(found -> found.group())
                .toList();
    }

    private static List<String> attempts(List<HistoryEntry> entries) {
        return entries.stream().map(entry -> entry.attemptId().toString()).toList();
    }

    @Test
    void aStoryOfLongMessagesCutsTheOlderOnesAndLinksTheWhole() {
        Crowd crowd = Crowd.of(Crowd.caller(0));
        Visitor jane = visitor(crowd);
        ClickId click = crowd.click();
        for (int i = 0; i < 40; i++) {
            crowd.send(CALLER, click, "&tx=t" + i + "&state=1&note=" + i + "n" + "x".repeat(7_000) + "end" + i + "z");
        }
        HistoryEntry oldest = crowd.attribution.trace(click).history().get(0);

        String story = jane.get("/story?click=" + click).text();
        String whole = jane.get("/message?attempt=" + oldest.attemptId()).text();

        assertThat(story.length()).isLessThan(400_000);
        assertThat(ids(story, "m")).hasSize(40);
        assertThat(story)
                .contains("note=0n", "end39z", "The whole message", "/console/message?attempt=" + oldest.attemptId())
                .doesNotContain("end0z");
        assertThat(whole)
                .contains("end0z", "/console/story?click=" + click)
                .doesNotContain("names no click", "The whole message");
    }

    @Test
    void theTesterShowsTheFirstOfManyMessagesInARequest() {
        Caller batch = Caller.named("batch")
                .parameter(PostbackParameter.CLICK_ID, "sub")
                .bodies(request -> Collections.nCopies(
                        Integer.parseInt(new String(request.body(), StandardCharsets.UTF_8)),
                        List.of(new BodyField("sub", "no click"))))
                .build();
        Visitor jane = visitor(Crowd.of(batch));
        Map<String, String> form = new HashMap<>(
                Map.of("caller", "batch", "method", "POST", "url", "https://api.example.com/", "type", "text/plain"));

        form.put("body", "060");
        Answer few = jane.submit("/tester", form);
        form.put("body", "999");
        Answer many = jane.submit("/tester", form);

        assertThat(many.text()).contains("And 949 more messages in this request.");
        assertThat(many.text().length()).isLessThan(few.text().length() * 21 / 20);
    }

    @Test
    void theFormOfAnOfferShowsThePlaceOfEachProblemAndNotTheWholeLinkEachTime() {
        Visitor jane = visitor(Crowd.of());
        String link = "https://advertiser.example/?" + "a={b}&".repeat(300) + "x".repeat(200_000);

        Answer refused = jane.submit("/offer", Map.of("id", "offer", "link", link));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text())
                .contains("At position", "more problems. They are listed when those above are fixed.");
        assertThat(refused.text().length()).isLessThan(2 * link.length());
    }
}
