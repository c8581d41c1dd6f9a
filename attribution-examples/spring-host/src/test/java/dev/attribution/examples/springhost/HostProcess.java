package dev.attribution.examples.springhost;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The host in a process of its own, which can be killed. */
final class HostProcess implements AutoCloseable {
    private final Process process;
    private final String url;

    private HostProcess(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    static String database(Path directory) {
        return "jdbc:h2:async:" + directory.resolve("attribution") + ";WRITE_DELAY=0;OPTIMIZE_REUSE_RESULTS=0";
    }

    static HostProcess start(Path directory) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SpringHost.class.getName(),
                        "--server.port=0",
                        "--spring.datasource.url=" + database(directory)))
                .directory(new File("."))
                .redirectErrorStream(true)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder lines = new StringBuilder();
        for (String line; (line = output.readLine()) != null; ) {
            if (line.startsWith("Serving ")) {
                return new HostProcess(process, line.substring("Serving ".length()));
            }
            lines.append(line).append('\n');
        }
        throw new IllegalStateException("The host did not start:\n" + lines);
    }

    String url() {
        return url;
    }

    /** Ends the process as {@code kill -9} does, and returns when it has ended. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
