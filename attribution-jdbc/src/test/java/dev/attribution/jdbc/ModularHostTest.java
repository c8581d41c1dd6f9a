package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host with a module descriptor that requires this module and nothing else. */
class ModularHostTest {
    // what Maven brings with this module, and the driver that the host chooses
    private static final Pattern NEEDED = Pattern.compile(
            ".*(attribution-(core|jdbc)[^:]*[/\\\\](classes|attribution-core-[^/\\\\]*\\.jar)|(jdbi3-core|HikariCP|jackson-core|geantyref|slf4j-api|h2)-[\\d.]+\\.jar)");

    @TempDir
    Path directory;

    @Test
    void requiresThisModuleAlone() throws Exception {
        Files.writeString(directory.resolve("module-info.java"), "module host { requires dev.attribution.jdbc; }");
        Files.createDirectory(directory.resolve("host"));
        Files.writeString(directory.resolve("host/Main.java"), """
                package host;

                import dev.attribution.Attribution;
                import dev.attribution.click.ClickRequest;
                import dev.attribution.jdbc.JdbcAttributionStore;
                import dev.attribution.offer.Offer;

                public class Main {
                    public static void main(String[] arguments) {
                        try (JdbcAttributionStore store = JdbcAttributionStore.open("jdbc:h2:mem:modules")) {
                            Attribution attribution = Attribution.builder(store).build();
                            attribution.offers().put(Offer.builder("o")
                                    .trackingLink("https://example.com?c={gk_click_id}").build());
                            String id = attribution.click(ClickRequest.of("o", "m")).clickId().value();
                            System.out.println(attribution.postback("gk_click_id=" + id).kind());
                        }
                    }
                }
                """);
        String modules = modulePath();
        Path classes = directory.resolve("classes");
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-d",
                        classes.toString(),
                        "--module-path",
                        modules,
                        directory.resolve("module-info.java").toString(),
                        directory.resolve("host/Main.java").toString());
        assertThat(compiled).isZero();
        Process host = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--module-path",
                        modules + File.pathSeparator + classes,
                        "--module",
                        "host/host.Main"))
                .redirectErrorStream(true)
                .start();
        String said = new String(host.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(host.waitFor()).as(said).isZero();
        assertThat(said).contains("ATTRIBUTED");
    }

    private static String modulePath() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(classPath.split(Pattern.quote(File.pathSeparator), -1))
                .filter(entry -> NEEDED.matcher(entry).matches())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
