package dev.attribution.examples.springhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplicationAotProcessor;

/** What {@code process-aot} of Spring Boot's plugin does, with this application. */
class AheadOfTimeTest {
    @TempDir
    Path directory;

    @Test
    void isProcessedWithoutAWarningAndCompiles() throws Exception {
        Path sources = directory.resolve("sources");
        Process processor = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SpringApplicationAotProcessor.class.getName(),
                        SpringHost.class.getName(),
                        sources.toString(),
                        directory.resolve("resources").toString(),
                        directory.resolve("classes").toString(),
                        "dev.attribution",
                        "attribution-spring-host",
                        "--spring.datasource.url=" + HostProcess.database(directory)))
                .redirectErrorStream(true)
                .start();
        String output = new String(processor.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(processor.waitFor()).as(output).isZero();
        assertThat(output).doesNotContain("WARN").doesNotContain("ERROR");
        assertThat(sources.resolve("dev/attribution/spring/AttributionAutoConfiguration__BeanDefinitions.java"))
                .exists();
        assertThat(directory.resolve("attribution.mv.db"))
                .as("the database was opened ahead of time")
                .doesNotExist();
        assertThat(compiled(sources)).isEmpty();
    }

    private String compiled(Path sources) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
                Stream<Path> generated = Files.walk(sources)) {
            List<Path> units =
                    generated.filter(file -> file.toString().endsWith(".java")).toList();
            Path classes = Files.createDirectories(directory.resolve("compiled"));
            List<String> options = List.of(
                    "-proc:none",
                    "-nowarn",
                    "-cp",
                    directory.resolve("classes") + java.io.File.pathSeparator + System.getProperty("java.class.path"),
                    "-d",
                    classes.toString());
            boolean succeeded = compiler.getTask(
                            problems, files, null, options, null, files.getJavaFileObjectsFromPaths(units))
                    .call();
            return succeeded ? "" : problems.toString();
        }
    }
}
