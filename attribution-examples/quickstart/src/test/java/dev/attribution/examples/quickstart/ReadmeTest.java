package dev.attribution.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
    private static final Path README = Path.of("..", "..", "README.md");

    @TempDir
    Path directory;

    @Test
    void compilesAndRunsEverySnippet() throws Exception {
        List<String> snippets = SNIPPET.matcher(Files.readString(README))
                .results()
                .map((MatchResult snippet) -> snippet.group(1))
                .toList();
        assertThat(snippets).isNotEmpty();
        for (String snippet : snippets) {
            Path source = Files.writeString(directory.resolve("Snippet.java"), snippet);

            String output = Java.run(directory, source.toString());

            assertThat(output).contains("https://google.com?sub1=", "ATTRIBUTED", "DUPLICATE");
        }
    }
}
