package dev.attribution.examples.fuzz;

import dev.attribution.Attribution;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickRequest;
import dev.attribution.console.Console;
import dev.attribution.console.ConsoleCaller;
import dev.attribution.console.ConsoleRequest;
import dev.attribution.console.ConsoleResponse;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests to the console over a store in whose every text a stranger wrote what he wanted. */
final class ConsoleRequests {
    private static final Instant NOW = Instant.parse("2026-03-20T12:00:00Z");
    private static final Pattern TOKEN = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
    private static final Set<Integer> STATUSES = Set.of(200, 303, 400, 403, 404, 405, 413);
    private static final List<String> PATHS = List.of(
            "/",
            "/summary",
            "/summary.csv",
            "/payouts.csv",
            "/search",
            "/story",
            "/message",
            "/evidence.zip",
            "/clicks",
            "/clicks.csv",
            "/conversions",
            "/conversions.csv",
            "/history",
            "/history.csv",
            "/callers",
            "/tester",
            "/offers",
            "/offer",
            "/reconciliation",
            "/repair",
            "/act",
            "/assets/console.css");
    private static final List<String> NAMES = List.of(
            "q",
            "click",
            "conversion",
            "attempt",
            "offer",
            "member",
            "event",
            "status",
            "kind",
            "reason",
            "severity",
            "origin",
            "caller",
            "from",
            "to",
            "zone",
            "after",
            "id",
            "link",
            "policy",
            "window",
            "url",
            "headers",
            "body",
            "method",
            "act",
            "attempts",
            "mode",
            "tracker",
            "page",
            "flag",
            "limit");

    private ConsoleRequests() {}

    static void check(Choices choices) {
        Attribution attribution = Attribution.builder(new InMemoryAttributionStore())
                .clock(() -> NOW)
                .build();
        String hostile = choices.log(
                "stored",
                choices.of("<script>window.hit=1</script>", "\"><img src=x onerror=window.hit=2>", choices.text()));
        Stored stored = fill(attribution, hostile);
        Console console = Console.builder(attribution)
                .basePath("/console")
                .clock(() -> NOW)
                .maxCsvRows(5)
                .maxUpload(10_000)
                .callers(() -> List.of(ConsoleCaller.of(Caller.standard(), "https://h.com/pb?x=1")))
                .build();
        String path = choices.oneIn(12) ? choices.text() : choices.of(PATHS);
        ConsoleRequest.Builder request = ConsoleRequest.builder(
                        choices.log("method", choices.of("GET", "GET", "POST", "POST", "HEAD", "PUT", "")),
                        choices.log("path", path))
                .query(choices.log("query", pairs(choices, stored, "")));
        if (!choices.oneIn(8)) {
            request.operator("session-1", "J" + choices.text());
        }
        String token = choices.oneIn(4) ? choices.text() : token(console);
        body(choices, request, stored, token);
        answer(console, request.build());
    }

    private record Stored(String click, String conversion, String attempt) {}

    private static Stored fill(Attribution attribution, String hostile) {
        attribution
                .offers()
                .put(Offer.builder("o")
                        .trackingLink("https://e.com/?s={gk_click_id}")
                        .duplicatePolicy(DuplicatePolicy.allowRepeatConversions())
                        .build());
        String click = attribution
                .click(ClickRequest.of("o", "m")
                        .with(ClickContext.builder()
                                .userAgent(hostile)
                                .referrer(hostile)
                                .extra("sub1", hostile)
                                .build()))
                .clickId()
                .value();
        String text = URLEncoder.encode(hostile, StandardCharsets.UTF_8);
        String conversion = attribution
                .postback("gk_click_id=" + click + "&event_id=" + text + "&transaction_id=t" + text + "&ua=" + text)
                .conversionId()
                .map(Object::toString)
                .orElse("");
        attribution.postback("gk_click_id=" + click + "&transaction_id=x&status=" + text);
        attribution.postback("gk_click_id=" + text);
        String attempt = attribution
                .reports()
                .history(dev.attribution.report.ReportFilter.all(), 1)
                .rows()
                .get(0)
                .attemptId()
                .toString();
        return new Stored(click, conversion, attempt);
    }

    private static String pairs(Choices choices, Stored stored, String first) {
        StringBuilder pairs = new StringBuilder(first);
        for (int i = choices.below(5); i > 0; i--) {
            String name = choices.oneIn(10) ? choices.text() : choices.of(NAMES);
            pairs.append('&').append(name).append('=').append(value(choices, stored, name));
        }
        return pairs.toString();
    }

    private static String value(Choices choices, Stored stored, String name) {
        String usual = switch (name) {
            case "click", "q" -> stored.click();
            case "conversion" -> stored.conversion();
            case "attempt", "attempts" -> stored.attempt();
            case "offer", "id" -> "o";
            case "from", "to" -> "2026-03-1" + choices.below(10);
            case "status" -> "APPROVED";
            case "kind" -> "REJECTED";
            case "act" -> choices.of("REVERSE", "APPROVE", "REINSTATE");
            case "mode" -> choices.of("COMPARE", "TRY_MISSING", "TRY_STATUSES");
            case "tracker" -> "Everflow";
            case "caller" -> "standard";
            case "zone" -> "UTC";
            case "link" -> "https://e.com/?s={gk_click_id}";
            default -> "1";
        };
        String text = choices.near(usual);
        return choices.oneIn(3) ? text : URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static void body(Choices choices, ConsoleRequest.Builder request, Stored stored, String token) {
        String form = pairs(choices, stored, "csrf=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
        if (choices.oneIn(3)) {
            StringBuilder parts = new StringBuilder();
            part(parts, "name=\"csrf\"", token);
            for (int i = choices.below(6); i > 0; i--) {
                String name = choices.of(NAMES);
                part(parts, "name=\"" + choices.near(name) + "\"", value(choices, stored, name));
            }
            part(parts, "name=\"file\"; filename=\"" + choices.near("a.csv") + "\"", choices.text());
            parts.append(choices.of("--b--\r\n", "--b", ""));
            request.body(
                    choices.near("multipart/form-data; boundary=b"),
                    stream(choices.log(
                            "parts",
                            choices.oneIn(4) ? parts.substring(choices.below(parts.length())) : parts.toString())));
        } else {
            request.body("application/x-www-form-urlencoded", stream(choices.log("form", form)));
        }
    }

    private static void part(StringBuilder parts, String disposition, String value) {
        parts.append("--b\r\nContent-Disposition: form-data; ")
                .append(disposition)
                .append("\r\n\r\n")
                .append(value)
                .append("\r\n");
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    static String token(Console console) {
        Matcher token = TOKEN.matcher(answer(
                console,
                ConsoleRequest.builder("GET", "/tester")
                        .operator("session-1", "Jane Doe")
                        .build()));
        return token.find() ? token.group(1) : "";
    }

    private static String answer(Console console, ConsoleRequest request) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ConsoleResponse response = console.handle(request)) {
            response.writeTo(out);
            Holds.that(STATUSES.contains(response.status()), "a status of the list, not " + response.status());
            for (Map.Entry<String, String> header : response.headers().entrySet()) {
                Holds.oneLine(header.getKey() + header.getValue(), "a header is one line");
            }
            String body = out.toString(StandardCharsets.UTF_8);
            String type = response.headers().getOrDefault("Content-Type", "");
            if (type.startsWith("text/html")) {
                Holds.that(
                        response.headers().get("Content-Security-Policy").startsWith("default-src 'none'"), "a policy");
                isHarmless(body);
            }
            return body;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void isHarmless(String page) {
        String lower = page.toLowerCase(Locale.ROOT);
        for (String tag : List.of(
                "<script>window",
                "<img src=x",
                "<svg onload",
                "href=\"javascript",
                "href=javascript",
                "\" onerror=",
                "</style>")) {
            Holds.that(!lower.contains(tag), "a text of a stranger stays a text: " + tag);
        }
    }
}
