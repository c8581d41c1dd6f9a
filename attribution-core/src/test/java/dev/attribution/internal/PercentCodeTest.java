package dev.attribution.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentCodeTest {
    @Test
    void leavesTheUnreservedCharactersOfRfc3986() {
        String unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

        assertThat(PercentCode.encode(unreserved)).isSameAs(unreserved);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                ": %3A", "/ %2F", "? %3F", "[ %5B", "] %5D", "@ %40", "! %21", "$ %24", "& %26", "( %28", ") %29",
                        "* %2A",
                "+ %2B", ", %2C", "; %3B", "= %3D", "% %25", "{ %7B", "} %7D", "| %7C", "^ %5E", "` %60", "< %3C",
                        "> %3E",
                "é %C3%A9", "€ %E2%82%AC", "😀 %F0%9F%98%80", "\uFFFF %EF%BF%BF"
            })
    void encodesEverythingElse(String value, String encoded) {
        assertThat(PercentCode.encode(value)).isEqualTo(encoded);
        assertThat(PercentCode.encode("a" + value + "b")).isEqualTo("a" + encoded + "b");
    }

    @Test
    void encodesWhatATableCannotHold() {
        assertThat(PercentCode.encode(" \"'#\\\r\n\t\0\u007F\u0080")).isEqualTo("%20%22%27%23%5C%0D%0A%09%00%7F%C2%80");
    }

    @Test
    void encodesHalfASurrogatePairAsTheReplacementCharacter() {
        assertThat(PercentCode.encode("\uD83D")).isEqualTo("%EF%BF%BD");
        assertThat(PercentCode.encode("\uDE00\uD83D😀")).isEqualTo("%EF%BF%BD%EF%BF%BD%F0%9F%98%80");
    }

    @Test
    void everyCodePointIsReadBack() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                continue;
            }
            String value = Character.toString(c);
            String encoded = PercentCode.encode(value);
            if (!encoded.matches("[A-Za-z0-9._~-]|(%[0-9A-F]{2})+")
                    || !URLDecoder.decode(encoded, StandardCharsets.UTF_8).equals(value)
                    || !PercentCode.decodeForm(encoded, 0, encoded.length()).equals(value)) {
                assertThat(encoded).as("U+%04X", c).isEqualTo(value);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "%41, 65",
        "%7b, 123",
        "%7B, 123",
        "%00, 0",
        "%ff, 255",
        "%, -1",
        "%4, -1",
        "%4g, -1",
        "%g4, -1",
        "4141, -1"
    })
    void readsAnEscape(String text, int code) {
        assertThat(PercentCode.at(text, 0)).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%\uFF14\uFF11", "%\u0664\u0661", "%+1", "%-1", "% 1"})
    void readsHexadecimalDigitsOfAsciiOnly(String text) {
        assertThat(PercentCode.at(text, 0)).isEqualTo(-1);
        assertThat(PercentCode.decodeForm(text, 0, text.length())).startsWith("%");
    }

    @Test
    void encodesAnyTextAsItsBytesOneByOne() {
        Random random = new Random(16);
        for (int i = 0; i < 20_000; i++) {
            int highest = random.nextInt(3) == 0 ? 0x10000 : 0x80;
            String text = random.ints(random.nextInt(40), 0, highest)
                    .collect(StringBuilder::new, (builder, c) -> builder.append((char) c), StringBuilder::append)
                    .toString();

            assertThat(PercentCode.encode(text)).isEqualTo(plainlyEncoded(text));
        }
    }

    private static String plainlyEncoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : WellFormed.halfPairsReplaced(text).getBytes(StandardCharsets.UTF_8)) {
            encoded.append(
                    String.valueOf((char) (b & 0xff)).matches("[A-Za-z0-9._~-]")
                            ? String.valueOf((char) b)
                            : String.format("%%%02X", b));
        }
        return encoded.toString();
    }
}
