package dev.attribution.examples.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the page on threats to the tests. */
class ThreatModelPageTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)`");

    @Test
    void namesTestsThatExist() throws IOException {
        String page = java.nio.file.Files.readString(ROOT.resolve(Path.of("docs", "threat-model.md")));
        Set<String> tests;
        try (Stream<Path> files = java.nio.file.Files.walk(ROOT)) {
            tests = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Test.java"))
                    .map(name -> name.replace(".java", ""))
                    .collect(Collectors.toSet());
        }

        List<String> named = TEST.matcher(page)
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
        assertThat(named).hasSizeGreaterThan(40);
        assertThat(tests).containsAll(named);
    }

    @Test
    void eachRowNamesATest() throws IOException {
        String page = java.nio.file.Files.readString(ROOT.resolve(Path.of("docs", "threat-model.md")));
        String table = page.substring(page.indexOf("## Who sends what"), page.indexOf("## Fuzzing"));

        assertThat(table.lines().filter(line -> line.startsWith("| ")).skip(1))
                .hasSizeGreaterThan(15)
                .allSatisfy(row -> assertThat(row).containsPattern(TEST));
    }
}
