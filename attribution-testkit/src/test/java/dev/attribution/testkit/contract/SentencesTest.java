package dev.attribution.testkit.contract;

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

/** Holds the SPI's sentences and the tests that quote them together. */
class SentencesTest {
    private static final Path SPI = Path.of("..", "attribution-core", "src/main/java/dev/attribution/spi");
    private static final Path CONTRACT = Path.of("src/main/java/dev/attribution/testkit/contract");
    private static final Pattern SENTENCE =
            Pattern.compile("<li id=\"([a-z]+)-([0-9]+)\">(.*?)(?=<li|</ol>)", Pattern.DOTALL);
    private static final Pattern TEST = Pattern.compile(
            "/\\*\\*((?:(?!\\*/).)*?)\\*/\\s*@Test\\s*@DisplayName\\(\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\)",
            Pattern.DOTALL);

    @Test
    void everySentenceHasOneTestThatQuotesIt() throws IOException {
        List<String> sentences = matches(SPI, SENTENCE)
                .map(match -> match.group(1) + " " + match.group(2) + ": " + plain(match.group(3)))
                .toList();

        assertThat(sentences).hasSizeGreaterThan(50).doesNotHaveDuplicates();
        assertThat(matches(CONTRACT, TEST).map(match -> match.group(2).replace("\\\"", "\"")))
                .containsExactlyInAnyOrderElementsOf(sentences);
    }

    @Test
    void everyTestQuotesItsSentenceInItsJavadoc() throws IOException {
        assertThat(matches(CONTRACT, TEST))
                .isNotEmpty()
                .allSatisfy(match -> assertThat(plain(match.group(1)))
                        .isEqualTo(match.group(2).replace("\\\"", "\"")));
    }

    private static Stream<MatchResult> matches(Path directory, Pattern pattern) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList().stream()
                    .flatMap(file -> pattern.matcher(read(file)).results());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String plain(String javadoc) {
        return javadoc.replaceAll("\\R\\s*\\*", " ")
                .replaceAll("\\{@\\w+ ([^}]*)}", "$1")
                .replaceAll("</?em>", "")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
