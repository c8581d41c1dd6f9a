package dev.attribution.click;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.InvalidIdException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClickIdTest {
    private static final String SPEC = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32";

    @Test
    void readsTheExampleOfTheSpecification() {
        ClickId id = ClickId.parse(SPEC);

        assertThat(id.value()).isEqualTo(SPEC);
        assertThat(id).hasToString(SPEC);
        assertThat(id.uuid()).isEqualTo(UUID.fromString(SPEC));
        assertThat(ClickId.tryParse(SPEC)).contains(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EFB2A7D2-C01A-4E3F-B8A1-81B4568E9F32",
                "eFb2A7d2-c01A-4e3F-B8a1-81b4568e9F32",
                "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32"
            })
    void readsEitherCaseAndPrintsLowerCase(String text) {
        assertThat(ClickId.parse(text)).isEqualTo(ClickId.parse(SPEC)).hasToString(SPEC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1-1-1-1-1",
                "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f3",
                "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f321",
                "efb2a7d2c01a4e3fb8a181b4568e9f32",
                "efb2a7d2c01a4e3fb8a181b4568e9f320000",
                "{efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32}",
                "{fb2a7d2-c01a-4e3f-b8a1-81b4568e9f3}",
                "urn:uuid:efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32",
                " efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32",
                "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32 ",
                "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32\n",
                " efb2a7d2-c01a-4e3f-b8a1-81b4568e9f3",
                "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f3\0",
                "efb2a7d2-c01a-4e3f-b8a181-b4568e9f32",
                "efb2a7d-2c01a-4e3f-b8a1-81b4568e9f32",
                "-fb2a7d2-c01a-4e3f-b8a1-81b4568e9f32",
                "efb2a7d2-c01a-4e3f-b8a1-+1b4568e9f32",
                "0xb2a7d2-c01a-4e3f-b8a1-81b4568e9f32",
                "gk_click_id",
                "{gk_click_id}"
            })
    void refusesWhatIsNoUuidInCanonicalForm(String text) {
        assertThat(ClickId.tryParse(text)).isEmpty();
        assertThatThrownBy(() -> ClickId.parse(text))
                .isInstanceOf(InvalidIdException.class)
                .hasMessageContaining("8-4-4-4-12");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "g", "G", "@", "`", "/", ":", " ", "\n", "\0", "_", "+", "\u2010", "\u2011", "\u2212", "\uFF0D",
                "\uFF10", "\uFF41", "\uFF21", "\u0660", "\u0966", "\u0430", "\uD800", "\u0141", "\u0161"
            })
    void refusesAnyOtherCharacterAnywhere(String hostile) {
        for (int i = 0; i < SPEC.length(); i++) {
            String text = SPEC.substring(0, i) + hostile + SPEC.substring(i + 1);

            assertThat(ClickId.tryParse(text)).as(text).isEmpty();
        }
    }

    @Test
    void readsBackEveryUuid() {
        uuids().forEach(uuid -> {
            ClickId id = ClickId.of(uuid);

            assertThat(id.uuid()).isEqualTo(uuid);
            assertThat(id.value()).isEqualTo(uuid.toString()).isLowerCase();
            assertThat(ClickId.parse(id.value())).isEqualTo(id).hasSameHashCodeAs(id);
            assertThat(ClickId.parse(id.value().toUpperCase(Locale.ROOT))).isEqualTo(id);
        });
    }

    @Test
    void isOrderedAsItsText() {
        List<ClickId> ids = uuids().map(ClickId::of).toList();

        assertThat(ids.stream().sorted())
                .containsExactlyElementsOf(ids.stream()
                        .sorted(Comparator.comparing(ClickId::value))
                        .toList());
        assertThat(ids).allSatisfy(id -> assertThat(id).isEqualByComparingTo(ClickId.parse(id.value())));
    }

    @Test
    void differsFromOtherIdsAndFromItsText() {
        assertThat(ClickId.parse(SPEC))
                .isNotEqualTo(ClickId.parse("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f33"))
                .isNotEqualTo(ClickId.parse("ffb2a7d2-c01a-4e3f-b8a1-81b4568e9f32"))
                .isNotEqualTo(UUID.fromString(SPEC))
                .isNotEqualTo(SPEC)
                .isNotEqualTo(null);
    }

    @Test
    void refusesNull() {
        assertThatThrownBy(() -> ClickId.of(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> ClickId.parse(null)).isInstanceOf(NullPointerException.class);
    }

    /** Random ones, and those around the changes of sign. */
    private static Stream<UUID> uuids() {
        long[] edges = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 0x7fffffffL, 0x80000000L, 0xffffffffL};
        Random random = new Random(7);
        Stream<UUID> crafted = Arrays.stream(edges)
                .boxed()
                .flatMap(high -> Arrays.stream(edges).mapToObj(low -> new UUID(high, low)));
        return Stream.concat(
                crafted,
                Stream.generate(() -> new UUID(random.nextLong(), random.nextLong()))
                        .limit(10_000));
    }

    @Test
    void readsNoOtherCharacterInAnyPlace() {
        for (int at = 0; at < SPEC.length(); at++) {
            for (int code = 0; code <= Character.MAX_VALUE; code += code < 0x400 ? 1 : 61) {
                char c = (char) code;
                String text = SPEC.substring(0, at) + c + SPEC.substring(at + 1);
                boolean isDigit = "0123456789abcdefABCDEF".indexOf(c) >= 0;

                if (SPEC.charAt(at) == '-' ? c == '-' : isDigit) {
                    assertThat(ClickId.parse(text)).hasToString(text.toLowerCase(Locale.ROOT));
                } else {
                    assertThat(ClickId.tryParse(text)).isEmpty();
                }
            }
        }
    }
}
