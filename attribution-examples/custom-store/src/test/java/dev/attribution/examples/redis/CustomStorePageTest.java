package dev.attribution.examples.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the page on custom stores and this project together. */
class CustomStorePageTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    @Test
    void showsTheContractOfThisStore() throws IOException {
        String page = Files.readString(Path.of("..", "..", "docs", "custom-store.md"));
        String test = withoutBlanks(
                Files.readString(Path.of("src/test/java/dev/attribution/examples/redis/RedisStoreTest.java")));
        List<String> lines = SNIPPET.matcher(page)
                .results()
                .map((MatchResult snippet) -> snippet.group(1))
                .flatMap(String::lines)
                .toList();

        assertThat(lines)
                .hasSizeGreaterThan(15)
                .allSatisfy(line -> assertThat(test).contains(withoutBlanks(line)));
    }

    @Test
    void staysBelow430Lines() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .mapToLong(CustomStorePageTest::lines)
                            .sum())
                    .isLessThan(430);
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutBlanks(String code) {
        return code.replaceAll("\\s", "");
    }
}
