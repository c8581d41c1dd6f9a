package dev.attribution.link;

import static dev.attribution.link.LinkProblem.ProblemKind.BROKEN_AUTHORITY;
import static dev.attribution.link.LinkProblem.ProblemKind.BROKEN_URI;
import static dev.attribution.link.LinkProblem.ProblemKind.CLICK_ID_MISPLACED;
import static dev.attribution.link.LinkProblem.ProblemKind.CLICK_ID_MISSING;
import static dev.attribution.link.LinkProblem.ProblemKind.CLICK_ID_UNREADABLE;
import static dev.attribution.link.LinkProblem.ProblemKind.CONTROL_CHARACTER;
import static dev.attribution.link.LinkProblem.ProblemKind.ESCAPED_AMPERSAND;
import static dev.attribution.link.LinkProblem.ProblemKind.FOREIGN_MACRO;
import static dev.attribution.link.LinkProblem.ProblemKind.MACRO_IN_WRONG_CASE;
import static dev.attribution.link.LinkProblem.ProblemKind.MACRO_MISPLACED;
import static dev.attribution.link.LinkProblem.ProblemKind.NOT_ABSOLUTE;
import static dev.attribution.link.LinkProblem.ProblemKind.SCHEME_NOT_ALLOWED;
import static dev.attribution.link.LinkProblem.ProblemKind.TOO_LONG;
import static dev.attribution.link.LinkProblem.ProblemKind.UNKNOWN_MACRO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.attribution.AttributionException;
import dev.attribution.link.LinkProblem.ProblemKind;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links that are refused. In the tables {@code »} marks where a problem is to be found; it is no part of the link. */
class LinkProblemTest {
    private static final String OK = "s={gk_click_id}";

    private static Arguments of(String marked, ProblemKind... kinds) {
        return Arguments.of(marked, List.of(kinds));
    }

    static Stream<Arguments> oneProblem() {
        return Stream.of(
                of("»//e.com?" + OK, NOT_ABSOLUTE),
                of("»/path?" + OK, NOT_ABSOLUTE),
                of("»e.com?" + OK, NOT_ABSOLUTE),
                of("»?" + OK, NOT_ABSOLUTE),
                of("»https:e.com?" + OK, NOT_ABSOLUTE),
                of("»https:/e.com?" + OK, NOT_ABSOLUTE),
                of("»https/://e.com?" + OK, NOT_ABSOLUTE),
                of("»://e.com?" + OK, NOT_ABSOLUTE),
                of("»1https://e.com?" + OK, NOT_ABSOLUTE),
                of("»mailto:a@e.com?" + OK, NOT_ABSOLUTE),
                of("»javascript:alert(1)?" + OK, NOT_ABSOLUTE),
                of("»data:text/html,x?" + OK, NOT_ABSOLUTE),
                of("»ftp://e.com/?" + OK, SCHEME_NOT_ALLOWED),
                of("»javascript://e.com/?" + OK, SCHEME_NOT_ALLOWED),
                of("»httpss://e.com?" + OK, SCHEME_NOT_ALLOWED),
                of("»myapp://open?" + OK, SCHEME_NOT_ALLOWED),
                of("https://»?" + OK, BROKEN_AUTHORITY),
                of("https://»/e.com?" + OK, BROKEN_AUTHORITY),
                of("https://»:443/?" + OK, BROKEN_AUTHORITY),
                of("https://»user@/?" + OK, BROKEN_AUTHORITY),
                of("https://»a@b@e.com/?" + OK, BROKEN_AUTHORITY),
                of("https://»e.com:65536/?" + OK, BROKEN_AUTHORITY),
                of("https://»e.com:99999999999/?" + OK, BROKEN_AUTHORITY),
                of("https://»e.com:-1/?" + OK, BROKEN_AUTHORITY),
                of("https://»e.com:http/?" + OK, BROKEN_AUTHORITY),
                of("https://»e..com/?" + OK, BROKEN_AUTHORITY),
                of("https://»-e.com/?" + OK, BROKEN_AUTHORITY),
                of("https://»[::1/?" + OK, BROKEN_AUTHORITY),
                of("https://»[1.2.3]/?" + OK, BROKEN_AUTHORITY),
                of("https://»::1/?" + OK, BROKEN_AUTHORITY),
                of("https://»e%2Ecom/?" + OK, BROKEN_AUTHORITY),
                of("https://»e,com/?" + OK, BROKEN_AUTHORITY),
                of("https://e.com/?a=»ü&" + OK, BROKEN_URI),
                of("https://e.com/»日本/?" + OK, BROKEN_URI),
                of("https://e.com/?a=»😀&" + OK, BROKEN_URI),
                of("https://e.com/?" + OK + "#»ü", BROKEN_URI),
                of("https://e.com/?a=»\uD800&" + OK, BROKEN_URI),
                of("https://e.com/?a=x» y&" + OK, BROKEN_URI),
                of("https://e.com/?" + OK + "» ", BROKEN_URI),
                of("https://e.com/?a=»\u00A0&" + OK, BROKEN_URI),
                of("https://e.com/?a=»\u2028&" + OK, BROKEN_URI),
                of("https://e.com/»\\x?" + OK, BROKEN_URI),
                of("https://e.com/{gk_click_id}/a/»..", BROKEN_URI),
                of("https://e.com/{gk_click_id}/»%2E.?" + OK, BROKEN_URI),
                of("https://e.com/»[x]y/?" + OK, BROKEN_URI, BROKEN_URI),
                of("https://e.com/?a=»<&" + OK, BROKEN_URI),
                of("https://e.com/?a=»\"&" + OK, BROKEN_URI),
                of("https://e.com/?a=x»|y&" + OK, BROKEN_URI),
                of("https://e.com/?a=»^`&" + OK, BROKEN_URI),
                of("https://e.com/?a=»{&" + OK, BROKEN_URI),
                of("https://e.com/?a=»}&" + OK, BROKEN_URI),
                of("https://e.com/?a=»{}&" + OK, BROKEN_URI),
                of("https://e.com/?a=»%&" + OK, BROKEN_URI),
                of("https://e.com/?a=»%4&" + OK, BROKEN_URI),
                of("https://e.com/?a=»%zz&" + OK, BROKEN_URI),
                of("https://e.com/»%u0041?" + OK, BROKEN_URI),
                of("https://e.com/?" + OK + "&a=»%4", BROKEN_URI),
                of("https://e.com/?" + OK + "#»%", BROKEN_URI),
                of("https://e.com/?a=»%\uFF14\uFF11&" + OK, BROKEN_URI, BROKEN_URI),
                of("https://e.com/?" + OK + "#a»#b", BROKEN_URI),
                of("https://e.com/?a=»\r\n&" + OK, CONTROL_CHARACTER),
                of("https://e.com/?a=x»\nSet-Cookie:x&" + OK, CONTROL_CHARACTER),
                of("https://e.com/»\0?" + OK, CONTROL_CHARACTER),
                of("https://e.com/»\t?" + OK, CONTROL_CHARACTER),
                of("https://e.com/?a=»\u007F&" + OK, CONTROL_CHARACTER),
                of("https://e.com/?a=»\u0085&" + OK, CONTROL_CHARACTER),
                of("https://e.com/?" + OK + "»\n", CONTROL_CHARACTER),
                of("https://e.com/?" + OK + "#»\u001B", CONTROL_CHARACTER),
                of("https://google.com»", CLICK_ID_MISSING),
                of("https://google.com?sub1=»", CLICK_ID_MISSING),
                of("https://e.com?s=gk_click_id»", CLICK_ID_MISSING),
                of("https://e.com?s={offer_id}»", CLICK_ID_MISSING),
                of("https://e.com?a={gk_click_id}x»{unknown}&", UNKNOWN_MACRO),
                of("https://e.com#»{gk_click_id}", CLICK_ID_MISPLACED),
                of("https://e.com/?a=b#s=»{gk_click_id}", CLICK_ID_MISPLACED),
                of("https://e.com/#?s=»{gk_click_id}", CLICK_ID_MISPLACED),
                of("https://»{offer_id}.e.com/?" + OK, MACRO_MISPLACED),
                of("https://e»{offer_id}?" + OK, MACRO_MISPLACED),
                of("https://»%7Boffer_id%7D/?" + OK, MACRO_MISPLACED),
                of("https://»{member_id}@e.com/?" + OK, MACRO_MISPLACED),
                of("https://e.com/?»{offer_id}=x&" + OK, MACRO_MISPLACED),
                of("https://e.com/?a»{offer_id}b=x&" + OK, MACRO_MISPLACED),
                of("https://e.com/?»{offer_id}&" + OK, MACRO_MISPLACED),
                of("https://e.com/?" + OK + "&»{offer_id}#a=b", MACRO_MISPLACED),
                of("https://e.com/?" + OK + "&»{gk_click_id}", MACRO_MISPLACED),
                of("https://e.com/?s=»{GK_CLICK_ID}", MACRO_IN_WRONG_CASE),
                of("https://e.com/?s=»{Gk_Click_Id}", MACRO_IN_WRONG_CASE),
                of("https://e.com/?s=»%7BGK_CLICK_ID%7D", MACRO_IN_WRONG_CASE),
                of("https://e.com/?o=»{Offer_ID}&" + OK, MACRO_IN_WRONG_CASE),
                of("https://e.com/»{TIMESTAMP}/?" + OK, MACRO_IN_WRONG_CASE),
                of("https://e.com/?a=»{clickid}&" + OK, UNKNOWN_MACRO),
                of("https://e.com/?a=x»{ClickId}y&" + OK, UNKNOWN_MACRO),
                of("https://e.com/?a=»%7Bclickid%7D&" + OK, UNKNOWN_MACRO),
                of("https://e.com/?a=»%7bclickid%7d&" + OK, UNKNOWN_MACRO),
                of("https://e.com/»{CLICK_ID}/?" + OK, UNKNOWN_MACRO),
                of("https://e.com/?" + OK + "#»{clickid}", UNKNOWN_MACRO));
    }

    @ParameterizedTest
    @MethodSource("oneProblem")
    void saysWhatIsWrongAndWhere(String marked, List<ProblemKind> kinds) {
        List<LinkProblem> problems = check(marked.replace("»", ""));

        assertThat(problems).extracting(LinkProblem::kind).containsExactlyElementsOf(kinds);
        assertThat(problems.get(0).position())
                .isEqualTo(expectedPositions(marked).get(0));
    }

    static Stream<Arguments> clickIdsThatNoReceiverFinds() {
        return Stream.of(
                of("https://e.com/?a=1&»amp;s={gk_click_id}", ESCAPED_AMPERSAND),
                of("https://e.com/?a=1&»AMP;s={gk_click_id}", ESCAPED_AMPERSAND),
                of("https://e.com/?" + OK + "&»amp;a=1", ESCAPED_AMPERSAND),
                of("https://e.com/?a=1&»%26amp%3Bs={gk_click_id}&" + OK),
                of("https://e.com/?s=static&»s={gk_click_id}", CLICK_ID_UNREADABLE),
                of("https://e.com/?s=&»s={gk_click_id}", CLICK_ID_UNREADABLE),
                of("https://e.com/?s&»s={gk_click_id}", CLICK_ID_UNREADABLE),
                of("https://e.com/?%73=static&»s={gk_click_id}", CLICK_ID_UNREADABLE),
                of("https://e.com/?s={offer_id}&»s={gk_click_id}", CLICK_ID_UNREADABLE),
                of("https://e.com/?a=1»?s={gk_click_id}", CLICK_ID_UNREADABLE),
                of("https://e.com/?a»?s={gk_click_id}&"),
                of("https://e.com/?a=»1%3Fs={gk_click_id}", CLICK_ID_UNREADABLE),
                of("https://e.com/?a=»1%3Fs%3D{gk_click_id}", CLICK_ID_UNREADABLE),
                of("https://e.com/?s=»'{gk_click_id}'", CLICK_ID_UNREADABLE),
                of("https://e.com/?s=»%22{gk_click_id}%22", CLICK_ID_UNREADABLE),
                of("https://e.com/?s=»%E2%80%9C{gk_click_id}%E2%80%9D&a=b", CLICK_ID_UNREADABLE),
                of("https://e.com/?s=»{gk_click_id}%20", CLICK_ID_UNREADABLE),
                of("https://e.com/?s=»+{gk_click_id}", CLICK_ID_UNREADABLE),
                of("https://e.com/?s=»={gk_click_id}", CLICK_ID_UNREADABLE),
                of("https://e.com/?s=»{gk_click_id}/", CLICK_ID_UNREADABLE),
                of("https://e.com/?s=»»${gk_click_id}", FOREIGN_MACRO, CLICK_ID_UNREADABLE),
                of("https://e.com/»&s={gk_click_id}", CLICK_ID_UNREADABLE),
                of("https://e.com/»p&s={gk_click_id}", CLICK_ID_UNREADABLE),
                of("https://e.com/»p&a=1&s={gk_click_id}", CLICK_ID_UNREADABLE),
                of("https://e.com/»p%3Fs={gk_click_id}?a=b", CLICK_ID_UNREADABLE),
                of("https://e.com/»'{gk_click_id}'/x", CLICK_ID_UNREADABLE),
                of("https://e.com/?s=»'{gk_click_id}'&t=»+{gk_click_id}", CLICK_ID_UNREADABLE, CLICK_ID_UNREADABLE));
    }

    @ParameterizedTest
    @MethodSource("clickIdsThatNoReceiverFinds")
    void refusesAClickIdThatNoReceiverFinds(String marked, List<ProblemKind> kinds) {
        List<LinkProblem> problems = check(marked.replace("»", ""));

        assertThat(problems).extracting(LinkProblem::kind).containsExactlyElementsOf(kinds);
        if (!kinds.isEmpty()) {
            assertThat(problems).extracting(LinkProblem::position).isEqualTo(expectedPositions(marked));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://e.com/?s={gk_click_id}&s=static",
                "https://e.com/?s='{gk_click_id}'&t={gk_click_id}",
                "https://e.com/{gk_click_id}?s=x&s={gk_click_id}",
                "https://e.com/?s[]=1&s[]={gk_click_id}",
                "https://e.com/?S=1&s={gk_click_id}",
                "https://e.com/?url=https://x.com/?s={gk_click_id}",
                "https://e.com/?url=https%3A%2F%2Fx.com%2F%3Fs%3D{gk_click_id}",
                "https://e.com/?path=/x?s={gk_click_id}",
                "https://e.com/?referrer=utm_source%3Dx%26s%3D{gk_click_id}",
                "https://e.com/?q=what?&s={gk_click_id}",
                "https://e.com/?s={offer_id}_{gk_click_id}",
                "https://e.com/?s='a'-{gk_click_id}",
                "https://e.com/?ramp;s={gk_click_id}",
                "https://e.com/click;s={gk_click_id};t=1/x",
                "https://e.com/R&D/{gk_click_id}"
            })
    void takesAClickIdThatAReceiverFinds(String link) {
        assertThat(check(link)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '`',
            value = {
                "https://e.com/?a=1&amp;s={gk_click_id} amp;s",
                "https://e.com/?s=static&s={gk_click_id} s",
                "https://e.com/?a=1?s={gk_click_id} 1?s={gk_click_id}",
                "https://e.com/?s='{gk_click_id}' '{gk_click_id}'",
                "https://e.com/?s=%22{gk_click_id}%22 \"{gk_click_id}\"",
                "https://e.com/p&s={gk_click_id} p&s={gk_click_id}"
            })
    void takesWhatTheHostDeclaresAndStillFillsIt(String link, String literal) {
        LinkRules rules = new LinkRules(Set.of(), Set.of(literal));

        assertThat(check(link)).hasSize(1);
        assertThat(LinkTemplater.standard().check(link, rules)).isEmpty();
        assertThat(LinkTemplater.standard().parse(link, rules).fill(macro -> "ID"))
                .isEqualTo(link.replace("{gk_click_id}", "ID"));
    }

    /** An independent receiver, which splits as a browser does and takes the first value of each name. */
    @Test
    void everyLinkThatIsTakenDeliversTheClickId() {
        String id = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32";
        String[] pieces = {
            "a",
            "s",
            "amp;",
            "&",
            "&",
            "=",
            "=",
            "?",
            "'",
            "%22",
            "+",
            "%20",
            "/",
            "{gk_click_id}",
            "{gk_click_id}",
            "1",
            "%3F",
            "%26",
            "%3D",
            ";",
            "$"
        };
        Random random = new Random(11);
        int taken = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder link = new StringBuilder("https://e.com/");
            for (int n = random.nextInt(10); n > 0; n--) {
                link.append(pieces[random.nextInt(pieces.length)]);
            }
            if (!check(link.toString()).isEmpty()) {
                continue;
            }
            taken++;
            String filled = LinkTemplater.standard().parse(link.toString()).fill(macro -> id);
            assertThat(firstValues(filled))
                    .as(filled)
                    .anyMatch(value -> value.contains(id)
                            && !value.substring(0, value.indexOf(id)).matches("[^/]*\\?[^?=]*=")
                            && (value.equals(id) || !value.replace(id, "").matches("['\"$=?/\\s]*")));
        }
        assertThat(taken).isGreaterThan(1_000);
    }

    private static List<String> firstValues(String link) {
        URI uri = URI.create(link);
        Map<String, String> first = new LinkedHashMap<>();
        for (String parameter :
                uri.getRawQuery() == null ? new String[0] : uri.getRawQuery().split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals >= 0 || !parameter.isEmpty()) {
                first.putIfAbsent(
                        decoded(equals < 0 ? parameter : parameter.substring(0, equals)),
                        equals < 0 ? "" : decoded(parameter.substring(equals + 1)));
            }
        }
        List<String> values = new ArrayList<>(first.values());
        for (String segment : uri.getRawPath().split("/", -1)) {
            values.add(decoded(segment));
        }
        return values;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    static Stream<Arguments> severalProblems() {
        return Stream.of(
                of("»»", NOT_ABSOLUTE, CLICK_ID_MISSING),
                of("»» »", NOT_ABSOLUTE, BROKEN_URI, CLICK_ID_MISSING),
                of("»not a link", NOT_ABSOLUTE, BROKEN_URI, BROKEN_URI, CLICK_ID_MISSING),
                of("»ht»\ttps://e.com/?" + OK, NOT_ABSOLUTE, CONTROL_CHARACTER),
                of("»» https://e.com/?" + OK, NOT_ABSOLUTE, BROKEN_URI),
                of("https://»ü.com/?" + OK, BROKEN_URI),
                of("https://e.com»\\@x.com/?" + OK, BROKEN_URI),
                of("https://e»\n.com/?" + OK, CONTROL_CHARACTER),
                of("https://»{gk_click_id}.e.com", MACRO_MISPLACED, CLICK_ID_MISPLACED),
                of("https://»{gk_click_id}@e.com", MACRO_MISPLACED, CLICK_ID_MISPLACED),
                of("https://e.com?»»{gk_click_id}", MACRO_MISPLACED, CLICK_ID_MISPLACED),
                of("https://e.com?»»{gk_click_id}=x", MACRO_MISPLACED, CLICK_ID_MISPLACED),
                of("https://e.com?s=»{{gk_click_id}»}", BROKEN_URI, BROKEN_URI),
                of("https://e.com?s=»(gk_click_id)»", FOREIGN_MACRO, CLICK_ID_MISSING),
                of("https://e.com?s=»{clickid}»", UNKNOWN_MACRO, CLICK_ID_MISSING),
                of("https://e.com?o=»{OFFER_ID}»", MACRO_IN_WRONG_CASE, CLICK_ID_MISSING),
                of(
                        "»ftp://e.com/»ü/?a=»%&b=»(x)&c=»\n&d=»{x}&e=»{TIMESTAMP}»",
                        SCHEME_NOT_ALLOWED,
                        BROKEN_URI,
                        BROKEN_URI,
                        FOREIGN_MACRO,
                        CONTROL_CHARACTER,
                        UNKNOWN_MACRO,
                        MACRO_IN_WRONG_CASE,
                        CLICK_ID_MISSING),
                of("»ftp://»e.com:99999/?" + OK, SCHEME_NOT_ALLOWED, BROKEN_AUTHORITY));
    }

    @ParameterizedTest
    @MethodSource("severalProblems")
    void saysEverythingThatIsWrongAtOnceInTheOrderOfPositions(String marked, List<ProblemKind> kinds) {
        List<LinkProblem> problems = check(marked.replace("»", ""));

        assertThat(problems).extracting(LinkProblem::kind).containsExactlyElementsOf(kinds);
        assertThat(problems).extracting(LinkProblem::position).isSorted().containsAll(expectedPositions(marked));
    }

    @Test
    void aPortThatIsAMacroIsSaidOnce() {
        assertThat(check("https://e.com:{offer_id}/?" + OK))
                .extracting(LinkProblem::kind)
                .containsExactly(MACRO_MISPLACED);
    }

    @Test
    void theWrongCaseOfAnotherMacroDoesNotHideThatTheClickIdIsMissing() {
        assertThat(LinkTemplater.standard()
                        .withMacro("my_gk_click_id")
                        .check("https://e.com?s={MY_GK_CLICK_ID}", LinkRules.common()))
                .extracting(LinkProblem::kind)
                .containsExactly(MACRO_IN_WRONG_CASE, CLICK_ID_MISSING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(clickid)",
                "(event-name)",
                "#clickid#",
                "[[clickid]]",
                "[CLICK_ID]",
                "[click_id]",
                "${(clickid)!}",
                "${(clickid)}",
                "%28clickid%29",
                "%23clickid%23",
                "%5B%5Bclickid%5D%5D",
                "%5bCLICK_ID%5d",
                "%24%7B(clickid)!%7D",
                "$%7b(clickid)!%7d",
                "%257Bclickid%257D",
                "%257bclickid%257d",
                "%2528clickid%2529",
                "%CLICK_ID%",
                "%TRANSACTION_ID%",
                "%25CLICK_ID%25",
                "REPLACE",
                "OPTIONAL",
                "TRANSACTION_ID",
                "{click id}",
                "{click:id}"
            })
    void refusesAnotherSystemsMacroAsAWholeValueOrSegment(String foreign) {
        for (String marked : List.of(
                "https://e.com/?a=»" + foreign + "&" + OK,
                "https://e.com/?" + OK + "&a=»" + foreign,
                "https://e.com/?" + OK + "&a=»" + foreign + "#fragment",
                "https://e.com/»" + foreign + "?" + OK,
                "https://e.com/a/»" + foreign + "/b?" + OK)) {
            if (foreign.startsWith("#") && marked.indexOf(foreign) < marked.indexOf('?')) {
                continue; // behind a slash it can only be a fragment
            }
            if (foreign.startsWith("#") && marked.endsWith("#fragment")) {
                continue; // #name## has no meaning
            }
            assertThat(check(marked.replace("»", "")))
                    .as(marked)
                    .extracting(LinkProblem::kind, LinkProblem::position)
                    .containsExactly(tuple(FOREIGN_MACRO, marked.indexOf('»')));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x(clickid)",
                "(clickid)x",
                "()",
                "[]",
                "a#b",
                "replace",
                "REPLACED",
                "%25",
                "clickid",
                "$clickid",
                "(a)(b)",
                "-"
            })
    void takesAValueThatIsNotAsAWholeAMacro(String value) {
        assertThat(check("https://e.com/?" + OK + "&a=" + value)).isEmpty();
    }

    @Test
    void cakesMacroIsNoFragment() {
        assertThat(check("https://e.com/?a=#x#&b=#y#&" + OK))
                .extracting(LinkProblem::kind)
                .containsExactly(FOREIGN_MACRO, FOREIGN_MACRO);
        assertThat(check("https://e.com/?" + OK + "#a=#b#"))
                .extracting(LinkProblem::kind)
                .containsOnly(BROKEN_URI);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "https://e.com/?s={GK_CLICK_ID} {gk_click_id}",
                "https://e.com/?s={gk_click_id}&a=ü %C3%BC",
                "https://e.com/?s={gk_click_id}&a=% %25",
                "https://e.com/?s={gk_click_id}&a={ %7B",
                "https://e.com/?s={gk_click_id}&a=(x) literal(\"(x)\")",
                "https://e.com/?s={gk_click_id}&a={x} literal(\"{x}\")",
                "https://ü.com/?s={gk_click_id} xn--",
                "myapp://e?s={gk_click_id} allowScheme",
                "e.com?s={gk_click_id} https://",
            })
    void tellsTheMend(String link, String remedy) {
        assertThat(check(link))
                .extracting(LinkProblem::remedy)
                .anySatisfy(text -> assertThat(text).contains(remedy));
    }

    @Test
    void refusesALinkThatIsTooLong() {
        String link = "https://e.com?" + OK + "&x=";
        String tooLong = link + "y".repeat(LinkTemplater.MAX_LENGTH + 1 - link.length());

        assertThat(check(tooLong)).extracting(LinkProblem::kind).containsExactly(TOO_LONG);
        assertThat(check(tooLong).get(0).position()).isEqualTo(LinkTemplater.MAX_LENGTH);
        assertThat(check(tooLong).get(0).message()).contains("2049").contains("2048");
    }

    /** Whatever stands across the limit is sound: its half must not be called broken. */
    @ParameterizedTest
    @ValueSource(strings = {"%41", "%7Boffer_id%7D", "{offer_id}", "(x)y"})
    void aLinkThatIsTooLongHasNoProblemsThatComeFromTheCut(String acrossTheLimit) {
        String link = "https://e.com?" + OK + "&x=";
        for (int inside = 0; inside <= acrossTheLimit.length(); inside++) {
            String tooLong = link + "y".repeat(LinkTemplater.MAX_LENGTH - 3 - inside - link.length()) + "&z="
                    + acrossTheLimit + "zzz";

            assertThat(check(tooLong)).extracting(LinkProblem::kind).containsExactly(TOO_LONG);
        }
    }

    @Test
    void aLinkThatIsTooLongIsNotBlamedForAClickIdBehindTheLimit() {
        assertThat(check("https://e.com?x=" + "y".repeat(3_000) + "&" + OK))
                .extracting(LinkProblem::kind)
                .containsExactly(TOO_LONG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{", "}", "%", "%7B", "#", "=#", "=#a#", "&", "&a=", "/", "?", "{a", "{a}", "(", "[[", "a", "😀", "\n",
                "@", ":"
            })
    void aMegabyteOfAnythingIsChecked(String part) {
        String junk = part.repeat((1 << 20) / part.length());

        for (String link : List.of(junk, "https://" + junk, "https://e.com/" + junk, "https://e.com/?a=" + junk)) {
            assertThat(check(link)).extracting(LinkProblem::kind).contains(TOO_LONG);
        }
    }

    @Test
    void oneExceptionListsAllProblems() {
        String link = "https://e.com/ü?a=(x)";
        InvalidTrackingLinkException refused = catchThrowableOfType(
                InvalidTrackingLinkException.class,
                () -> LinkTemplater.standard().parse(link));

        assertThat(refused).isInstanceOf(AttributionException.class);
        assertThat(refused.problems()).isEqualTo(check(link)).hasSize(3);
        assertThat(refused).hasMessageContaining("3 problems");
        assertThat(refused.problems()).allSatisfy(problem -> {
            assertThat(problem.message()).isNotBlank();
            assertThat(problem.remedy()).isNotBlank();
            assertThat(problem).asString().startsWith("at position " + problem.position() + ": ");
            assertThat(refused).hasMessageContaining(problem.toString());
        });
    }

    @Test
    void aMessageStaysReadableWhateverTheNumberOfProblems() {
        assertThatThrownBy(() -> LinkTemplater.standard().parse("https://e.com?" + OK + "&a={".repeat(500)))
                .isInstanceOfSatisfying(
                        InvalidTrackingLinkException.class,
                        refused -> assertThat(refused.problems()).hasSize(500))
                .hasMessageContaining("500 problems")
                .hasMessageContaining("and 480 more")
                .message()
                .hasSizeLessThan(8_000);
    }

    @Test
    void aMessageNeverCarriesALineBreakOfTheLink() {
        assertThatThrownBy(() -> LinkTemplater.standard().parse("https://e\r\nX.com\r\n?s=\r\n{x\r\n}"))
                .message()
                .doesNotContain("\r")
                .doesNotContain("X.com\n");
    }

    @Test
    void theProblemsCannotBeChanged() {
        List<LinkProblem> problems = check("");

        assertThatThrownBy(problems::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    private static List<LinkProblem> check(String link) {
        return LinkTemplater.standard().check(link, LinkRules.common());
    }

    private static List<Integer> expectedPositions(String marked) {
        List<Integer> positions = new ArrayList<>();
        IntStream.range(0, marked.length())
                .filter(i -> marked.charAt(i) == '»')
                .forEach(i -> positions.add(i - positions.size()));
        return positions;
    }
}
