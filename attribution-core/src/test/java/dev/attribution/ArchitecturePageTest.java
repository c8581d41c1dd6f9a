package dev.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the page on architecture to the code. */
class ArchitecturePageTest {
    private static final Pattern ROW = Pattern.compile("^\\| `(dev\\.attribution[a-z.]*)` \\|", Pattern.MULTILINE);
    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?(dev\\.attribution(?:\\.[a-z]+)*)\\.([A-Z]\\w*)", Pattern.MULTILINE);
    private static final Pattern TYPE = Pattern.compile("(?<![\\w.@])[A-Z][a-z]+(?:[A-Z][a-z]+)+(?![\\w])");

    @Test
    void listsEveryPackage() throws IOException {
        Set<String> packages =
                sources().map(ArchitecturePageTest::packageOf).collect(Collectors.toCollection(TreeSet::new));

        assertThat(listed()).doesNotHaveDuplicates().containsAll(packages);
        assertThat(packages).hasSizeGreaterThan(15);
    }

    @Test
    void listsAPackageAfterThoseThatItUses() throws IOException {
        List<String> listed = listed();

        assertThat(sources()).isNotEmpty().allSatisfy(source -> {
            Matcher used = IMPORT.matcher(Files.readString(source));
            while (used.find()) {
                boolean isException =
                        used.group(1).equals("dev.attribution") && used.group(2).endsWith("Exception");
                // the values of the JDBC store's API, which its implementation reads
                boolean isJdbcValue = used.group(1).equals("dev.attribution.jdbc")
                        && !used.group(2).equals("JdbcAttributionStore");
                if (!isException && !isJdbcValue) {
                    assertThat(listed.indexOf(used.group(1)))
                            .as(used.group())
                            .isLessThanOrEqualTo(listed.indexOf(packageOf(source)));
                }
            }
        });
    }

    @Test
    void namesTypesThatExist() throws IOException {
        String code = sources().map(ArchitecturePageTest::read).collect(Collectors.joining());

        assertThat(TYPE.matcher(page()).results().map(type -> type.group()).distinct())
                .hasSizeGreaterThan(20)
                .allSatisfy(type -> assertThat(code).contains(type));
    }

    private static List<String> listed() throws IOException {
        return ROW.matcher(page()).results().map(row -> row.group(1)).toList();
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "architecture.md"));
    }

    private static Stream<Path> sources() throws IOException {
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            return modules
                    .map(module -> module.resolve(Path.of("src", "main", "java")))
                    .filter(Files::isDirectory)
                    .flatMap(ArchitecturePageTest::sourcesIn)
                    .toList()
                    .stream();
        }
    }

    private static Stream<Path> sourcesIn(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("module-info.java") && !file.endsWith("package-info.java"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String packageOf(Path source) {
        Matcher name = Pattern.compile("^package (.+);", Pattern.MULTILINE).matcher(read(source));
        assertThat(name.find()).as(source.toString()).isTrue();
        return name.group(1);
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
