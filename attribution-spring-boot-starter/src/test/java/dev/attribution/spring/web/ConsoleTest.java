package dev.attribution.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.spring.Application;
import dev.attribution.spring.TestDatabase;
import dev.attribution.spring.host.Host;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/** The console, after the login of the application. */
class ConsoleTest {
    private static final String OPERATOR = login("olga");
    private static final Pattern TOKEN = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    private final HttpClient browser =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    /** An application that forgot to protect the path. */
    @EnableAutoConfiguration
    @Configuration
    static class Unprotected {
        @Bean
        SecurityFilterChain open(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }
    }

    private static String login(String name) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":secret").getBytes(StandardCharsets.UTF_8));
    }

    private static Application start(Class<?>... sources) {
        return Application.startWeb(TestDatabase.H2, List.of(sources), "attribution.console.enabled=true");
    }

    @Test
    void isNotThereUnlessItIsSwitchedOn() throws Exception {
        try (Application host = Application.startWeb(TestDatabase.H2, List.of(Host.class))) {
            assertThat(get(host, "/attribution", OPERATOR).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void isBehindTheLoginOfTheApplication() throws Exception {
        try (Application host = start(Host.class)) {
            String clickId = host.clicked().substring("gk_click_id=".length());

            assertThat(get(host, "/attribution", "none").statusCode()).isEqualTo(401);
            assertThat(get(host, "/attribution", login("mia")).statusCode())
                    .as("a member of the application")
                    .isEqualTo(403);
            HttpResponse<String> overview = get(host, "/attribution", OPERATOR);
            assertThat(overview.statusCode()).isEqualTo(200);
            assertThat(overview.headers().firstValue("Content-Security-Policy")).isPresent();
            assertThat(get(host, "/attribution/callers", OPERATOR).body()).contains("partner");
            assertThat(get(host, "/attribution/story?click=" + clickId, OPERATOR)
                            .body())
                    .contains("member-7");
            assertThat(get(host, "/attribution/assets/console.css", OPERATOR).statusCode())
                    .isEqualTo(200);
            assertThat(get(host, "/attribution/none", OPERATOR).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void asksForTheRoleThatThePropertySays() throws Exception {
        try (Application host = Application.startWeb(
                TestDatabase.H2,
                List.of(Host.class),
                "attribution.console.enabled=true",
                "attribution.console.role=PAYMENTS")) {
            HttpResponse<String> answer = get(host, "/attribution/clicks", OPERATOR);

            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo("The console needs a role that this login does not have.");
            assertThat(get(host, "/attribution/clicks", login("paul")).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void formsNeedTheTokenOfTheLogin() throws Exception {
        try (Application host = start(Host.class)) {
            host.clicked();
            String form = get(host, "/attribution/offer?id=sale", OPERATOR).body();
            Matcher token = TOKEN.matcher(form);
            assertThat(token.find()).isTrue();
            String offer = "id=other&policy=&link=https%3A%2F%2Fexample.com%3Fc%3D%7Bgk_click_id%7D";

            assertThat(post(host, "/attribution/offer", offer).statusCode()).isEqualTo(403);
            HttpResponse<String> put = post(
                    host,
                    "/attribution/offer",
                    offer + "&csrf=" + URLEncoder.encode(token.group(1), StandardCharsets.UTF_8));
            assertThat(put.statusCode()).as(put.body()).isLessThan(400);
        }
    }

    /** As an application may whose sessions are in the path. */
    @Configuration
    static class LenientFirewall {
        @Bean
        HttpFirewall firewall() {
            StrictHttpFirewall firewall = new StrictHttpFirewall();
            firewall.setAllowSemicolon(true);
            return firewall;
        }
    }

    @Test
    void ignoresTheParametersOfAPath() throws Exception {
        try (Application host = start(Host.class, LenientFirewall.class)) {
            String clickId = host.clicked().substring("gk_click_id=".length());

            assertThat(get(host, "/attribution/clicks;jsessionid=0F3A", OPERATOR)
                            .body())
                    .contains(clickId);
            assertThat(get(host, "/attribution;a=b/story;c=1;d?click=" + clickId, OPERATOR)
                            .body())
                    .contains("member-7");
            assertThat(get(host, "/attribution;jsessionid=0F3A", OPERATOR).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void showsNothingToSomebodyWithoutALogin() throws Exception {
        try (Application host = start(Unprotected.class)) {
            HttpResponse<String> answer = get(host, "/attribution/clicks", "none");

            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo("The console needs a login of the application.");
        }
    }

    private HttpResponse<String> get(Application host, String path, String login) throws Exception {
        return send(host, path, login, HttpRequest.newBuilder().GET());
    }

    private HttpResponse<String> post(Application host, String path, String form) throws Exception {
        return send(
                host,
                path,
                OPERATOR,
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form)));
    }

    private HttpResponse<String> send(Application host, String path, String login, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        request.uri(URI.create("http://localhost:" + host.port() + path));
        if (!login.equals("none")) {
            request.header("Authorization", login);
        }
        return browser.send(request.build(), BodyHandlers.ofString());
    }
}
