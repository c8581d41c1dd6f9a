package dev.attribution.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the index of the examples to the projects. */
class ExamplesPageTest {
    private static final Path EXAMPLES = Path.of("..");
    private static final Pattern COMMAND =
            Pattern.compile("^mvn .*-pl attribution-examples/(\\S+) .*$", Pattern.MULTILINE);

    @Test
    void hasOneCommandForEachExample() throws IOException {
        try (Stream<Path> directories = Files.list(EXAMPLES)) {
            List<String> projects = directories
                    .filter(directory -> Files.exists(directory.resolve("pom.xml")))
                    .map(directory -> directory.getFileName().toString())
                    .toList();

            assertThat(commands().map(command -> command.group(1)))
                    .containsExactlyInAnyOrderElementsOf(projects)
                    .hasSizeGreaterThan(3);
        }
    }

    @Test
    void startsAnExampleAsTheReadmeDoes() throws IOException {
        String readme = Files.readString(EXAMPLES.resolve("..").resolve("README.md"));

        assertThat(commands()
                        .filter(command -> List.of("quickstart", "reconcile").contains(command.group(1)))
                        .map(MatchResult::group))
                .hasSize(2)
                .allSatisfy(command -> assertThat(readme.lines()).contains(command));
    }

    private static Stream<MatchResult> commands() throws IOException {
        return COMMAND.matcher(Files.readString(EXAMPLES.resolve("README.md"))).results();
    }
}
