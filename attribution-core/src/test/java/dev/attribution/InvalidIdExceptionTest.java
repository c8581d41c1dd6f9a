package dev.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.internal.Ids;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InvalidIdExceptionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "0",
                " a",
                "a ",
                "  a  b  ",
                "spring-sale",
                "ÄÖÜ",
                "日本",
                "😀",
                "\u2028a",
                "a\u00A0",
                "\uFEFF",
                "\uFFFD",
                "\u200B",
                "%00",
                "'; drop table",
                "{x}"
            })
    void takesAnIdExactlyAsGiven(String id) {
        assertThat(Ids.check("offer id", id)).isSameAs(id);
        assertThat(Ids.problemOf(id)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "   ", "\u00A0", "\u2007", "\u3000", "\u2028", " \u00A0\u3000", "\u1680", "\u202F"})
    void refusesABlankOne(String id) {
        assertThat(Ids.problemOf(id)).contains("is blank");
    }

    @Test
    void refusesAnEmptyOne() {
        assertThat(Ids.problemOf("")).contains("is empty");
    }

    @Test
    void countsUtf16Units() {
        assertThat(Ids.problemOf("x".repeat(255))).isEmpty();
        assertThat(Ids.problemOf("x".repeat(256))).contains("has 256 characters");
        assertThat(Ids.problemOf("😀".repeat(127) + "x")).isEmpty();
        assertThat(Ids.problemOf("😀".repeat(128))).contains("has 256 characters");
        assertThat(Ids.problemOf("x".repeat(1 << 20))).isPresent();
    }

    @Test
    void refusesEveryControlCharacterAnywhere() {
        IntStream.concat(IntStream.range(0, 0x20), IntStream.range(0x7f, 0xa0))
                .mapToObj(Character::toString)
                .forEach(control -> {
                    assertThat(Ids.problemOf(control)).isPresent();
                    assertThat(Ids.problemOf("a" + control)).isPresent();
                    assertThat(Ids.problemOf(control + "a")).isPresent();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD800", "\uDC00", "a\uD83D", "\uD83Da", "\uDE00\uD83D", "😀\uDE00", "\uD83D😀"})
    void refusesHalfASurrogatePair(String id) {
        assertThat(Ids.problemOf(id)).get().asString().startsWith("has half a surrogate pair");
    }

    @ParameterizedTest
    @CsvSource({"offer id", "member id"})
    void saysWhatIsWrongWithWhichIdWithoutShowingIt(String what) {
        assertThatThrownBy(() -> Ids.check(what, "jane.doe\u0007"))
                .isInstanceOf(InvalidIdException.class)
                .isInstanceOf(AttributionException.class)
                .hasMessageContainingAll("The " + what + " has the control character U+0007 at position 8", "255")
                .hasMessageNotContaining("jane.doe");
    }
}
