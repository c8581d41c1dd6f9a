package dev.attribution.spring.web;

import dev.attribution.console.Console;
import dev.attribution.console.ConsoleRequest;
import dev.attribution.console.ConsoleResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import org.springframework.util.StringUtils;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.util.WebUtils;

/** Hands requests of persons who are logged in to the console. Without a login nobody sees anything. */
final class ConsoleHandler implements HandlerFunction<ServerResponse> {
    private static final int FORBIDDEN = 403;
    private static final byte[] NO_LOGIN =
            "The console needs a login of the application.".getBytes(StandardCharsets.UTF_8);

    private final Console console;
    private final String path;

    ConsoleHandler(Console console, String path) {
        this.console = console;
        this.path = path;
    }

    @Override
    public ServerResponse handle(ServerRequest request) {
        Principal person = request.servletRequest().getUserPrincipal();
        if (person == null) {
            return ServerResponse.status(FORBIDDEN)
                    .header("Content-Type", "text/plain; charset=utf-8")
                    .header("Cache-Control", "no-store")
                    .build((received, response) -> {
                        response.getOutputStream().write(NO_LOGIN);
                        return null;
                    });
        }
        return ServerResponse.ok().build((received, response) -> {
            answer(received, person, response);
            return null;
        });
    }

    private void answer(HttpServletRequest received, Principal person, HttpServletResponse response)
            throws IOException {
        ConsoleRequest.Builder request = ConsoleRequest.builder(received.getMethod(), pathBelow(received))
                .query(received.getQueryString())
                .operator(received.getSession().getId(), person.getName());
        addForm(received, request);
        try (ConsoleResponse answer = console.handle(request.build())) {
            response.setStatus(answer.status());
            answer.headers().forEach(response::setHeader);
            answer.writeTo(response.getOutputStream());
        }
    }

    private String pathBelow(HttpServletRequest request) {
        String uri = request.getRequestURI();
        int at = uri.indexOf(path, request.getContextPath().length());
        return at < 0 ? "" : uri.substring(at + path.length());
    }

    /** Spring reads a form of several parts before the handler is called, and a filter may have read any other form. */
    private static void addForm(HttpServletRequest received, ConsoleRequest.Builder request) throws IOException {
        MultipartHttpServletRequest parts = WebUtils.getNativeRequest(received, MultipartHttpServletRequest.class);
        if (parts != null) {
            addFields(parts, request);
            for (MultipartFile file : parts.getFileMap().values()) {
                if (StringUtils.hasLength(file.getOriginalFilename())) {
                    request.file(file.getName(), file.getOriginalFilename(), file.getInputStream());
                }
            }
            return;
        }
        PushbackInputStream body = new PushbackInputStream(received.getInputStream());
        int first = body.read();
        if (first >= 0) {
            body.unread(first);
            request.body(received.getContentType(), body);
        } else if (received.getContentLengthLong() > 0) {
            addFields(received, request);
        }
    }

    private static void addFields(HttpServletRequest received, ConsoleRequest.Builder request) {
        FormFields.of(received).forEach((name, values) -> values.forEach(value -> request.field(name, value)));
    }
}
