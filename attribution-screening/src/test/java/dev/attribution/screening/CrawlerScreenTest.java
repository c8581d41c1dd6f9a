package dev.attribution.screening;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.ClickScreen;
import dev.attribution.click.ScreenVerdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class CrawlerScreenTest {
    private static final CrawlerScreen SCREEN = CrawlerScreen.create();

    private static ScreenVerdict judge(ClickScreen screen, String agent) {
        return screen.judge(ClickRequest.of("o", "m").withHeader("User-Agent", agent));
    }

    private static ScreenVerdict judge(String agent) {
        return judge(SCREEN, agent);
    }

    static List<String> browsers() throws IOException {
        return Files.readAllLines(Path.of("src", "test", "resources", "browsers.txt"));
    }

    /** The examples of the list, read apart from the screen. */
    static List<String> instances() throws IOException {
        List<String> instances = new ArrayList<>();
        try (InputStream in = CrawlerScreen.class.getResourceAsStream("crawler-user-agents/crawler-user-agents.json");
                JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), in)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME && json.currentName().equals("instances")) {
                    json.nextToken();
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        instances.add(json.getString());
                    }
                }
            }
        }
        return instances;
    }

    @Test
    void flagsEveryExampleOfTheListButTwoBrowsersOfApps() throws IOException {
        List<String> instances = instances();

        assertThat(instances).hasSizeGreaterThan(2000);
        // Two people: the list takes the build of an Android phone in Instagram, and the browser of Facebook's app, for
        // programs
        assertThat(instances.stream().filter(agent -> judge(agent).rule().isEmpty()))
                .satisfiesExactlyInAnyOrder(
                        agent -> assertThat(agent).contains("Instagram 406", "Build/AP3A.240617.008; wv)"),
                        agent -> assertThat(agent).contains("; wv)").endsWith("MetaIAB Facebook"));
    }

    @Test
    void countsTheBrowsersOfPeopleAndOfTheirApps() throws IOException {
        assertThat(browsers())
                .hasSizeGreaterThan(60)
                .allSatisfy(agent -> assertThat(judge(agent)).as(agent).isEqualTo(ScreenVerdict.counts()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WhatsApp/2.23.20.0 A | crawler.whatsapp",
                "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/) | crawler.ahrefs-bot-siteaudit",
                "curl/8.5.0 | crawler.curl",
                "Wget/1.21 | crawler.wget",
                "python-requests/2.31 | crawler.python-requests",
                "okhttp/4.12.0 | crawler.okhttp",
                "Mozilla/5.0 (Linux; Android 13; X; wv) AppleWebKit/537.36 Chrome/119.0 Mobile Safari/537.36 Instagram 300.0 AhrefsBot | crawler.ahrefs-bot-siteaudit",
                "Mozilla/5.0 (Linux; Android 13; X; wv) AppleWebKit/537.36 (compatible; Viber) Chrome/119.0 Mobile Safari/537.36 | crawler.viber",
                "Mozilla/5.0 (Linux; Android 13; X; SemrushBot) AppleWebKit/537.36 Chrome/119.0 Mobile Safari/537.36 | crawler.semrushbot",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/20G75 musical_ly_32.3.0 BytedanceWebview/d8a21c6 thirdLandingPageFeInfra | preload.tiktok",
            })
    void saysWhichRuleFlagsAClick(String agent, String rule) {
        assertThat(judge(agent)).isEqualTo(ScreenVerdict.flagged(rule));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "Mo", "Mozilla/5.0 (", "Mozilla/5.0 (Linux; Android 13", "\0\ud83d\ude00\ud83d"})
    void countsWhatSaysNothing(String agent) {
        assertThat(judge(agent)).isEqualTo(ScreenVerdict.counts());
        assertThat(SCREEN.judge(ClickRequest.of("o", "m"))).isEqualTo(ScreenVerdict.counts());
    }

    @Test
    void judgesByTheHeaderOrElseByTheContext() {
        ClickRequest request = ClickRequest.of("o", "m")
                .with(ClickContext.builder().userAgent("curl/8.5.0").build());

        assertThat(SCREEN.judge(request)).isEqualTo(ScreenVerdict.flagged("crawler.curl"));
        assertThat(SCREEN.judge(request.withHeader("user-agent", "Mozilla/5.0")))
                .isEqualTo(ScreenVerdict.counts());
    }

    @Test
    void comesAfterTheDefaultScreen() {
        ClickScreen both = ClickScreen.standard().then(SCREEN);
        ClickRequest request = ClickRequest.of("o", "m").withHeader("User-Agent", "curl/8.5.0");

        assertThat(both.judge(request)).isEqualTo(ScreenVerdict.flagged("crawler.curl"));
        assertThat(both.judge(request.withMethod("HEAD"))).isEqualTo(ScreenVerdict.flagged("head"));
        assertThat(both.judge(request.withHeader("Sec-Purpose", "prefetch")))
                .isEqualTo(ScreenVerdict.speculative("sec-purpose"));
    }

    @Test
    void leavesOutRulesByTheirTagsAndCountsTheAppOfTheHost() {
        CrawlerScreen screen = CrawlerScreen.builder()
                .without("http-library", "seo")
                .counting("ShopApp/")
                .build();

        assertThat(judge(screen, "okhttp/4.12.0")).isEqualTo(ScreenVerdict.counts());
        assertThat(judge(screen, "AhrefsBot/7.0")).isEqualTo(ScreenVerdict.counts());
        assertThat(judge(screen, "PerplexityBot/1.0").rule()).isPresent();
        assertThat(judge(screen, "ShopApp/3.1 PerplexityBot/1.0")).isEqualTo(ScreenVerdict.counts());
        assertThat(judge(screen, "x thirdLandingPageFeInfra").rule()).contains("preload.tiktok");
        assertThat(CrawlerScreen.tags()).contains("social-preview", "search-engine", "http-library");
        assertThatThrownBy(() -> CrawlerScreen.builder().without("Seo"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("seo");
        assertThatThrownBy(() -> CrawlerScreen.builder().counting("  ")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void findsTheRuleThatALoopOverAllExpressionsFinds() throws IOException {
        List<CrawlerRule> rules = CrawlerList.bundled().rules();
        RuleIndex index = new RuleIndex(rules);
        List<String> agents = new ArrayList<>(instances());
        agents.addAll(browsers());
        Random random = new Random(17);
        for (int i = 0; i < 600; i++) { // halves of two agents, so that most rules meet what they do not expect
            String one = agents.get(random.nextInt(agents.size()));
            String other = agents.get(random.nextInt(agents.size()));
            agents.add(one.substring(0, random.nextInt(one.length() + 1))
                    + other.substring(random.nextInt(other.length() + 1)));
        }

        List<Pattern> patterns =
                rules.stream().map(rule -> Pattern.compile(rule.pattern())).toList();
        for (String agent : agents) {
            assertThat(index.first(agent)).as(agent).isSameAs(firstOfAll(rules, patterns, agent));
        }
    }

    private static CrawlerRule firstOfAll(List<CrawlerRule> rules, List<Pattern> patterns, String agent) {
        int personalEnd = PersonalBrowsers.end(agent);
        for (int i = 0; i < rules.size(); i++) {
            int from = rules.get(i).isExplicit() ? 0 : personalEnd;
            if (patterns.get(i).matcher(agent).find(from)) {
                return rules.get(i);
            }
        }
        return null;
    }

    @Test
    void itsPageNamesTheVersionOfTheList() throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "screening.md")))
                .contains("`crawler-user-agents` " + CrawlerScreen.listVersion());
    }

    @Test
    void theLicenceOfTheListIsNextToIt() throws IOException {
        try (InputStream in = CrawlerScreen.class.getResourceAsStream("crawler-user-agents/LICENSE")) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("The MIT License", "Copyright");
        }
    }
}
