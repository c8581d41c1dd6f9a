package dev.attribution.examples.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A million inputs, and those that were kept. {@code -Dfuzz.inputs} and {@code -Dfuzz.seed} run others. */
class FuzzTest {
    private static final long INPUTS = Long.getLong("fuzz.inputs", 1_000_000);
    private static final long SEED = Long.getLong("fuzz.seed", 17);
    private static final String ONLY = System.getProperty("fuzz.target", "");
    private static final String INPUT = System.getProperty("fuzz.input", "");

    @ParameterizedTest
    @EnumSource(Target.class)
    void bearsWhateverStrangersSend(Target target) {
        if (!ONLY.isEmpty() && !ONLY.equals(target.id())) {
            return;
        }
        if (!INPUT.isEmpty()) {
            Fuzzing.one(target, HexFormat.of().parseHex(INPUT), "given");
            return;
        }
        long inputs = ONLY.isEmpty() ? INPUTS * target.share / Target.WHOLE : INPUTS;

        assertThat(Fuzzing.run(target, inputs, SEED)).isEqualTo(inputs);
    }

    @ParameterizedTest
    @EnumSource(Target.class)
    void bearsTheInputsThatWereKept(Target target) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "corpus", target.id()))) {
            List<Path> kept = files.sorted().toList();

            assertThat(kept).isNotEmpty();
            for (Path file : kept) {
                Fuzzing.one(target, Files.readAllBytes(file), file.getFileName().toString());
            }
        }
    }

    @Test
    void theSharesMakeUpTheWhole() {
        assertThat(Arrays.stream(Target.values())
                        .mapToInt(target -> target.share)
                        .sum())
                .isEqualTo(Target.WHOLE);
    }

    @Test
    void aFailureIsToldByItsShortestInput() {
        assertThatThrownBy(() -> Holds.oneLine("a\nb", "a header is one line")).hasMessageContaining("one line");
        assertThatThrownBy(() -> Holds.graphicAscii("a b", "a location")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Holds.same(1, 2, "a sum")).hasMessageContaining("expected 2, was 1");
    }
}
