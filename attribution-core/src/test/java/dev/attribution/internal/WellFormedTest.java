package dev.attribution.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WellFormedTest {
    @Test
    void leavesStorableTextAlone() {
        String text = "é😀\n";

        assertThat(WellFormed.of(text, 4)).isSameAs(text);
        assertThat(WellFormed.halfPairsReplaced(text)).isSameAs(text);
        assertThat(WellFormed.of("", 0)).isEmpty();
    }

    @Test
    void cutsButNeverThroughAPair() {
        assertThat(WellFormed.of("abc", 0)).isEmpty();
        assertThat(WellFormed.of("abc", 2)).isEqualTo("ab");
        assertThat(WellFormed.of("a😀b", 2)).isEqualTo("a");
        assertThat(WellFormed.of("a😀b", 3)).isEqualTo("a😀");
        assertThat(WellFormed.of("😀", 1)).isEmpty();
    }

    @Test
    void replacesEachHalfPairAndEachNul() {
        assertThat(WellFormed.of("\uDE00\uD83D\0😀\uD83D", 99)).isEqualTo("\uFFFD\uFFFD\uFFFD😀\uFFFD");
        assertThat(WellFormed.halfPairsReplaced("\uD83D\0")).isEqualTo("\uFFFD\0");
    }

    @Test
    void whateverGoesInTheResultIsStorableAndStaysAsItIs() {
        Random random = new Random(11);
        String alphabet = "a\0\uD83D\uDE00\uD800\uDFFF\uFFFF";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            int max = random.nextInt(12);
            String storable = WellFormed.of(text.toString(), max);

            assertThat(storable).hasSizeLessThanOrEqualTo(max).doesNotContain("\0");
            assertThat(storable.codePoints()).noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
            assertThat(storable.length()).isBetween(Math.min(text.length(), max) - 1, max);
            assertThat(WellFormed.of(storable, max)).isSameAs(storable);
        }
    }
}
