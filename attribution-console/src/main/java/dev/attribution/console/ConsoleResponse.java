package dev.attribution.console;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A response of the console, to be sent as it is: status, all headers, then the body. Close it, also if it is not sent: an
 * uploaded file may be kept for it.
 *
 * <p>A long body, such as a CSV file or the progress of a comparison, is made while it is written. Not thread-safe.
 */
public final class ConsoleResponse implements AutoCloseable {
    /** Writes a body. */
    @FunctionalInterface
    interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    private final int status;
    private final Map<String, String> headers;
    private final Body body;
    private final Runnable release;

    private ConsoleResponse(int status, Map<String, String> headers, Body body, Runnable release) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.release = release;
    }

    static ConsoleResponse of(int status, String contentType, byte[] content) {
        return of(status, contentType, out -> out.write(content));
    }

    static ConsoleResponse of(int status, String contentType, Body body) {
        return new ConsoleResponse(status, Map.of("Content-Type", contentType), body, () -> {});
    }

    /** {@return an answer that leads to another page of the console, read with {@code GET}} */
    static ConsoleResponse seeOther(String location) {
        return new ConsoleResponse(303, Map.of("Location", location), out -> {}, () -> {});
    }

    ConsoleResponse header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ConsoleResponse(status, more, body, release);
    }

    /** {@return this response, which runs something more when it is closed} */
    ConsoleResponse releasing(Runnable more) {
        return new ConsoleResponse(status, headers, body, () -> {
            release.run();
            more.run();
        });
    }

    ConsoleResponse withoutBody() {
        return new ConsoleResponse(status, headers, out -> {}, release);
    }

    /** {@return the HTTP status code} */
    public int status() {
        return status;
    }

    /** {@return the headers, each with its one value} */
    public Map<String, String> headers() {
        return Map.copyOf(headers);
    }

    /**
     * Writes the body. Call it once.
     *
     * @param out receives the bytes; it is flushed where progress is to be seen, and not closed
     * @throws IOException if the body cannot be written. A response that breaks off this way is incomplete: break the
     *     connection
     */
    public void writeTo(OutputStream out) throws IOException {
        body.writeTo(Objects.requireNonNull(out, "out"));
        out.flush();
    }

    /** Deletes what was kept for the body. */
    @Override
    public void close() {
        release.run();
    }
}
