package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds that the page on testing shows what runs here. */
class TestingPageTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
    private static final Path TESTS = Path.of("src/test/java");

    @Test
    void showsTestsThatRun() throws IOException {
        List<String> snippets = SNIPPET.matcher(Files.readString(Path.of("..", "docs", "testing.md")))
                .results()
                .map((MatchResult snippet) -> snippet.group(1))
                .toList();

        assertThat(snippets).hasSize(5);
        assertThat(test("com/example/SpringSaleTest")).isEqualTo("package com.example;\n\n" + snippets.get(0));
        assertShows("dev/attribution/testkit/AttributionExtensionSettingsTest", snippets.get(1));
        assertShows("com/example/OfferwallTest", snippets.get(2));
        assertShows("com/example/EndpointTest", snippets.get(3));
        assertShows("com/example/TapjoyEndpointTest", snippets.get(4));
    }

    private static void assertShows(String test, String snippet) throws IOException {
        assertThat(test(test).replaceAll("\\s", "")).contains(snippet.replaceAll("\\s", ""));
    }

    private static String test(String name) throws IOException {
        return Files.readString(TESTS.resolve(name + ".java"));
    }
}
