package dev.attribution.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.Media;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.memory.InMemoryAttributionStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The pages in Chromium, with every text that a stranger can set: nothing of it runs, and everybody can use them. */
class BrowserTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final List<String> OPTIONS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private static final String VISIBLE =
            "selector => Array.from(document.querySelectorAll(selector)).filter(element => element.checkVisibility()).length";

    private static Playwright playwright;
    private static Browser browser;
    private static Scene scene;
    private static ExampleHost host;

    @BeforeAll
    static void start() throws IOException {
        if (!Files.isExecutable(CHROMIUM)) {
            System.out.println("No Chromium at " + CHROMIUM + ": the pages of the console were tested over HTTP only.");
        }
        assumeTrue(Files.isExecutable(CHROMIUM), "Chromium at " + CHROMIUM);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(OPTIONS)
                        .setTimeout(0));
        scene = new Scene(new InMemoryAttributionStore(), Hostile.TEXT);
        host = new ExampleHost(scene.console, new ExampleHost.Login("session-1", Hostile.TEXT));
    }

    @AfterAll
    static void stop() {
        if (playwright != null) {
            playwright.close();
            host.close();
        }
    }

    private static BrowserContext context(Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options);
        context.setDefaultTimeout(0);
        context.setDefaultNavigationTimeout(0);
        return context;
    }

    @Test
    void runsNothingOfAStrangersAndHasNoBarrierInLightAndDark() {
        List<String> dialogs = new ArrayList<>();
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            try (BrowserContext context = context(new Browser.NewContextOptions().setColorScheme(scheme))) {
                Page page = context.newPage();
                page.onDialog(dialog -> {
                    dialogs.add(dialog.message());
                    dialog.dismiss();
                });
                for (String path : Hostile.pages(scene)) {
                    page.navigate(host.url() + path);

                    assertThat(page.evaluate("window.hit")).as(path).isNull();
                    assertThat(rules(page, scheme).analyze().getViolations())
                            .as(scheme + " " + path)
                            .extracting(Rule::getId)
                            .isEmpty();
                }
            }
        }
        assertThat(dialogs).isEmpty();
    }

    /** In the page itself: without it, each check opens a page of its own for pages that consist of frames. */
    @SuppressWarnings("deprecation") // of a mode that does not look into frames of other origins; there are none
    private static AxeBuilder axe(Page page) {
        AxeRunOptions options = new AxeRunOptions();
        options.setResultTypes(List.of("violations")); // without a path to each of the elements that have no barrier
        return new AxeBuilder(page).setLegacyMode(true).options(options);
    }

    /** All of them in light; in dark those that depend on colours. */
    private static AxeBuilder rules(Page page, ColorScheme scheme) {
        AxeBuilder rules = axe(page);
        return scheme == ColorScheme.LIGHT ? rules : rules.withRules(List.of("color-contrast", "link-in-text-block"));
    }

    @Test
    void pagesThatAreShortenedHaveNoBarrier() throws IOException {
        try (ExampleHost offers = host(Crowd.ofOffers(120));
                ExampleHost callers = host(Crowd.ofCallers(60));
                BrowserContext context = context(new Browser.NewContextOptions())) {
            Page page = context.newPage();
            for (String url : List.of(
                    offers.url() + "/",
                    offers.url() + Crowd.SUMMARY,
                    offers.url() + "/offers?after=" + Crowd.offer(49),
                    callers.url() + "/",
                    callers.url() + "/callers",
                    callers.url() + "/tester",
                    callers.url() + "/reconciliation")) {
                page.navigate(url);

                // the contrast of these colours is tested above; on thousands of bars it would take a minute
                assertThat(axe(page)
                                .disableRules(List.of("color-contrast"))
                                .analyze()
                                .getViolations())
                        .as(url)
                        .extracting(Rule::getId)
                        .isEmpty();
            }
            page.navigate(offers.url() + "/offers");
            page.click("text=Next");
            assertThat(page.textContent("main")).contains(Crowd.offer(50), Crowd.offer(99));
        }
    }

    private static ExampleHost host(Crowd crowd) throws IOException {
        return new ExampleHost(crowd.console, new ExampleHost.Login("session-1", "Jane"));
    }

    @Test
    void fitsANarrowScreen() {
        try (BrowserContext context = context(new Browser.NewContextOptions().setViewportSize(360, 740))) {
            Page page = context.newPage();
            for (String path : Hostile.pages(scene)) {
                page.navigate(host.url() + path);

                assertThat(page.evaluate("document.documentElement.scrollWidth"))
                        .as(path)
                        .isEqualTo(360);
            }
        }
    }

    @Test
    void isCompleteWithoutJavaScript() throws IOException {
        Scene own = new Scene(new InMemoryAttributionStore(), "");
        try (ExampleHost ownHost = new ExampleHost(own.console, new ExampleHost.Login("session-1", "Jane"));
                BrowserContext context = context(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            Page page = context.newPage();
            page.navigate(ownHost.url() + "/");
            page.fill("#q", own.pendingConversion.toString());
            page.click(".search button");
            assertThat(page.url()).contains("/story?click=" + own.pending);
            page.click(".acts >> text=Approve");
            page.click("main button[type=submit]");
            assertThat(page.textContent("main")).contains("pending → approved");
            assertThat(own.attribution
                            .findConversion(own.pendingConversion)
                            .orElseThrow()
                            .status())
                    .isEqualTo(ConversionStatus.APPROVED);

            page.navigate(ownHost.url() + "/reconciliation");
            page.selectOption("#f-tracker", "Everflow");
            page.fill("#f-from", "2026-03-19");
            page.fill("#f-to", "2026-03-19");
            page.fill("#f-zone", "UTC");
            page.setInputFiles(
                    "#f-file",
                    new FilePayload(
                            "export.csv",
                            "text/csv",
                            Export.of(own.credited.value(), own.transaction).getBytes(StandardCharsets.UTF_8)));
            page.click("main button[type=submit]");
            page.waitForSelector("h2:has-text(\"Result\")");
            assertThat(page.textContent("main")).contains("Progress", "reading theirs");
        }
    }

    @Test
    void isUsedByKeyboard() {
        try (BrowserContext context = context(new Browser.NewContextOptions())) {
            Page page = context.newPage();
            page.navigate(host.url() + "/history");
            page.keyboard().press("Tab");
            assertThat(page.evaluate("document.activeElement.className")).isEqualTo("skip");
            page.keyboard().press("Enter");
            page.keyboard().press("Tab");
            assertThat(page.evaluate("document.activeElement.closest('main') !== null"))
                    .isEqualTo(true);
        }
    }

    @Test
    void aStoryIsFoundAndOpenedByKeyboardAlone() throws IOException {
        Scene own = new Scene(new InMemoryAttributionStore(), "");
        try (ExampleHost ownHost = new ExampleHost(own.console, new ExampleHost.Login("session-1", "Jane"));
                BrowserContext context = context(new Browser.NewContextOptions())) {
            Page page = context.newPage();
            page.navigate(ownHost.url() + "/");
            tabTo(page, "element.id === 'q'");
            page.keyboard().type(own.creditedConversion.toString());
            page.keyboard().press("Enter");
            page.waitForSelector("#c-" + own.creditedConversion);
            assertThat(page.url()).contains("/story?click=" + own.credited);

            tabTo(page, "element.id === 'q'");
            page.keyboard().press("Control+A");
            page.keyboard().type(own.member);
            page.keyboard().press("Enter");
            page.waitForSelector("h2:has-text(\"A member\")");
            tabTo(page, "element.href && element.href.includes('/story?click=" + own.pending + "')");
            assertThat(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
                    .as("the focus can be seen")
                    .isEqualTo("solid");
            page.keyboard().press("Enter");
            page.waitForSelector("#c-" + own.pendingConversion);
            assertThat(page.url()).contains("/story?click=" + own.pending);
        }
    }

    /** Moves the focus with the tabulator, as a person does, until an element has it. */
    private static void tabTo(Page page, String isWanted) {
        for (int presses = 0; presses < 200; presses++) {
            page.keyboard().press("Tab");
            if (Boolean.TRUE.equals(page.evaluate("(element => Boolean(" + isWanted + "))(document.activeElement)"))) {
                return;
            }
        }
        throw new AssertionError("The keyboard does not reach an element with " + isWanted);
    }

    @Test
    void printsTheContentWithoutMenuFormsAndButtons() {
        try (BrowserContext context = context(new Browser.NewContextOptions())) {
            Page page = context.newPage();
            page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
            for (String path : Hostile.pages(scene)) {
                page.navigate(host.url() + path);

                assertThat(page.evaluate(VISIBLE, "nav, form, input, button, .skip, .pager, .acts, .copy"))
                        .as("menu, forms and buttons of " + path)
                        .isEqualTo(0);
                assertThat(page.isVisible("h1")).as("title of " + path).isTrue();
            }
            page.navigate(host.url() + "/story?click=" + scene.credited);
            assertThat(page.evaluate(VISIBLE, "article.event"))
                    .as("the click and its messages")
                    .isEqualTo(1
                            + scene.attribution.trace(scene.credited).history().size());
            assertThat(page.evaluate("Array.from(document.querySelectorAll('.raw, .scroll')).filter("
                            + "element => element.scrollHeight > element.clientHeight + 1).length"))
                    .as("texts and tables that are cut")
                    .isEqualTo(0);
        }
    }
}
