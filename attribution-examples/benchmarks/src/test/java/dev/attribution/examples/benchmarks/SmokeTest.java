package dev.attribution.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.examples.benchmarks.measure.Benchmark;
import dev.attribution.examples.benchmarks.measure.Plan;
import dev.attribution.examples.benchmarks.measure.Statistics;
import dev.attribution.examples.benchmarks.store.StoreBenchmarks;
import dev.attribution.examples.benchmarks.world.LoadBenchmarks;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.w3c.dom.Element;

/** Runs every benchmark, so briefly that the figures mean nothing. */
class SmokeTest {
    static final List<Benchmark> BENCHMARKS = Main.BENCHMARKS.stream()
            .filter(benchmark ->
                    !benchmark.equals(StoreBenchmarks.CALLERS)) // which takes long, and is run for its chart
            .toList();

    private static final List<Benchmark> WITHOUT_TARGETS = Stream.concat(
                    StoreBenchmarks.LOAD.stream(), Stream.of(StoreBenchmarks.CALLERS, LoadBenchmarks.SIMULATED))
            .toList();

    @TempDir
    Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    private static Plan plan(Statistics... statistics) {
        return new Plan(1, Duration.ofMillis(20), 2_000, 2_000, 2_000, 1_000_000, List.of(statistics), false);
    }

    @ParameterizedTest
    @FieldSource("BENCHMARKS")
    void runsToItsEndAndLeavesATableAndAChart(Benchmark benchmark) throws Exception {
        Main.run(benchmark, plan(Statistics.EMPTY), directory, out);

        String table = Files.readString(directory.resolve(benchmark.name() + ".md"));
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("# " + benchmark.title(), table);
        assertThat(table).contains("| contestant").doesNotContain("NaN");
        assertThat(table.contains("| target")).isEqualTo(!WITHOUT_TARGETS.contains(benchmark));
        Element chart = chart(benchmark);
        assertThat(chart.getElementsByTagName("rect").getLength()).isGreaterThan(2);
        assertThat(text(chart, "title")).isEqualTo(benchmark.title());
    }

    private Element chart(Benchmark benchmark) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(directory.resolve(benchmark.name() + ".svg").toFile())
                .getDocumentElement();
    }

    private static String text(Element chart, String name) {
        return chart.getElementsByTagName(name).item(0).getTextContent();
    }

    @Test
    void theChartOfCallersSaysAsTextWhatItDraws() throws Exception {
        runsToItsEndAndLeavesATableAndAChart(StoreBenchmarks.CALLERS);

        Element chart = chart(StoreBenchmarks.CALLERS);
        assertThat(text(chart, "desc"))
                .contains("PostgreSQL, click(), click(), 1 caller:", "MariaDB, postback()", "256 callers:", "p99 ms");
        assertThat(chart.getElementsByTagName("circle").getLength()).isEqualTo(3 * 2 * 2 * 4 * 2);
        assertThat(text(chart, "style")).contains("prefers-color-scheme: dark");
    }

    @Test
    void theWorstOfAllStatisticsCounts() throws Exception {
        Main.runAll(
                BENCHMARKS.stream()
                        .filter(benchmark -> benchmark.name().equals("clicks-few-callers"))
                        .toList(),
                plan(Statistics.values()),
                directory,
                out);

        List<String> rows = Files.readAllLines(directory.resolve("all.md")).stream()
                .filter(line -> line.startsWith("| PostgreSQL"))
                .toList();
        assertThat(rows).hasSize(2).allSatisfy(row -> {
            String[] cells = row.split(" \\| ", -1);
            List<Double> ratios = Arrays.stream(cells[4].split(", ", -1))
                    .map(ratio -> Double.valueOf(ratio.substring(ratio.lastIndexOf(' ') + 1)))
                    .toList();
            assertThat(cells[4]).contains("fresh statistics", "no statistics", "statistics of empty tables");
            assertThat(Double.valueOf(cells[2]))
                    .isEqualTo(ratios.stream().sorted().toList().get(0));
        });
    }
}
