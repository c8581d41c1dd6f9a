package dev.attribution.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds docs/console.md to the code. */
class ConsolePageTest {
    private static final Path HOST = Path.of("src/test/java/dev/attribution/console/ExampleHost.java");

    @Test
    void showsTheHostThatTheTestsRun() throws IOException {
        String host = Files.readString(HOST).lines().map(String::strip).collect(Collectors.joining("\n"));
        String example = host.substring(
                host.indexOf("// begin of the example\n") + "// begin of the example\n".length(),
                host.indexOf("// end of the example"));

        assertThat(page()).contains(example);
        assertThat(example.lines().count()).isLessThanOrEqualTo(16);
    }

    @Test
    void namesTheSetters() throws IOException {
        for (Class<?> builder : new Class<?>[] {ConsoleRequest.Builder.class}) {
            for (var method : builder.getDeclaredMethods()) {
                if (!method.getName().equals("build") && !method.isSynthetic()) {
                    assertThat(page()).contains(method.getName() + "(");
                }
            }
        }
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "console.md"))
                .lines()
                .map(String::strip)
                .collect(Collectors.joining("\n"));
    }
}
