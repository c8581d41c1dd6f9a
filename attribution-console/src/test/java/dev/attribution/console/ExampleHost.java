package dev.attribution.console;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The host of docs/console.md: the JDK's server, with a login that a real host checks. */
final class ExampleHost implements AutoCloseable {
    /** Who is logged in. */
    record Login(String sessionId, String userName) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    ExampleHost(Console console, Login login) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        mount(console, login);
        server.start();
    }

    private void mount(Console console, Login login) {
        // begin of the example
        server.createContext("/console", exchange -> {
            URI uri = exchange.getRequestURI();
            String path = uri.getRawPath().substring("/console".length());
            ConsoleRequest request = ConsoleRequest.builder(exchange.getRequestMethod(), path)
                    .query(uri.getRawQuery())
                    .body(exchange.getRequestHeaders().getFirst("Content-Type"), exchange.getRequestBody())
                    .operator(login.sessionId(), login.userName())
                    .build();
            try (exchange;
                    ConsoleResponse response = console.handle(request)) {
                response.headers().forEach(exchange.getResponseHeaders()::set);
                exchange.sendResponseHeaders(response.status(), 0);
                response.writeTo(exchange.getResponseBody());
            }
        });
        // end of the example
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/console";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
