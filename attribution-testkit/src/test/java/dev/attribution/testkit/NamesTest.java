package dev.attribution.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NamesTest {
    @Test
    void noTypeOfTheMainCodeSharesItsSimpleName() throws IOException, URISyntaxException {
        Path classes = Path.of(ForwardingStore.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            List<String> names = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".class") && !name.contains("-info"))
                    .map(name -> name.replaceFirst("\\.class$", "").replaceFirst(".*\\$", ""))
                    .filter(name -> !name.matches("[0-9]*|Builder"))
                    .toList();

            assertThat(names).hasSizeGreaterThan(20).doesNotHaveDuplicates();
        }
    }
}
