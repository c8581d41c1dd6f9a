package dev.attribution.spring.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Sends requests as they stand, since the clients of the JDK refuse the queries that senders send. */
final class RawHttp {
    /** An answer. */
    record Answer(int status, Map<String, String> headers, String body) {}

    private static final String CHUNKED = "Transfer-Encoding: chunked";

    private RawHttp() {}

    static Answer get(int port, String target) throws IOException {
        return send(port, "GET " + target + " HTTP/1.1", "");
    }

    static Answer post(int port, String target, String form) throws IOException {
        return send(port, "POST " + target + " HTTP/1.1", form, "Content-Type: application/x-www-form-urlencoded");
    }

    /** Posts a form without saying how long it is. */
    static Answer postChunked(int port, String target, String form, String header) throws IOException {
        return send(
                port,
                "POST " + target + " HTTP/1.1",
                Integer.toHexString(form.length()) + "\r\n" + form + "\r\n0\r\n\r\n",
                "Content-Type: application/x-www-form-urlencoded",
                CHUNKED,
                header);
    }

    static Answer send(int port, String requestLine, String body, String... headers) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(requestLine)
                .append("\r\nHost: localhost:")
                .append(port)
                .append("\r\nConnection: close\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (content.length > 0 && !List.of(headers).contains(CHUNKED)) {
            head.append("Content-Length: ").append(content.length).append("\r\n");
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(content);
            socket.getOutputStream().flush();
            return read(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Answer read(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        String[] lines = answer.substring(0, end).split("\r\n", -1);
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] header = lines[i].split(": *", 2);
            headers.put(header[0].toLowerCase(Locale.ROOT), header[1]);
        }
        return new Answer(Integer.parseInt(lines[0].split(" ", -1)[1]), headers, answer.substring(end + 4));
    }
}
