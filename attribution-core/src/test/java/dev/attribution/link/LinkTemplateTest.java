package dev.attribution.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.AttributionException;
import dev.attribution.internal.PercentCode;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filling a link with values that try to lead elsewhere. */
class LinkTemplateTest {
    private static final LinkTemplater TEMPLATER = LinkTemplater.standard();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a/b|a%2Fb",
                "../../x|..%2F..%2Fx",
                "a?b#c|a%3Fb%23c",
                "a&b=c|a%26b%3Dc",
                "@evil.com|%40evil.com",
                "//evil.com|%2F%2Fevil.com",
                "a:80|a%3A80",
                "a;b,c|a%3Bb%2Cc",
                "a+b c|a%2Bb%20c",
                "100%|100%25",
                "%2e%2E|%252e%252E",
                "%0d%0a|%250d%250a",
                "{offer_id}|%7Boffer_id%7D",
                "%7Boffer_id%7D|%257Boffer_id%257D",
                "\\x|%5Cx",
                "é😀|%C3%A9%F0%9F%98%80",
                "...|...",
                "a..|a..",
            })
    void encodesAValueForWhereItStands(String value, String encoded) {
        LinkTemplate template =
                TEMPLATER.parse("https://e.com/{member_id}/x?m={member_id}&s={gk_click_id}#{member_id}");

        assertThat(fill(template, value))
                .isEqualTo("https://e.com/" + encoded + "/x?m=" + encoded + "&s=ID#" + encoded);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\nSet-Cookie: a=b",
                "\n",
                "\r",
                "\u0085",
                "\u2028",
                "\0",
                "\t",
                "\u001B[0m",
                "\uD800",
                "\uDFFF\uD83D"
            })
    void noValueSmugglesALineBreakOrAnythingButAsciiIntoAHeader(String value) {
        assertThat(fill(TEMPLATER.parse("https://e.com/x{member_id}?m={member_id}&s={gk_click_id}"), value))
                .matches("[\\x21-\\x7E]+");
    }

    @Test
    void aMacroInsideAValueIsNotExpanded() {
        LinkTemplate template = TEMPLATER.parse("https://e.com?m={member_id}&s={gk_click_id}");

        assertThat(fill(template, "{gk_click_id}")).isEqualTo("https://e.com?m=%7Bgk_click_id%7D&s=ID");
    }

    @ParameterizedTest
    @CsvSource(
            emptyValue = "",
            value = {
                "{member_id}, ''",
                "{member_id}, .",
                "{member_id}, ..",
                ".{member_id}, ''",
                ".{member_id}, .",
                "{member_id}., .",
                "{member_id}., ''",
                "..{member_id}, ''",
                "{member_id}.., ''",
                ".{member_id}., ''",
                "%2e{member_id}, ''",
                "%2e{member_id}, .",
                "%2E{member_id}, .",
                "{member_id}%2e, .",
                "%2e%2E{member_id}, ''",
                "%2e{member_id}., ''",
                "{member_id}{member_id}, ''",
                "{member_id}{member_id}, .",
                ".{member_id}{member_id}, ''",
                "%7Bmember_id%7D, ..",
            })
    void refusesAPathSegmentThatLeadsElsewhere(String segment, String value) {
        for (String link : List.of(
                "https://e.com/" + segment + "?s={gk_click_id}",
                "https://e.com/" + segment + "#f",
                "https://e.com/a/" + segment + "/{gk_click_id}",
                "https://e.com/{gk_click_id}/" + segment,
                "https://e.com/{gk_click_id}/" + segment + "/")) {
            LinkTemplate template = TEMPLATER.parse(link.replace("#f", "?s={gk_click_id}#f"));

            assertThatThrownBy(() -> fill(template, value))
                    .as(link)
                    .isInstanceOf(InvalidLinkValueException.class)
                    .hasMessageContaining("{member_id}")
                    .hasMessageContaining("query");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "{member_id}, ...",
        ".{member_id}, ..",
        "%2e{member_id}, ..",
        "..{member_id}, .",
        "{member_id}{member_id}, ..",
        "a{member_id}, ..",
        "{member_id}a, ''",
        "a{member_id}, ''",
        "%20{member_id}, ..",
        "{member_id}, a",
        ".{member_id}, a",
        "-{member_id}, ''",
        "%2f{member_id}, ..",
        "{member_id}, ' '",
        "{member_id}, /"
    })
    void takesAPathSegmentThatIsNoStep(String segment, String value) {
        LinkTemplate template = TEMPLATER.parse("https://e.com/" + segment + "/x?s={gk_click_id}");
        URI filled = URI.create(fill(template, value));

        assertThat(filled.normalize()).isEqualTo(filled);
        assertThat(filled.getRawPath().split("/", -1))
                .hasSize(3)
                .doesNotContain(".", "..")
                .endsWith("x");
    }

    @Test
    void dotsInAQueryOrAFragmentAreNoSteps() {
        assertThat(fill(
                        TEMPLATER.parse("https://e.com/a?m={member_id}&n=/{member_id}/&s={gk_click_id}#{member_id}"),
                        ".."))
                .isEqualTo("https://e.com/a?m=..&n=/../&s=ID#..");
        assertThat(fill(TEMPLATER.parse("https://e.com/a?m={member_id}&s={gk_click_id}"), ""))
                .isEqualTo("https://e.com/a?m=&s=ID");
    }

    @Test
    void refusesAMacroWithoutAValue() {
        LinkTemplate template = TEMPLATER.parse("https://e.com?m={member_id}&s={gk_click_id}");

        assertThatThrownBy(() -> fill(template, null))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("{member_id}");
    }

    @Test
    void theMessageOfARefusalShowsNoValue() {
        LinkTemplate template = TEMPLATER.parse("https://e.com/{member_id}/{offer_id}?s={gk_click_id}");

        assertThatThrownBy(() -> template.fill(macro -> macro.equals("member_id") ? "jane.doe" : ".."))
                .hasMessageContaining("{offer_id}")
                .hasMessageNotContaining("jane");
    }

    @Test
    void noValueAltersTheStructureOfALink() {
        for (long seed = 0; seed < 20_000; seed++) {
            checkStructure(seed);
        }
    }

    /** A random link out of sound parts, filled with hostile values, has the same parts with just these values in them. */
    private static void checkStructure(long seed) {
        Random random = new Random(seed);
        String authority = pick(random, "e.com", "u:p@e.com:8080", "[::1]", "a_b.e.com", "192.0.2.1");
        List<String> segments = list(random, 4, LinkTemplateTest::segment);
        List<String> parameters = list(random, 4, LinkTemplateTest::parameter);
        parameters.add("s={gk_click_id}");
        String fragment = pick(random, "", "#", "#f", "#{offer_id}");
        String link = "https://" + authority + (segments.isEmpty() ? "" : "/" + String.join("/", segments)) + "?"
                + String.join("&", parameters) + fragment;
        Map<String, String> values = new HashMap<>();
        for (String macro : List.of("gk_click_id", "offer_id", "member_id", "timestamp")) {
            values.put(macro, value(random));
        }
        LinkTemplate template = TEMPLATER.parse(link);
        String message = "seed " + seed + ": " + link + " with " + values;

        boolean steps = segments.stream()
                .filter(segment -> segment.contains("{"))
                .map(segment -> meant(segment, values))
                .anyMatch(segment -> segment.isEmpty() || segment.equals(".") || segment.equals(".."));
        if (steps) {
            assertThatThrownBy(() -> template.fill(values::get))
                    .as(message)
                    .isInstanceOf(InvalidLinkValueException.class);
            return;
        }
        String filled = template.fill(values::get);
        URI uri = URI.create(filled);

        assertThat(filled).as(message).matches("[\\x21-\\x7E]+");
        assertThat(uri.getScheme()).as(message).isEqualTo("https");
        assertThat(uri.getRawAuthority()).as(message).isEqualTo(authority);
        assertThat(split(uri.getRawPath(), "/"))
                .as(message)
                .containsExactlyElementsOf(
                        segments.stream().map(s -> meant(s, values)).toList());
        assertThat(split("&" + uri.getRawQuery(), "&"))
                .as(message)
                .containsExactlyElementsOf(
                        parameters.stream().map(p -> meant(p, values)).toList());
        assertThat(uri.getRawFragment() == null ? "" : "#" + decoded(uri.getRawFragment()))
                .as(message)
                .isEqualTo(meant(fragment, values));
    }

    private static String segment(Random random) {
        return pick(random, "", "", ".", "..", "%2e", "a", "%20")
                + pick(random, "{member_id}", "{offer_id}", "{timestamp}{offer_id}", "x")
                + pick(random, "", "", ".", "%2E", "b");
    }

    private static String parameter(Random random) {
        return pick(random, "a", "b[]", "%26", "") + "=" + pick(random, "", "x", "[")
                + pick(random, "{member_id}", "{offer_id}{timestamp}", "z") + pick(random, "", "y", "=");
    }

    private static String value(Random random) {
        if (random.nextInt(3) == 0) {
            return pick(
                    random,
                    "",
                    ".",
                    "..",
                    "...",
                    "a/b",
                    "../",
                    "&x=y",
                    "#",
                    "?",
                    "%2e",
                    "%",
                    "\r\n",
                    "{offer_id}",
                    "😀",
                    "\uD83D",
                    "+");
        }
        String alphabet = "./%2e&=?#+ {}\\\r\n\0aé😀\uD800\uDFFF@:[];\u2028";
        StringBuilder value = new StringBuilder();
        for (int length = random.nextInt(6); length > 0; length--) {
            value.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return value.toString();
    }

    private static String pick(Random random, String... from) {
        return from[random.nextInt(from.length)];
    }

    private static List<String> list(Random random, int most, Function<Random, String> part) {
        List<String> parts = new ArrayList<>();
        for (int size = random.nextInt(most + 1); size > 0; size--) {
            parts.add(part.apply(random));
        }
        return parts;
    }

    private static List<String> split(String text, String separator) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.substring(1).split(separator, -1))
                        .map(LinkTemplateTest::decoded)
                        .toList();
    }

    /** What a part of the link means once its macros are replaced: decoded, half surrogate pairs as U+FFFD. */
    private static String meant(String part, Map<String, String> values) {
        StringBuilder meant = new StringBuilder();
        for (String piece : part.split("(?=\\{)|(?<=})", -1)) {
            String value = piece.startsWith("{") ? values.get(piece.substring(1, piece.length() - 1)) : decoded(piece);
            meant.append(new String(value.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE));
        }
        return meant.toString();
    }

    private static String decoded(String encoded) {
        return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    }

    private static String fill(LinkTemplate template, String memberId) {
        return template.fill(macro -> macro.equals("gk_click_id") ? "ID" : memberId);
    }

    @Test
    void fillsAsReplacingOneMacroAfterTheOtherDoes() {
        Random random = new Random(16);
        List<String> macros = List.of("gk_click_id", "offer_id", "member_id", "timestamp", "offer_id", "member_id");
        List<String> values =
                List.of("a", "spring sale", "é", "\ud800", "%20", "a&b=c", "{member_id}", "", "x".repeat(300));
        for (int count = 1; count <= macros.size(); count++) {
            StringBuilder link = new StringBuilder("https://e.com/?z=1");
            for (int i = 0; i < count; i++) {
                link.append("&p").append(i).append("={").append(macros.get(i)).append("}");
            }
            LinkTemplate template = TEMPLATER.parse(link + "&end=1");
            for (int i = 0; i < 1_000; i++) {
                Map<String, String> chosen = new HashMap<>();
                macros.forEach(macro -> chosen.put(macro, values.get(random.nextInt(values.size()))));
                String expected = link + "&end=1";
                for (String macro : chosen.keySet()) {
                    expected = expected.replace("{" + macro + "}", PercentCode.encode(chosen.get(macro)));
                }

                assertThat(template.fill(chosen::get)).isEqualTo(expected);
            }
        }
    }

    @Test
    void encodesEachOfferIdForTheLevelWhereItStands() {
        LinkTemplate template =
                TEMPLATER.parse("https://e.com/?s={gk_click_id}&r=m%3D{offer_id}&o={offer_id}&q=m%253D{offer_id}");

        for (String offerId : List.of("a b", "a b", "c d", "a b")) {
            String once = offerId.replace(" ", "%20");
            String twice = once.replace("%", "%25");
            assertThat(template.fill(macro -> macro.equals("offer_id") ? offerId : "x"))
                    .isEqualTo("https://e.com/?s=x&r=m%3D" + twice + "&o=" + once + "&q=m%253D"
                            + twice.replace("%", "%25"));
        }
    }
}
