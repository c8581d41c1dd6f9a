package dev.attribution.examples.fuzz;

import dev.attribution.Attribution;
import dev.attribution.click.ClickRequest;
import dev.attribution.console.Console;
import dev.attribution.console.ConsoleRequest;
import dev.attribution.console.ConsoleResponse;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A console with one click, which reads long requests and writes its whole answers. */
final class ConsoleCosts {
    private static final Console CONSOLE = console();
    private static final String TOKEN = ConsoleRequests.token(CONSOLE);

    private ConsoleCosts() {}

    private static Console console() {
        Attribution attribution =
                Attribution.builder(new InMemoryAttributionStore()).build();
        attribution
                .offers()
                .put(Offer.builder("o")
                        .trackingLink("https://e.com/?s={gk_click_id}")
                        .build());
        attribution.postback(
                "gk_click_id=" + attribution.click(ClickRequest.of("o", "m")).clickId());
        return Console.builder(attribution).build();
    }

    static void get(String target) {
        int at = target.indexOf('?');
        send(ConsoleRequest.builder("GET", target.substring(0, at)).query(target.substring(at + 1)));
    }

    static void post(String path, String form) {
        String all = "csrf=" + URLEncoder.encode(TOKEN, StandardCharsets.UTF_8) + "&" + form;
        send(ConsoleRequest.builder("POST", path).body("application/x-www-form-urlencoded", stream(all)));
    }

    /** A form of several parts, with a text as borders, names and values. */
    static void parts(String text) {
        send(multipart(
                part("name=\"offer\"", text) + part("name=\"" + text + "\"", "x") + "--b" + text + "--b\r\n" + text));
    }

    static void upload(String text) {
        send(multipart(part("name=\"tracker\"", "Everflow")
                + part("name=\"from\"", "2026-03-01")
                + part("name=\"to\"", "2026-03-02")
                + part("name=\"file\"; filename=\"a.csv\"", "transaction_id,conversion_unix_timestamp,sub1\n" + text)
                + "--b--\r\n"));
    }

    private static ConsoleRequest.Builder multipart(String parts) {
        return ConsoleRequest.builder("POST", "/reconciliation")
                .body("multipart/form-data; boundary=b", stream(part("name=\"csrf\"", TOKEN) + parts));
    }

    private static String part(String disposition, String value) {
        return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + value + "\r\n";
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(ConsoleRequest.Builder request) {
        try (ConsoleResponse response =
                CONSOLE.handle(request.operator("session-1", "Jane Doe").build())) {
            response.writeTo(new ByteArrayOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
