package dev.attribution.examples.springhost;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

/** One click and its postbacks, over HTTP. */
final class Demo {
    private final String host;
    private final PrintStream out;
    private final HttpClient browser = HttpClient.newHttpClient(); // follows no redirect

    Demo(String host, PrintStream out) {
        this.host = host;
        this.out = out;
    }

    void run() throws IOException, InterruptedException {
        String member = "member-" + UUID.randomUUID();
        HttpResponse<String> click = get("/click/spring-sale?member=" + member, "");
        String location = click.headers().firstValue("Location").orElseThrow();
        out.println("click: " + click.statusCode() + " " + location);
        String postback = "/postback/partner?click=" + location.replaceAll(".*sub1=", "") + "&order=1&amount=1.50&key="
                + URLEncoder.encode(Callers.PARTNER_SECRET, StandardCharsets.UTF_8);
        show("postback", postback);
        show("again", postback);
        out.println("wallet: " + get("/wallet/" + member, "").body());
        show("reversed", postback + "&state=reversed");
        out.println("wallet: " + get("/wallet/" + member, "").body());
        out.println("console without a login: " + get("/console", "").statusCode());
        out.println("console: " + get("/console", "operator:operator").statusCode());
        out.println("health: " + get("/actuator/health", "").body());
    }

    private void show(String title, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path, "");
        out.println(title + ": " + answer.statusCode() + " " + answer.body());
    }

    private HttpResponse<String> get(String path, String login) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(host + path));
        if (!login.isEmpty()) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
        }
        return browser.send(request.build(), BodyHandlers.ofString());
    }
}
