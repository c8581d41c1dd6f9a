package dev.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.spi.AttributionStore;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the snippets of the Javadoc. They find a {@code store} and an {@code attribution}. */
class SnippetTest {
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Pattern SNIPPET = Pattern.compile("<pre>\\{@code\\R(.*?)\\* \\}</pre>", Pattern.DOTALL);
    private static final Pattern PAGE_SNIPPET = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
    private static final Pattern MARGIN = Pattern.compile("(?m)^\\s*\\* ?");

    @TempDir
    Path directory;

    @Test
    void everySnippetOfTheJavadocRuns() throws Exception {
        TreeMap<String, String> snippets = new TreeMap<>();
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                SNIPPET.matcher(Files.readString(source))
                        .results()
                        .forEach(snippet -> snippets.put(
                                source.getFileName().toString().replace(".java", "Snippet"),
                                MARGIN.matcher(snippet.group(1)).replaceAll("")));
            }
        }

        assertThat(snippets).containsKeys("AttributionSnippet", "OfferSnippet", "DuplicatePolicySnippet");
        for (String name : snippets.keySet()) {
            run(name, snippets.get(name));
        }
    }

    @Test
    void everySnippetOfThePageOnCallersRuns() throws Exception {
        List<String> snippets = PAGE_SNIPPET
                .matcher(Files.readString(Path.of("..", "docs", "callers.md")))
                .results()
                .map(snippet -> snippet.group(1))
                .filter(snippet -> !snippet.contains("JsonBodies")) // which attribution-trackers tests
                .toList();

        assertThat(snippets).hasSizeGreaterThan(3);
        for (int i = 0; i < snippets.size(); i++) {
            run("CallersPageSnippet" + i, snippets.get(i));
        }
    }

    @Test
    void everySnippetOfTheMoveOfAStoreRuns() throws Exception {
        List<String> snippets = PAGE_SNIPPET
                .matcher(Files.readString(Path.of("..", "docs", "scaling.md")))
                .results()
                .map(snippet -> snippet.group(1))
                .filter(snippet -> snippet.contains("move"))
                .toList();

        assertThat(snippets).hasSizeGreaterThan(5);
        for (int i = 0; i < snippets.size(); i++) {
            String snippet = snippets.get(i);
            run(
                    "MoveSnippet" + i,
                    "AttributionStore jdbcStore = store;\n"
                            + "AttributionStore cassandraStore = new InMemoryAttributionStore();\n"
                            + "org.slf4j.Logger log = org.slf4j.LoggerFactory.getLogger(\"move\");\n"
                            + "Set<String> offerIds = Set.of();\n"
                            + (snippet.contains("StoreMove move =")
                                    ? ""
                                    : "StoreMove move = StoreMove.builder(jdbcStore, cassandraStore).build();\n")
                            + (snippet.contains("Instant compared =") ? "" : "Instant compared = Instant.EPOCH;\n")
                            + snippet);
        }
    }

    private void run(String name, String snippet) throws Exception {
        String body = snippet.contains("Attribution attribution =")
                ? snippet
                : "Attribution attribution = Attribution.builder(store).build();\n" + snippet;
        Path source = Files.writeString(
                directory.resolve(name + ".java"),
                imports() + "import java.time.*;\nimport java.util.*;\nimport java.util.concurrent.*;\n"
                        + "import java.util.concurrent.atomic.*;\npublic class " + name
                        + " { public static void run(AttributionStore store) {\n" + body + "} }");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        List<String> options = List.of("-proc:none", "-cp", classPath(), "-d", directory.toString());
        boolean isCompiled = compiler.getTask(
                        errors,
                        null,
                        null,
                        options,
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();

        assertThat(isCompiled).as(errors.toString()).isTrue();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, Attribution.class.getClassLoader())) {
            Method run = loader.loadClass(name).getMethod("run", AttributionStore.class);
            run.invoke(null, new InMemoryAttributionStore());
        }
    }

    private static String imports() {
        try (Stream<Path> folders = Files.walk(SOURCES.resolve(Path.of("dev", "attribution")))) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> SOURCES.relativize(folder).toString().replace('/', '.'))
                    .filter(name -> !name.contains("internal") && !name.contains("engine"))
                    .map(name -> "import " + name + ".*;\n")
                    .collect(Collectors.joining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String classPath() {
        List<String> paths = new ArrayList<>();
        for (String property : List.of("java.class.path", "jdk.module.path")) {
            paths.add(System.getProperty(property, ""));
        }
        URI classes = URI.create(Attribution.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString());
        paths.add(Path.of(classes).toString());
        return paths.stream()
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(System.getProperty("path.separator")));
    }
}
