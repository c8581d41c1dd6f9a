package dev.attribution.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {
    @ParameterizedTest
    @CsvSource({"2028", "2029", "202E", "200B", "FEFF", "0000", "000A", "001B", "0085", "E000", "D800", "DC00", "FFFF"})
    void escapesWhatIsNotPrintable(String code) {
        String text = "a" + (char) Integer.parseInt(code, 16) + "b";

        assertThat(Printable.escaped(text)).isEqualTo("a\\u" + code + "b");
    }

    @Test
    void leavesTextOfEveryScriptAsItIs() {
        String text = "spring-sale é я 名 😀 \"'\\ {}";

        assertThat(Printable.escaped(text)).isSameAs(text);
    }

    @Test
    void cutsNeverThroughAPair() {
        assertThat(Printable.cut("ab😀", 3)).isEqualTo("ab…");
        assertThat(Printable.cut("ab😀", 4)).isEqualTo("ab😀");
        assertThat(Printable.quoted("x".repeat(1_000))).hasSize(Printable.MAX_QUOTED + 1);
    }

    @Test
    void nothingHasALineBreakOrADirectionAfterwards() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(6); n > 0; n--) {
                text.append((char) (random.nextBoolean() ? random.nextInt(0x10000) : 0x2000 + random.nextInt(0x70)));
            }

            assertThat(Printable.escaped(text.toString()).codePoints())
                    .noneMatch(c -> Character.isISOControl(c)
                            || Character.getType(c) == Character.FORMAT
                            || Character.getType(c) == Character.LINE_SEPARATOR
                            || Character.getType(c) == Character.SURROGATE);
        }
    }
}
