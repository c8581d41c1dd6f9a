package dev.attribution.examples.springhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.listener.AttributionListener;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.ReportFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** A page that lets Chromium prepare for a click: nothing is stored until the link is followed, and then one click. */
class SpeculationTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    /** How a page asks a browser to prepare. */
    enum Preparation {
        PREFETCH("<script type='speculationrules'>"
                + "{'prefetch':[{'source':'list','urls':['CLICK'],'eagerness':'immediate'}]}</script>"),
        PRERENDER("<script type='speculationrules'>"
                + "{'prerender':[{'source':'list','urls':['CLICK'],'eagerness':'immediate'}]}</script>"),
        LINK("<link rel='prefetch' href='CLICK'>");

        private final String markup;

        Preparation(String markup) {
            this.markup = markup;
        }

        /** The page follows its link as soon as the host says that the browser has prepared. */
        String page() {
            String page = "<!DOCTYPE html><html><head><title>Offers</title>" + markup
                    + "</head><body><a id='offer' href='CLICK'>To the offer</a>"
                    + "<script>fetch('/prepared').then(() => document.getElementById('offer').click())</script>"
                    + "</body></html>";
            return page.replace('\'', '"').replace("CLICK", "/click/local?member=" + name());
        }
    }

    /** What a browser has done. */
    private static final class Visit {
        final CompletableFuture<String> prepared = new CompletableFuture<>();
        final CompletableFuture<Void> looked = new CompletableFuture<>();
        final CompletableFuture<String> landed = new CompletableFuture<>();
    }

    /** The page, and the advertiser to which the offer leads. */
    static class Pages {
        volatile Visit visit = new Visit();

        @Bean
        AttributionListener preparations() {
            return new AttributionListener() {
                @Override
                public void speculative(String rule) {
                    visit.prepared.complete(rule);
                }
            };
        }

        @Bean
        RouterFunction<ServerResponse> pages() {
            return RouterFunctions.route()
                    .GET(
                            "/page/{preparation}",
                            request -> ServerResponse.ok()
                                    .contentType(MediaType.TEXT_HTML)
                                    .body(Preparation.valueOf(request.pathVariable("preparation"))
                                            .page()))
                    .GET(
                            "/prepared",
                            request -> ServerResponse.async(visit.looked.thenApply(
                                    nothing -> ServerResponse.noContent().build())))
                    .GET("/landing", request -> {
                        visit.landed.complete(request.param("sub1").orElse(""));
                        return ServerResponse.ok()
                                .contentType(MediaType.TEXT_HTML)
                                .body("<p>Welcome");
                    })
                    .build();
        }
    }

    @TempDir
    static Path directory;

    private static ConfigurableApplicationContext host;

    @BeforeAll
    static void start() {
        if (!Files.isExecutable(CHROMIUM)) {
            System.out.println(
                    "No Chromium at " + CHROMIUM + ": prefetch and prerender were tested by their headers only.");
        }
        assumeTrue(Files.isExecutable(CHROMIUM), "Chromium at " + CHROMIUM);
        host = new SpringApplication(SpringHost.class, Pages.class)
                .run(
                        "--server.port=0",
                        "--spring.mvc.async.request-timeout=-1",
                        "--spring.datasource.url=" + HostProcess.database(directory));
    }

    @AfterAll
    static void stop() {
        if (host != null) {
            host.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Preparation.class)
    void noClickIsStoredUntilThePersonClicksAndThenOne(Preparation preparation) throws IOException {
        String url = "http://localhost:" + host.getEnvironment().getRequiredProperty("local.server.port");
        Attribution attribution = host.getBean(Attribution.class);
        attribution
                .offers()
                .put(Offer.builder("local")
                        .trackingLink(url + "/landing?sub1={gk_click_id}")
                        .build());
        Visit visit = new Visit();
        host.getBean(Pages.class).visit = visit;
        Process browser = browse(url + "/page/" + preparation, directory.resolve(preparation.name()));
        try {
            assertThat(visit.prepared.join()).isEqualTo("sec-purpose");
            assertThat(clicks(attribution, preparation)).isEmpty();

            visit.looked.complete(null);

            String clickId = visit.landed.join();
            assertThat(clicks(attribution, preparation))
                    .singleElement()
                    .satisfies(click -> assertThat(click.clickId().value()).isEqualTo(clickId));
            assertThat(attribution.postback("gk_click_id=" + clickId).kind()).isEqualTo(Kind.ATTRIBUTED);
        } finally {
            List<ProcessHandle> processes = browser.descendants().toList();
            processes.forEach(ProcessHandle::destroyForcibly);
            browser.destroyForcibly().onExit().join();
            processes.forEach(process -> process.onExit().join());
        }
    }

    private static List<Click> clicks(Attribution attribution, Preparation preparation) {
        ReportFilter filter =
                ReportFilter.builder().memberId(preparation.name()).build();
        return attribution.reports().clicks(filter, 10).rows();
    }

    private static Process browse(String url, Path profile) throws IOException {
        return new ProcessBuilder(List.of(
                        CHROMIUM.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        url))
                .redirectErrorStream(true)
                .redirectOutput(
                        profile.resolveSibling(profile.getFileName() + ".log").toFile())
                .start();
    }
}
