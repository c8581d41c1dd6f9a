package dev.attribution.examples.benchmarks.load;

import dev.attribution.examples.benchmarks.measure.Metric;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A turn in a JVM of its own, with a small heap. */
public final class OwnJvm {
    private OwnJvm() {}

    /**
     * Runs a class that prints a rate and the most megabytes of its heap.
     *
     * @param heapMegabytes the size of the heap
     * @param main the class
     * @param arguments its arguments
     * @return what it printed
     * @throws IOException if it cannot be started
     * @throws InterruptedException if the wait for it is interrupted
     */
    public static Map<Metric, Double> run(int heapMegabytes, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMegabytes + "m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] figures = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .strip()
                .split(" ", -1);
        if (process.waitFor() != 0 || figures.length != 2) {
            throw new IllegalStateException(main.getSimpleName() + " " + String.join(" ", arguments) + " failed");
        }
        return Map.of(Metric.RATE, Double.valueOf(figures[0]), Metric.HEAP, Double.valueOf(figures[1]));
    }
}
