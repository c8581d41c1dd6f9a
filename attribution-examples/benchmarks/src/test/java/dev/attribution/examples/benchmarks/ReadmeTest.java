package dev.attribution.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.examples.benchmarks.measure.Benchmark;
import dev.attribution.examples.benchmarks.measure.Plan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadmeTest {
    private static final String PAGE = "../../docs/benchmarks.md";
    private static final Pattern COMMAND = Pattern.compile(
            "^mvn -q -pl attribution-examples/benchmarks -am compile exec:exec -Dbenchmark=(\\S+)((?: -D\\S+)*)$",
            Pattern.MULTILINE);

    private static List<MatchResult> commands(String page) throws Exception {
        return COMMAND.matcher(Files.readString(Path.of(page))).results().toList();
    }

    private static List<String> names() {
        return Main.BENCHMARKS.stream().map(Benchmark::name).toList();
    }

    @Test
    void namesTheCommandOfEveryBenchmark() throws Exception {
        assertThat(commands("README.md").stream()
                        .filter(command -> command.group(2).isEmpty())
                        .map(command -> command.group(1)))
                .containsExactlyElementsOf(
                        Stream.concat(Stream.of(Main.ALL), names().stream()).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", PAGE})
    void everyCommandNamesABenchmarkAndOptionsThatExist(String page) throws Exception {
        assertThat(Pattern.compile("-Dbenchmark=([^\\s`]+)")
                        .matcher(Files.readString(Path.of(page)))
                        .results()
                        .map(name -> name.group(1)))
                .isNotEmpty()
                .isSubsetOf(Stream.concat(Stream.of(Main.ALL), names().stream()).toList());
        for (MatchResult command : commands(page)) {
            Plan.parse(Arrays.stream(command.group(2).split(" -D", -1)).skip(1).toList());
        }
    }

    @Test
    void thePageNamesTheCommandsOfTheTableAndOfTheChart() throws Exception {
        assertThat(commands(PAGE).stream().map(command -> command.group(1))).contains(Main.ALL, "callers");
    }
}
