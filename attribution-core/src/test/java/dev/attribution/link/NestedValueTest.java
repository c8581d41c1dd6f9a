package dev.attribution.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.internal.PercentCode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NestedValueTest {
    private static final String CLICK = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32";

    private static String fill(String link, String member) {
        return LinkTemplater.standard()
                .parse(link)
                .fill(name -> name.equals("gk_click_id") ? CLICK : name.equals("member_id") ? member : "o&=%");
    }

    @Test
    void aMemberCannotPutASecondClickIdIntoTheReferrerOfThePlayStore() {
        String filled = fill(
                "https://play.google.com/store/apps/details?id=X&referrer=m%3D{member_id}%26gk_click_id%3D{gk_click_id}",
                "x&gk_click_id=0000");
        String referrer = value(filled.substring(filled.indexOf('?') + 1), "referrer");

        assertThat(pairs(referrer)).containsExactly("m=x%26gk_click_id%3D0000", "gk_click_id=" + CLICK);
        assertThat(value(referrer, "m")).isEqualTo("x&gk_click_id=0000");
        assertThat(value(referrer, "gk_click_id")).isEqualTo(CLICK);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 1",
        "abc, 1",
        "a%20b%2Fc, 1",
        "%, 1",
        "%3, 1",
        "%3D, 2",
        "%3d, 2",
        "a%26, 2",
        "a%3F, 2",
        "m%253D, 3",
        "m%25253D, 4",
        "a%3Db%26m%3D, 2",
        "a%3D%253D%26m%3D, 2",
        "u%3Dm%253D, 3",
        "u%3Dm%253Dx%2526y, 3",
        "https%3A%2F%2Fe.com%2F%3Fr%3Dm%253D, 3",
        "https%3A%2F%2Fe.com%2F%3Fr%3Dhttps%253A%252F%252Ff.com%252F%253Fm%253D, 3",
        "https://e.com/?m=, 2",
        "https://e.com/?m=%26, 2",
        "https://e.com/?m=%2526, 3",
        "r%3Dhttps%3A%2F%2Fy%2F%3Fm%3D, 3",
        "a=, 1",
        "a?, 1",
        "+, 1",
        "a%2B, 1",
        "abc%C3%A9, 1",
        "%25, 1",
        "%2525, 1"
    })
    void countsTheReadersOfAValue(String before, int levels) {
        assertThat(NestedValue.levels(before)).isEqualTo(levels);
    }

    /** Three levels of forms and URLs: every reader decodes once, and the last one has the value byte for byte. */
    @Test
    void everyReaderDecodesOnceAndTheLastHasTheValue() {
        Random random = new Random(6);
        String[] members = {
            "x&gk_click_id=0000",
            "a=b",
            "?",
            "%",
            "%25",
            "%3D",
            "a b+c",
            "é😀",
            "m",
            "&&",
            "#",
            "{gk_click_id}",
            "%2526",
            "/../"
        };
        for (int i = 0; i < 20_000; i++) {
            List<String> names = new ArrayList<>();
            int depth = 1 + random.nextInt(3);
            String inner = "{member_id}";
            for (int level = 0; level < depth; level++) {
                String name = "p" + level;
                names.add(0, name);
                inner = (level > 0 && random.nextInt(3) == 0 ? "https://f.com/p?" : "")
                        .concat(
                                random.nextBoolean()
                                        ? "a" + level + "=" + PercentCode.encode("v=&?%" + level) + "&"
                                        : "")
                        .concat(name + "=" + inner)
                        .concat(random.nextBoolean() ? "&z" + level + "=1" : "");
                if (level < depth - 1) {
                    inner = encodedAroundMacro(inner);
                }
            }
            String prefix = inner.startsWith("https://") ? "" : "https://e.com/?";
            String link = prefix + inner + "&cid={gk_click_id}";
            String member = members[random.nextInt(members.length)];
            String text = fill(link, member);
            for (String name : names) {
                text = value(text.startsWith("https://") ? text.substring(text.indexOf('?') + 1) : text, name);
            }

            assertThat(text).as(link).isEqualTo(member);
        }
    }

    private static String encodedAroundMacro(String text) {
        String macro = "{member_id}";
        int at = text.indexOf(macro);
        return PercentCode.encode(text.substring(0, at))
                + macro
                + PercentCode.encode(text.substring(at + macro.length()));
    }

    private static List<String> pairs(String query) {
        return Stream.of(query.split("&", -1)).toList();
    }

    private static String value(String query, String name) {
        List<String> values = pairs(query).stream()
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
                .toList();
        assertThat(values).as(name + " in " + query).hasSize(1);
        return values.get(0);
    }

    @Test
    void aPathSegmentNestsToo() {
        assertThat(fill("https://e.com/r/https%3A%2F%2Ff.com%2F%3Fm%3D{member_id}/{member_id}?c={gk_click_id}", "a&b"))
                .isEqualTo("https://e.com/r/https%3A%2F%2Ff.com%2F%3Fm%3Da%2526b/a%26b?c=" + CLICK);
    }

    @Test
    void anotherParameterDoesNotNest() {
        assertThat(fill("https://e.com/?a=%3D%26&m={member_id}&c={gk_click_id}&n=x%26{member_id}{offer_id}", "&"))
                .isEqualTo("https://e.com/?a=%3D%26&m=%26&c=" + CLICK + "&n=x%26%2526o%2526%253D%2525");
    }

    @Test
    void manyLevelsEndInTimeAndAreRefusedIfTheyGetTooLong() {
        String deep = "https://e.com/?c={gk_click_id}&m=%" + "25".repeat(900) + "3D{member_id}";

        assertThat(fill(deep, "plain")).endsWith("3Dplain");
        assertThatThrownBy(() -> fill(deep, "&".repeat(50))).isInstanceOf(InvalidLinkValueException.class);
    }
}
