package dev.attribution.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** Holds docs/spring.md to the code. */
class SpringPageTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
    private static final Pattern METER =
            Pattern.compile("^\\| `(attribution\\.[a-z.]+)` \\| (?:timer|counter|gauge|dist)", Pattern.MULTILINE);

    @Test
    void showsCodeThatTheTestsRun() throws IOException {
        String tests = packed(sources(Path.of("src", "test", "java")));
        List<String> snippets =
                SNIPPET.matcher(page()).results().map(match -> match.group(1)).toList();

        assertThat(snippets).hasSizeGreaterThan(4).allSatisfy(snippet -> {
            if (snippet.startsWith("@AttributionTest")) {
                assertThat(snippet.lines()).allSatisfy(line -> assertThat(tests).contains(packed(line)));
            } else {
                assertThat(tests).contains(packed(snippet));
            }
        });
    }

    @Test
    void listsEveryPropertyAndEditorsKnowThem() throws IOException {
        Map<String, Object> metadata;
        try (InputStream file =
                AttributionProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            metadata = JsonParserFactory.getJsonParser()
                    .parseMap(new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8));
        }
        List<?> properties = (List<?>) metadata.get("properties");

        assertThat(properties).hasSizeGreaterThan(20).allSatisfy(entry -> {
            Map<?, ?> property = (Map<?, ?>) entry;
            String name = (String) property.get("name");
            assertThat((String) property.get("description")).as(name).isNotBlank();
            String last = name.substring(name.lastIndexOf('.'));
            assertThat(page()).containsAnyOf("`" + name + "`", "`" + last + "`");
        });
    }

    @Test
    void listsEveryMeter() throws IOException {
        String code = sources(Path.of("src", "main", "java"));

        assertThat(METER.matcher(page()).results().map(meter -> meter.group(1)))
                .hasSize(10)
                .allSatisfy(meter -> assertThat(code).contains("\"" + meter + "\""));
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "spring.md"), StandardCharsets.UTF_8);
    }

    private static String packed(String code) {
        return code.replaceAll("\\s", "");
    }

    private static String sources(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(SpringPageTest::read)
                    .collect(Collectors.joining());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
