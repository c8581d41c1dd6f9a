package dev.attribution.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links that are sound, and what a template makes of them. */
class LinkTemplaterTest {
    private static final String UUID = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32";
    private static final LinkTemplater TEMPLATER = LinkTemplater.standard();

    @Test
    void fillsTheExampleOfTheSpecification() {
        LinkTemplate template = TEMPLATER.parse("https://google.com?sub1={gk_click_id}");

        assertThat(filled(template)).isEqualTo("https://google.com?sub1=efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32");
        assertThat(template.link()).isEqualTo("https://google.com?sub1={gk_click_id}");
        assertThat(template).hasToString(template.link());
    }

    /** Here {@code *} stands for the macro. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://e.com?sub1=*",
                "http://e.com/?sub1=*",
                "HTTPS://E.COM/?sub1=*",
                "https://e.com/*",
                "https://e.com/*/",
                "https://e.com/a/*/b?c=d#e",
                "https://e.com/a;v=*/b",
                "https://e.com/pre*post",
                "https://e.com/?sub1=pre*post&x=y",
                "https://e.com/?clickid=*&af_sub1=*",
                "https://e.com/?x=y&&=&a=b=c&sub1=*&",
                "https://e.com/?a[]=1&a[b]=2&sub1=[*]",
                "https://e.com/?next=https://x.com/?y&sub1=*",
                "https://e.com/?sub1=*#/route?x=[1]",
                "https://e.com/?sub1=*#*",
                "https://e.com/%2e%2E/%7Ex/?a=%0D%0A%e2%82%ac%00&sub1=*",
                "https://e.com/a+b/?q=a+b&sub1=*",
                "https://e.com/~a-b_c.d!$&'(),;=:@/?sub1=x*",
                "https://user:pa%20ss@e.com:8443/?sub1=*",
                "https://e.com:/?sub1=*",
                "https://e.com:0/?sub1=*",
                "https://e.com:65535/?sub1=*",
                "https://e.com./?sub1=*",
                "https://localhost/?sub1=*",
                "https://192.0.2.1:80/?sub1=*",
                "https://[2001:db8::1]/?sub1=*",
                "https://[::ffff:192.0.2.1]:8080/?sub1=*",
                "https://xn--bcher-kva.example/?sub1=*",
                "https://my_sub.e_x.com/?sub1=*",
                "https://_track.e.com/?sub1=*",
                "https://track_.e.com/?sub1=*",
                "https://e.com//a//*",
                "https://e.com/./../*",
                "https://app.appsflyer.com/id123?pid=gokart_int&c=x&clickid=*&af_siteid=7",
                "https://net.go2cloud.org/aff_c?offer_id=26&aff_id=2002&aff_sub=*",
            })
    void takesASoundLinkAndLeavesTheRestByteForByte(String link) {
        String filled = filled(TEMPLATER.parse(link.replace("*", "{gk_click_id}")));

        assertThat(filled).isEqualTo(link.replace("*", UUID));
        assertThat(URI.create(filled).isAbsolute()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%7Bgk_click_id%7D",
                "%7bgk_click_id%7d",
                "%7Bgk_click_id%7d",
                "%7bgk_click_id}",
                "{gk_click_id%7D"
            })
    void bracesMayArrivePercentEncoded(String macro) {
        assertThat(filled(TEMPLATER.parse("https://e.com/" + macro + "?a=" + macro + "&b=x" + macro + "y")))
                .isEqualTo("https://e.com/" + UUID + "?a=" + UUID + "&b=x" + UUID + "y");
    }

    @Test
    void fillsEveryStandardMacroWhereverItStands() {
        LinkTemplate template = TEMPLATER.parse(
                "https://e.com/{offer_id}-{member_id}/{gk_click_id}?t={timestamp}{timestamp}&o={offer_id}#{member_id}");

        assertThat(template.fill(name -> "<" + name + ">"))
                .isEqualTo("https://e.com/%3Coffer_id%3E-%3Cmember_id%3E/%3Cgk_click_id%3E"
                        + "?t=%3Ctimestamp%3E%3Ctimestamp%3E&o=%3Coffer_id%3E#%3Cmember_id%3E");
    }

    @Test
    void fillsAMacroOfTheHosts() {
        LinkTemplater more = TEMPLATER.withMacro("Geo.v-2");

        assertThat(more.parse("https://e.com?g={Geo.v-2}&s={gk_click_id}").fill(name -> name))
                .isEqualTo("https://e.com?g=Geo.v-2&s=gk_click_id");
        assertThat(kinds(TEMPLATER.check("https://e.com?g={Geo.v-2}&s={gk_click_id}", LinkRules.common())))
                .as("the standard templater is not changed")
                .containsExactly(LinkProblem.ProblemKind.UNKNOWN_MACRO);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a b", "{x}", "a%7D", "ü", "gk_click_id", "GK_CLICK_ID", "Offer_Id", "a&b", "a\nb"})
    void refusesAMacroNameThatIsNotAllowedOrTaken(String name) {
        assertThatThrownBy(() -> TEMPLATER.withMacro(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMacroNameHasUpTo64Characters() {
        String longest = "m".repeat(64);

        assertThat(TEMPLATER
                        .withMacro(longest)
                        .parse("https://e.com?a={" + longest + "}&s={gk_click_id}")
                        .fill(n -> "v"))
                .isEqualTo("https://e.com?a=v&s=v");
        assertThatThrownBy(() -> TEMPLATER.withMacro(longest + "m")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "myapp, myapp://open/offer?id={gk_click_id}",
        "MyApp, myAPP://open?id={gk_click_id}",
        "myapp, myapp:///offer/{gk_click_id}",
        "myapp, myapp://?id={gk_click_id}",
        "market, market://details?id=com.example&referrer={gk_click_id}",
        "com.example.app+x-1, com.example.app+x-1://a/{gk_click_id}",
    })
    void takesAnAppsOwnSchemeWhereItIsAllowed(String scheme, String link) {
        LinkTemplate template = TEMPLATER.parse(link, new LinkRules(Set.of(scheme), Set.of()));

        assertThat(URI.create(filled(template)).getScheme()).isEqualToIgnoringCase(scheme);
        assertThat(kinds(TEMPLATER.check(link, LinkRules.common())))
                .containsExactly(LinkProblem.ProblemKind.SCHEME_NOT_ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript",
                "JavaScript",
                "data",
                "DATA",
                "vbscript",
                "file",
                "blob",
                "about",
                "",
                " ",
                "my app",
                "1app",
                "app:",
                "app://",
                "-a",
                "äpp",
                "a\n",
                "\u017Fcript-"
            })
    void refusesASchemeThatIsNoneOrThatIsDangerous(String scheme) {
        Set<String> schemes = Set.of(scheme);

        assertThatThrownBy(() -> new LinkRules(schemes, Set.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesALinkOfTheGreatestLength() {
        String link = "https://e.com?s={gk_click_id}&x=";
        String longest = link + "y".repeat(LinkTemplater.MAX_LENGTH - link.length());

        assertThat(TEMPLATER.parse(longest).link()).isEqualTo(longest);
    }

    /** Each is a whole value that would be refused, but is declared. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "(clickid) (clickid)",
                "(clickid) %28clickid%29",
                "[CLICK_ID] [CLICK_ID]",
                "[[id]] [[id]]",
                "[[id]] %5B%5Bid%5D%5D",
                "#id# %23id%23",
                "{clickid} %7Bclickid%7D",
                "{clickid} %7bclickid%7d",
                "${(id)!} $%7B(id)!%7D",
                "${id} $%7Bid%7D",
                "${id} %24%7Bid%7D",
                "%ID% %25ID%25",
                "OPTIONAL OPTIONAL",
                "{timestamp} %7Btimestamp%7D",
            })
    void aDeclaredLiteralReachesTheAdvertiserAsItStands(String literal, String written) {
        LinkRules rules = new LinkRules(Set.of(), Set.of(literal));
        LinkTemplate template = TEMPLATER.parse("https://e.com?a=" + written + "&s={gk_click_id}", rules);
        String filled = filled(template);

        assertThat(filled).isEqualTo("https://e.com?a=" + written + "&s=" + UUID);
        assertThat(URI.create(filled).getRawQuery()).contains("a=" + written);
    }

    @Test
    void aLiteralIsAWholeValue() {
        LinkRules rules = new LinkRules(Set.of(), Set.of("{clickid}", "(x)"));

        assertThat(kinds(TEMPLATER.check("https://%7Bclickid%7D.e.com?s={gk_click_id}", rules)))
                .as("no part of a host")
                .isNotEmpty();
        assertThat(kinds(TEMPLATER.check("https://e.com?a=(y)&s={gk_click_id}", rules)))
                .containsExactly(LinkProblem.ProblemKind.FOREIGN_MACRO);
    }

    @Test
    void halfEncodedBracesOfALiteralNeverMakeALinkThatIsNoUri() {
        LinkRules rules = new LinkRules(Set.of(), Set.of("{clickid}"));

        assertThat(kinds(TEMPLATER.check("https://e.com?a=%7Bclickid}&s={gk_click_id}", rules)))
                .isNotEmpty();
        assertThat(kinds(TEMPLATER.check("https://e.com?a={clickid%7D&s={gk_click_id}", rules)))
                .isNotEmpty();
    }

    /** Random concatenations of parts that are harmless or hostile alone: what is taken must be a URI in every case. */
    @Test
    void everyLinkThatIsTakenGivesAUri() {
        String[] parts = {
            "https:",
            "//",
            "/",
            "e.com",
            "my_app",
            "myapp:",
            "?",
            "&",
            "=",
            "#",
            "{gk_click_id}",
            "s={gk_click_id}",
            "{offer_id}",
            "%7Bclickid%7D",
            "%7Bclickid}",
            "{clickid}",
            "%7B",
            "%7d",
            "{",
            "}",
            "(x)",
            "#x#",
            "=#x#&",
            "[",
            "]",
            "[[x]]",
            "[::1]",
            ":80",
            ":",
            "@",
            "%",
            "%41",
            "%X%",
            ".",
            "..",
            "%2e",
            ";",
            "\\",
            " ",
            "ü",
            "\u0000",
            "$",
            "!"
        };
        LinkRules rules = new LinkRules(Set.of("myapp"), Set.of("{clickid}", "(x)", "#x#", "[[x]]"));
        long seed = 20260203;
        Random random = new Random(seed);
        int taken = 0;
        for (int i = 0; i < 300_000; i++) {
            StringBuilder text = new StringBuilder(random.nextInt(10) == 0 ? "myapp://" : "https://e.com");
            for (int length = random.nextInt(8); length > 0; length--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            String link = text.append(random.nextBoolean() ? "?s={gk_click_id}" : "/{gk_click_id}")
                    .toString();
            if (TEMPLATER.check(link, rules).isEmpty()) {
                taken++;
                String filled = filled(TEMPLATER.parse(link, rules));
                assertThat(uri(filled)).as("seed %d: %s", seed, link).isNotNull();
            }
        }

        assertThat(taken).as("links that were taken").isGreaterThan(3_000);
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String filled(LinkTemplate template) {
        return template.fill(name -> name.equals(LinkTemplater.CLICK_ID) ? UUID : "v");
    }

    private static List<LinkProblem.ProblemKind> kinds(List<LinkProblem> problems) {
        return problems.stream().map(LinkProblem::kind).toList();
    }
}
