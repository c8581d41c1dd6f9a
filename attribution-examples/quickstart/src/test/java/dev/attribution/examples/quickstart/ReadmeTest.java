package dev.attribution.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs what the README shows: a short snippet and, below it, the complete class. */
class ReadmeTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    @TempDir
    Path directory;

    @Test
    void beginsWithASnippetOfAtMostTwelveLinesThatRuns() throws Exception {
        String snippet = snippets().get(0);
        assertThat(snippet.lines()).hasSizeLessThanOrEqualTo(12);

        assertThat(run("%s\nclass Snippet {\n    public static void main(String[] args) {\n%s%s    }\n}\n"
                        .formatted(imports(), snippet, """
                                System.out.println(redirect.location());
                                System.out.println(outcome);
                                store.close();
                                """)))
                .contains("https://google.com?sub1=", "Attributed[", "win_10_games");
    }

    @Test
    void showsTheCompleteClassBelowIt() throws Exception {
        assertThat(run(snippets().get(1))).contains("https://google.com?sub1=", "ATTRIBUTED 200", "DUPLICATE true");
    }

    @Test
    void showsNoOtherCode() throws Exception {
        assertThat(snippets()).hasSize(2);
    }

    private static List<String> snippets() throws IOException {
        return SNIPPET.matcher(Files.readString(Path.of("..", "..", "README.md")))
                .results()
                .map((MatchResult snippet) -> snippet.group(1))
                .toList();
    }

    private static String imports() throws IOException {
        return snippets()
                .get(1)
                .lines()
                .filter(line -> line.startsWith("import "))
                .collect(Collectors.joining("\n"));
    }

    private String run(String source) throws Exception {
        return Java.run(
                directory,
                Files.writeString(directory.resolve("Snippet.java"), source).toString());
    }
}
