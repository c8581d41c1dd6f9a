package dev.attribution.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.examples.benchmarks.measure.Benchmark;
import dev.attribution.examples.benchmarks.measure.Plan;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Runs every benchmark, so briefly that the figures mean nothing. */
class SmokeTest {
    static final List<Benchmark> BENCHMARKS = Main.BENCHMARKS;

    @TempDir
    Path directory;

    @ParameterizedTest
    @FieldSource("BENCHMARKS")
    void runsToItsEndAndLeavesATableAndAChart(Benchmark benchmark) throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Plan plan = new Plan(1, Duration.ofMillis(20), 2_000, false);

        Main.run(benchmark, plan, directory, new PrintStream(printed, true, StandardCharsets.UTF_8));

        String output = printed.toString(StandardCharsets.UTF_8);
        assertThat(output)
                .contains("# " + benchmark.title(), "| contestant", "| target")
                .doesNotContain("NaN");
        assertThat(directory.resolve(benchmark.name() + ".md")).content().contains("| contestant", "| target");
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(directory.resolve(benchmark.name() + ".svg").toFile())
                        .getElementsByTagName("rect")
                        .getLength())
                .isGreaterThan(2);
    }
}
