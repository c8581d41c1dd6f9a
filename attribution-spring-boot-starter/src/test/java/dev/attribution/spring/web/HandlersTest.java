package dev.attribution.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.InvalidIdException;
import dev.attribution.UnknownOfferException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.CreditHandler;
import dev.attribution.postback.Reason;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.Trace;
import dev.attribution.spring.Application;
import dev.attribution.spring.TestDatabase;
import dev.attribution.spring.host.Host;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;

/** The handlers over HTTP, in real web servers. */
class HandlersTest {
    /** A web server and its threads. */
    enum Server {
        TOMCAT("spring.threads.virtual.enabled=false"),
        TOMCAT_ON_VIRTUAL_THREADS("spring.threads.virtual.enabled=true"),
        JETTY("spring.threads.virtual.enabled=false");

        private static final String WITHOUT_TOMCAT =
                "spring.autoconfigure.exclude=org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration,"
                        + "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration,"
                        + "org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration";

        private final String threads;

        Server(String threads) {
            this.threads = threads;
        }

        Application start() {
            Assumptions.assumeTrue(
                    this != TOMCAT_ON_VIRTUAL_THREADS || Runtime.version().feature() >= 21,
                    "This JDK has no virtual threads: the handlers were tested on platform threads only");
            List<String> properties = new ArrayList<>(List.of(threads));
            if (this == JETTY) {
                properties.add(WITHOUT_TOMCAT);
            }
            return Application.startWeb(TestDatabase.H2, List.of(Host.class), properties.toArray(String[]::new));
        }
    }

    @ParameterizedTest
    @EnumSource(Server.class)
    void serveClicksAndPostbacks(Server server) throws IOException {
        try (Application host = server.start()) {
            host.clicked(); // puts the offer
            RawHttp.Answer redirect = RawHttp.send(
                    host.port(),
                    "GET /click/sale?member=member-8 HTTP/1.1",
                    "",
                    "User-Agent: Some/1.0",
                    "Referer: https://site.example/page");
            assertThat(redirect.status()).isEqualTo(302);
            assertThat(redirect.headers()).containsEntry("cache-control", "no-store");
            String clickId = redirect.headers().get("location").replace("https://example.com?c=", "");
            Click click = click(host, clickId).orElseThrow();
            assertThat(click.memberId()).isEqualTo("member-8");
            assertThat(click.context().userAgent()).contains("Some/1.0");
            assertThat(click.context().referrer()).contains("https://site.example/page");
            assertThat(click.context().ip()).isPresent();

            RawHttp.Answer percent =
                    RawHttp.get(host.port(), "/click/sale?utm=100%&m%65mber=member%2d9&member=other&also=%");
            assertThat(percent.status()).isEqualTo(302);
            String percentId = percent.headers().get("location").replace("https://example.com?c=", "");
            assertThat(click(host, percentId)).map(Click::memberId).contains("member-9");

            // A macro that nothing expanded, as it stands
            RawHttp.Answer unexpanded = RawHttp.get(
                    host.port(), "/postback/partner?sub1=" + clickId + "&payout={payout}&note=a|b\"<c>^`[]\\");
            assertThat(unexpanded.status()).isEqualTo(200);
            assertThat(trace(host, clickId).history())
                    .singleElement()
                    .extracting(HistoryEntry::query)
                    .asString()
                    .endsWith("&payout={payout}&note=a|b\"<c>^`[]\\");
            RawHttp.Answer macro = RawHttp.get(host.port(), "/postback/partner?sub1={sub1}");
            assertThat(macro.status()).isEqualTo(400);
            assertThat(macro.body()).isEqualTo("UNATTRIBUTED UNEXPANDED_MACRO");
            assertThat(host.attribution()
                            .reports()
                            .history(
                                    ReportFilter.builder()
                                            .reason(Reason.UNEXPANDED_MACRO)
                                            .build(),
                                    10)
                            .rows())
                    .hasSize(1);
            assertThat(host.balance()).isEqualTo(1);

            RawHttp.Answer chunked = RawHttp.postChunked(
                    host.port(), "/postback/partner?tx=a%26b&sub2=x", "sub1=" + percentId, "X-Read-First: yes");
            assertThat(chunked.status()).as(chunked.body()).isEqualTo(200);
            assertThat(host.balance()).isEqualTo(2);
            assertThat(RawHttp.postChunked(host.port(), "/postback/partner?a=100%", "sub1=" + percentId, "X-Any: 1")
                            .status())
                    .as("a replay in a form that nothing read before, after a query with a stray percent sign")
                    .isEqualTo(200);

            assertThat(RawHttp.get(host.port(), "/mine?sub1=" + clickId).status())
                    .as("a replay")
                    .isEqualTo(200);
            assertThat(RawHttp.get(host.port(), "/postback/nobody?sub1=" + clickId)
                            .status())
                    .isEqualTo(404);
            assertThat(RawHttp.get(host.port(), "/click/none?member=m").status())
                    .isEqualTo(404);
            assertThat(RawHttp.get(host.port(), "/click/sale").status()).isEqualTo(400);
        }
    }

    @Test
    void noMethodButGetAndPostMovesMoney() throws IOException {
        try (Application host = Server.TOMCAT.start()) {
            String clickId = host.clicked().substring("gk_click_id=".length());
            for (String method : List.of("HEAD", "PUT", "DELETE")) {
                RawHttp.Answer answer =
                        RawHttp.send(host.port(), method + " /postback/partner?sub1=" + clickId + " HTTP/1.1", "");
                assertThat(answer.status()).as(method).isEqualTo(405);
                assertThat(answer.headers()).containsEntry("allow", "GET, POST");
            }
            assertThat(host.balance()).isZero();

            RawHttp.Answer options = RawHttp.send(host.port(), "OPTIONS /click/sale?member=m HTTP/1.1", "");
            assertThat(options.status()).isEqualTo(405);
            assertThat(options.headers()).containsEntry("allow", "GET, HEAD, POST");
            assertThat(host.count("attribution_click")).isEqualTo(1);
            RawHttp.Answer head = RawHttp.send(host.port(), "HEAD /click/sale?member=m HTTP/1.1", "");
            assertThat(head.status()).isEqualTo(302);
            String checked = head.headers().get("location").replace("https://example.com?c=", "");
            assertThat(RawHttp.get(host.port(), "/postback/partner?sub1=" + checked)
                            .status())
                    .as("a click of a link checker")
                    .isEqualTo(422);
            assertThat(host.balance()).isZero();
            RawHttp.Answer prefetch =
                    RawHttp.send(host.port(), "GET /click/sale?member=m HTTP/1.1", "", "Sec-Purpose: prefetch");
            assertThat(prefetch.status()).isEqualTo(503);
            assertThat(prefetch.headers()).containsEntry("cache-control", "no-store");
            assertThat(host.count("attribution_click")).isEqualTo(2);

            RawHttp.Answer posted = RawHttp.post(host.port(), "/postback/partner?tx=1", "sub1=" + clickId);
            assertThat(posted.status()).isEqualTo(200);
            assertThat(host.balance()).isEqualTo(1);
            assertThat(RawHttp.post(host.port(), "/postback/partner?tx=1", "sub1=" + clickId + "&state=2")
                            .status())
                    .isEqualTo(200);
            assertThat(host.balance()).isZero();
        }
    }

    @Test
    void aFaultIsAnswered() throws IOException {
        try (Application host = Server.TOMCAT.start()) {
            String clickId = host.clicked().substring("gk_click_id=".length());
            host.bean(org.springframework.jdbc.core.simple.JdbcClient.class)
                    .sql("shutdown")
                    .update();

            RawHttp.Answer outage = RawHttp.get(host.port(), "/postback/partner?sub1=" + clickId);

            assertThat(outage.status()).isEqualTo(503);
            assertThat(outage.headers()).containsKey("retry-after");
            assertThat(RawHttp.get(host.port(), "/click/sale?member=m").status())
                    .isEqualTo(503);
        }
    }

    /** A handler on credit with a bug, which is fixed later. */
    static class Buggy {
        static final AtomicReference<Supplier<RuntimeException>> BUG = new AtomicReference<>();

        @Bean
        CreditHandler hasABug() {
            return (conversion, connection) -> {
                Supplier<RuntimeException> bug = BUG.get();
                if (bug != null) {
                    throw bug.get();
                }
            };
        }
    }

    static Stream<Supplier<RuntimeException>> bugs() {
        return Stream.of(
                () -> new NullPointerException("a bug of the handler"),
                () -> new IllegalArgumentException("a bug of the handler"),
                () -> new NumberFormatException("a bug of the handler"),
                () -> new InvalidIdException("a bug of the handler"),
                () -> new UnknownOfferException("a bug of the handler"));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aBugInAHandlerIsNoErrorOfTheSenderWhoseRepetitionIsCredited(CapturedOutput output) throws IOException {
        try (Application host = Application.startWeb(TestDatabase.H2, List.of(Host.class, Buggy.class))) {
            for (Supplier<RuntimeException> bug : bugs().toList()) {
                String path = "/postback/partner?sub1=" + host.clicked().substring("gk_click_id=".length());
                int before = host.balance();
                int logged = output.getAll().length();

                Buggy.BUG.set(bug);
                RawHttp.Answer failed = RawHttp.get(host.port(), path);
                Buggy.BUG.set(null);

                assertThat(failed.status()).as(bug.get().toString()).isEqualTo(500);
                assertThat(output.getAll().substring(logged))
                        .contains("ERROR")
                        .contains(bug.get().getClass().getName())
                        .contains("a bug of the handler");
                assertThat(host.balance()).isEqualTo(before);
                assertThat(RawHttp.get(host.port(), path).status()).isEqualTo(200);
                assertThat(host.balance()).isEqualTo(before + 1);
            }
        } finally {
            Buggy.BUG.set(null);
        }
    }

    private static Trace trace(Application host, String clickId) {
        return host.attribution().trace(ClickId.parse(clickId));
    }

    private static Optional<Click> click(Application host, String clickId) {
        return trace(host, clickId).click();
    }
}
