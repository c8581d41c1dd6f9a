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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.util.WebUtils;

/** Hands requests of persons who are logged in, and have the role, to the console. Nobody else sees anything. */
final class ConsoleHandler implements HandlerFunction<ServerResponse> {
    private static final int FORBIDDEN = 403;
    private static final Pattern PATH_PARAMETERS = Pattern.compile(";[^/]*+");
    private static final String NO_LOGIN = "The console needs a login of the application.";
    private static final String NO_ROLE = "The console needs a role that this login does not have.";

    private final Console console;
    private final String path;
    private final @Nullable String role;

    ConsoleHandler(Console console, String path, @Nullable String role) {
        this.console = console;
        this.path = path;
        this.role = role;
    }

    @Override
    public ServerResponse handle(ServerRequest request) {
        Principal person = request.servletRequest().getUserPrincipal();
        if (person == null) {
            return forbidden(NO_LOGIN);
        }
        if (role != null && !request.servletRequest().isUserInRole(role)) {
            return forbidden(NO_ROLE);
        }
        return ServerResponse.ok().build((received, response) -> {
            answer(received, person, response);
            return null;
        });
    }

    private static ServerResponse forbidden(String reason) {
        return ServerResponse.status(FORBIDDEN)
                .header("Content-Type", "text/plain; charset=utf-8")
                .header("Cache-Control", "no-store")
                .build((received, response) -> {
                    response.getOutputStream().write(reason.getBytes(StandardCharsets.UTF_8));
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

    /** The path without the parameters of its parts, such as a session id, which Spring ignores when it chooses the handler. */
    private String pathBelow(HttpServletRequest request) {
        String uri = withoutParameters(request.getRequestURI());
        int at = uri.indexOf(path, withoutParameters(request.getContextPath()).length());
        return at < 0 ? "" : uri.substring(at + path.length());
    }

    private static String withoutParameters(String uri) {
        return PATH_PARAMETERS.matcher(uri).replaceAll("");
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
        } else if (FormFields.wereRead(received)) {
            addFields(received, request);
        }
    }

    private static void addFields(HttpServletRequest received, ConsoleRequest.Builder request) {
        FormFields.of(received).forEach((name, values) -> values.forEach(value -> request.field(name, value)));
    }
}
