package dev.attribution.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.examples.benchmarks.measure.Benchmark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Pattern COMMAND = Pattern.compile(
            "^mvn -q -pl attribution-examples/benchmarks -am compile exec:exec -Dbenchmark=(\\S+)$", Pattern.MULTILINE);

    @Test
    void namesTheCommandOfEveryBenchmark() throws Exception {
        List<String> named = COMMAND.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map((MatchResult command) -> command.group(1))
                .toList();

        assertThat(named)
                .containsExactlyElementsOf(
                        Main.BENCHMARKS.stream().map(Benchmark::name).toList());
    }

    @Test
    void namesNoBenchmarkThatDoesNotExist() throws Exception {
        assertThat(Pattern.compile("-Dbenchmark=(\\S+)")
                        .matcher(Files.readString(Path.of("README.md")))
                        .results()
                        .map((MatchResult command) -> command.group(1)))
                .isSubsetOf(Main.BENCHMARKS.stream().map(Benchmark::name).toList());
    }
}
