package dev.attribution.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The style sheet and the script. */
final class Assets {
    private Assets() {}

    static ConsoleResponse css(Exchange exchange) {
        return asset("console.css", "text/css; charset=utf-8");
    }

    static ConsoleResponse script(Exchange exchange) {
        return asset("console.js", "text/javascript; charset=utf-8");
    }

    private static ConsoleResponse asset(String name, String contentType) {
        try (InputStream in = Assets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The jar of the console lacks " + name);
            }
            return ConsoleResponse.of(200, contentType, in.readAllBytes())
                    .header("Cache-Control", "private, max-age=300");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
