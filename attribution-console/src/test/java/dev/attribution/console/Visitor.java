package dev.attribution.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A person who asks a console for pages and sends its forms. */
final class Visitor {
    private static final Pattern TOKEN = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    /** What came back. */
    static final class Answer {
        private final int status;
        private final Map<String, String> headers;
        private final byte[] bytes;

        private Answer(int status, Map<String, String> headers, byte[] bytes) {
            this.status = status;
            this.headers = headers;
            this.bytes = bytes;
        }

        int status() {
            return status;
        }

        Map<String, String> headers() {
            return headers;
        }

        byte[] bytes() {
            return bytes.clone();
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private final Console console;
    private final String session;

    Visitor(Console console) {
        this(console, "session-1");
    }

    Visitor(Console console, String session) {
        this.console = console;
        this.session = session;
    }

    Answer get(String target) {
        return send(request("GET", target).build());
    }

    /** Opens a page, takes the token of its form, and sends the form. */
    Answer submit(String target, Map<String, String> fields) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("csrf", token());
        all.putAll(fields);
        return post(target, all);
    }

    String token() {
        Matcher token = TOKEN.matcher(get("/tester").text());
        assertThat(token.find()).isTrue();
        return token.group(1);
    }

    Answer post(String target, Map<String, String> fields) {
        String body = fields.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
        return send(request("POST", target)
                .body(
                        "application/x-www-form-urlencoded",
                        new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)))
                .build());
    }

    /** Sends a form with a file, as a browser writes it. */
    Answer upload(String target, Map<String, String> fields, String fileName, String content) {
        String border = "----border";
        StringBuilder body = new StringBuilder();
        fields.forEach((name, value) -> body.append(
                "--" + border + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"));
        body.append("--" + border + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName
                + "\"\r\nContent-Type: text/csv\r\n\r\n" + content + "\r\n--" + border + "--\r\n");
        return send(request("POST", target)
                .body(
                        "multipart/form-data; boundary=" + border,
                        new ByteArrayInputStream(body.toString().getBytes(StandardCharsets.UTF_8)))
                .build());
    }

    ConsoleRequest.Builder request(String method, String target) {
        int at = target.indexOf('?');
        ConsoleRequest.Builder request = ConsoleRequest.builder(method, at < 0 ? target : target.substring(0, at))
                .query(at < 0 ? null : target.substring(at + 1));
        return session.isEmpty() ? request : request.operator(session, "Jane Doe");
    }

    Answer send(ConsoleRequest request) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ConsoleResponse response = console.handle(request)) {
            response.writeTo(out);
            return new Answer(response.status(), response.headers(), out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
