package dev.attribution.postback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.click.ClickId;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostbackParserTest {
    private static final String UUID = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32";
    private static final String OTHER = "00000000-0000-4000-8000-000000000000";
    private static final String ID = "gk_click_id=" + UUID;

    @Test
    void readsTheExampleOfTheSpecification() {
        Postback postback = PostbackParser.parse(
                "https://api.getgokart.ai/postback?gk_click_id=" + UUID + "&event_id=win_10_games");

        assertThat(postback.clickId()).contains(ClickId.parse(UUID));
        assertThat(postback.receivedClickId()).contains(UUID);
        assertThat(postback.eventId()).contains("win_10_games");
        assertThat(postback.problem()).isEmpty();
        assertThat(postback.notes()).isEmpty();
        assertThat(postback.query()).isEqualTo("gk_click_id=" + UUID + "&event_id=win_10_games");
        assertThat(postback.truncated()).isFalse();
    }

    @Test
    void readsEveryParameter() {
        Postback postback = PostbackParser.parse(
                ID + "&event_id=e&transaction_id=t&offer_id=o&member_id=m&payout=12.50&currency=EUR&more=x");

        assertThat(postback.eventId()).contains("e");
        assertThat(postback.transactionId()).contains("t");
        assertThat(postback.offerId()).contains("o");
        assertThat(postback.memberId()).contains("m");
        assertThat(postback.payout()).contains(new BigDecimal("12.50"));
        assertThat(postback.currency()).get().hasToString("EUR");
        assertThat(postback.parameter("more")).containsExactly("x");
        assertThat(postback.notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "1+2|1 2",
                "%2B|+",
                "%20|' '",
                "%41|A",
                "%4a%4A|JJ",
                "%C3%A9|é",
                "%c3%a9|é",
                "é|é",
                "%F0%9F%98%80|😀",
                "😀%41|😀A",
                "%|%",
                "%%|%%",
                "%4|%4",
                "%zz|%zz",
                "%4z|%4z",
                "%%41|%A",
                "%u0041|%u0041",
                "%2541|%41",
                "%25%34%31|%41",
                "%FF|\uFFFD",
                "%C3|\uFFFD",
                "%C3z|\uFFFDz",
                "%C3+%A9|\uFFFD \uFFFD",
                "%E2%82|\uFFFD",
                "%A9|\uFFFD",
                "%FE%FF|\uFFFD\uFFFD",
                "%C0%80|\uFFFD\uFFFD",
                "%EF%BB%BFx|\uFEFFx",
                "=b|=b",
                "b=|b=",
                ";b|;b",
                "a?b|a?b",
                "\uD800|\uFFFD",
                "\uDC00a|\uFFFDa",
                "%41\uD83D|A\uFFFD",
                "%26|&",
                "%3D|=",
                "%23|#",
                "%\uFF14\uFF11|%\uFF14\uFF11"
            })
    void decodesAValueAsABrowserDecodesAForm(String raw, String decoded) {
        assertThat(PostbackParser.parse("a=" + raw).parameter("a")).containsExactly(decoded);
        assertThat(PostbackParser.parse("x&a=" + raw + "&y").parameter("a")).containsExactly(decoded);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a|''",
                "a=|''",
                "&&a=1&&|1",
                "%61=1|1",
                "b=2&a=1|1",
                "A=2&a=1|1",
                "?a=1|1",
                "a=1?|1?",
                "a=1#x|1#x",
                "=2&a=1|1"
            })
    void findsAParameterByItsDecodedName(String query, String value) {
        assertThat(PostbackParser.parse(query).parameter("a")).containsExactly(value);
    }

    @Test
    void givesEveryValueOfAParameterInOrder() {
        Postback postback = PostbackParser.parse("a=1&b=x&a=&a=1&A=9&a+b=2&=3&%61=4");

        assertThat(postback.parameter("a")).containsExactly("1", "", "1", "4");
        assertThat(postback.parameter("a b")).containsExactly("2");
        assertThat(postback.parameter("")).containsExactly("3");
        assertThat(postback.parameter("c")).isEmpty();
    }

    /** Here {@code *} stands for the click id. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gk_click_id=*",
                "?gk_click_id=*",
                "&gk_click_id=*&",
                "http://e.com?gk_click_id=*",
                "https://e.com/p?gk_click_id=*",
                "HTTPS://E.COM/p?gk_click_id=*",
                "hTTp://?gk_click_id=*",
                "https://?gk_click_id=*",
                "https://e.com/p?gk_click_id=*#gk_click_id=x",
                "https://e.com/p?gk_click_id=*#",
                "https://e.com/p?a=?&gk_click_id=*",
                "https://e.com:1/é p?gk_click_id=*",
                "gk%5Fclick%5fid=*",
                "gk_click_id=*&gk_click_id=*",
                "gk_click_id=*&GK_CLICK_ID=x",
                "a=b;c&gk_click_id=*",
                "https://e.com/p?a=#name#&gk_click_id=*",
                "https://e.com/p?gk_click_id=*&a=#name##x",
                "=&gk_click_id=*",
                "https://e.com/p?a=#name#&gk_click_id=*#gk_click_id=x",
                "/postback?gk_click_id=*",
                "/?a=b&gk_click_id=*",
                "//e.com/?gk_click_id=*",
                "/postback?gk_click_id=*#gk_click_id=x"
            })
    void findsTheClickIdInAUrlOrAQuery(String text) {
        Postback postback = PostbackParser.parse(text.replace("*", UUID));

        assertThat(postback.clickId()).contains(ClickId.parse(UUID));
        assertThat(postback.problem()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?",
                "&",
                "=",
                "gk_click_id",
                "gk_click_id=",
                "gk_click_id=&gk_click_id=",
                "gk_click_id=+",
                "gk_click_id=%20%09%0A",
                "gk_click_id=\u3000",
                "gk_click_id=%C2%A0",
                "gk_click_id=\u00A0+\u2007",
                "GK_CLICK_ID=*",
                "Gk_click_id=*",
                "gk_click_id%20=*",
                "+gk_click_id=*",
                "xgk_click_id=*",
                "gk_click_id[]=*",
                "=*",
                "*",
                "=gk_click_id=*",
                "https://e.com/gk_click_id=*",
                "https://e.com/#?gk_click_id=*",
                "https://e.com/#gk_click_id=*",
                "https://e.com/p?a=b#gk_click_id=*",
                "https://gk_click_id=*",
                "??gk_click_id=*",
                "ftp://e.com/?gk_click_id=*",
                "/postback/gk_click_id=*",
                "/postback?a=b#gk_click_id=*",
                "/gk_click_id=*",
                "postback?gk_click_id=*",
                "{\"gk_click_id\":\"*\"}",
                "event_id=a;gk_click_id=*"
            })
    void missesAClickIdThatIsAbsentOrBlank(String text) {
        Postback postback = PostbackParser.parse(text.replace("*", UUID));

        assertThat(postback.problem()).contains(Reason.MISSING_CLICK_ID);
        assertThat(postback.clickId()).isEmpty();
        assertThat(postback.receivedClickId()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "1-1-1-1-1|1-1-1-1-1",
                "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f3|efb2a7d2-c01a-4e3f-b8a1-81b4568e9f3",
                "efb2a7d2c01a4e3fb8a181b4568e9f32|efb2a7d2c01a4e3fb8a181b4568e9f32",
                "xefb2a7d2-c01a-4e3f-b8a1-81b4568e9f32|xefb2a7d2-c01a-4e3f-b8a1-81b4568e9f32",
                "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32/x|efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32/x",
                "{efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32}|{efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32}",
                "nullx|nullx",
                "%00|\"\0\"",
                "%FF|\uFFFD",
                "%|%",
                "x{gk_click_id}|x{gk_click_id}",
                "' OR 1=1 --|' OR 1=1 --",
                "<script>|<script>",
                "%257B|%7B",
                "{a}{b}|{a}{b}",
                "replace|replace",
            })
    void keepsAMalformedClickIdAsItWasReceived(String raw, String received) {
        Postback postback = PostbackParser.parse("gk_click_id=" + raw);

        assertThat(postback.problem()).contains(Reason.MALFORMED_CLICK_ID);
        assertThat(postback.receivedClickId()).contains(received);
        assertThat(postback.clickId()).isEmpty();
    }

    static Stream<String> wordsForNothing() {
        return Stream.of(
                        "null",
                        "undefined",
                        "none",
                        "nil",
                        "NaN",
                        "N/A",
                        "#N/A",
                        "\\N",
                        "-",
                        "--",
                        "not set",
                        "no value")
                .flatMap(word -> Stream.of(
                        word,
                        word.toUpperCase(Locale.ROOT),
                        word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1),
                        " " + word + "\t",
                        "(" + word + ")",
                        "[" + word + "]",
                        "<" + word + ">",
                        "{ " + word + " }",
                        "\"" + word + "\"",
                        "'" + word + "'"))
                .flatMap(word -> Stream.of(encoded(word), inLowerCaseHex(encoded(word)), "%EF%BB%BF" + encoded(word)));
    }

    @ParameterizedTest
    @MethodSource("wordsForNothing")
    @ValueSource(strings = {"{}", "[]", "()", "\"\"", "[object Object]"})
    void aWordForNothingIsAbsentAndNoted(String word) {
        for (PostbackParameter parameter : PostbackParameter.values()) {
            String name = parameter.parameterName();
            if (parameter == PostbackParameter.STATUS) {
                continue; // unknown, and not absent
            }
            Postback postback = PostbackParser.parse((name.equals("gk_click_id") ? "" : ID + "&") + name + "=" + word);

            assertThat(postback.problem().isPresent()).as(name).isEqualTo(name.equals("gk_click_id"));
            assertThat(postback.problem().orElse(Reason.MISSING_CLICK_ID)).isEqualTo(Reason.MISSING_CLICK_ID);
            assertThat(parameter == PostbackParameter.CLICK_ID
                            || optional(postback, name).isEmpty())
                    .as(name)
                    .isTrue();
            assertThat(postback.notes())
                    .singleElement()
                    .asString()
                    .startsWith(name + " ")
                    .contains("absent");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nullify", "non", "0", "N-A", "x-", "null1", "((null))", "nothing", "nan-7", "no", "false"})
    void aWordThatMaySaySomethingIsKept(String word) {
        Postback postback = PostbackParser.parse(ID + "&transaction_id=" + word + "&event_id=" + word);

        assertThat(postback.transactionId()).contains(word);
        assertThat(postback.eventId()).contains(word);
        assertThat(postback.notes()).isEmpty();
    }

    @Test
    void aWordForNothingGivesWayToAnotherValue() {
        Postback postback = PostbackParser.parse("gk_click_id=null&" + ID + "&event_id=undefined&event_id=b");

        assertThat(postback.clickId()).contains(ClickId.parse(UUID));
        assertThat(postback.eventId()).contains("b");
        assertThat(postback.notes()).hasSize(2);
    }

    @Test
    void keepsAWordForNothingAsItWasReceivedInPlaceOfAClickId() {
        assertThat(PostbackParser.parse("gk_click_id=NULL&gk_click_id=none").receivedClickId())
                .contains("NULL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*%20",
                "+*",
                "%22*%22",
                "'*'",
                "*/",
                "*%2F",
                "%09*%0D%0A",
                "%C2%A0*",
                "%EF%BB%BF*",
                "*%E2%80%8B",
                "%E2%80%9C*%E2%80%9D",
                "*%2520",
                "%2522*%2522",
                "*,",
                "*;",
                " \"*/\" "
            })
    void readsAClickIdThroughWhatStandsAroundIt(String dressed) {
        for (String id : List.of(UUID, UUID.toUpperCase(Locale.ROOT))) {
            Postback postback = PostbackParser.parse("gk_click_id=" + dressed.replace("*", id));

            assertThat(postback.clickId()).contains(ClickId.parse(UUID));
            assertThat(postback.problem()).isEmpty();
            assertThat(postback.receivedClickId()).get().asString().contains(id).isNotEqualTo(id);
            assertThat(postback.notes())
                    .singleElement()
                    .asString()
                    .startsWith("gk_click_id ")
                    .contains("ignored");
        }
        assertThat(PostbackParser.parse(ID + "&gk_click_id=" + dressed.replace("*", UUID))
                        .problem())
                .as("the same id twice")
                .isEmpty();
        assertThat(PostbackParser.parse(ID + "&gk_click_id=" + dressed.replace("*", OTHER))
                        .problem())
                .contains(Reason.MALFORMED_POSTBACK);
    }

    /** What is around an id is either nothing but blanks and punctuation, or the id is not read. */
    @Test
    void readsNoClickIdOutOfALongerWord() {
        Random random = new Random(7);
        String alphabet = "0aF-_x{(+ \"/é";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder value = new StringBuilder(UUID);
            for (int n = random.nextInt(4); n >= 0; n--) {
                value.insert(
                        random.nextBoolean() ? 0 : value.length(), alphabet.charAt(random.nextInt(alphabet.length())));
            }
            boolean isDressed = value.toString().replaceAll("[ \"/]", "").equals(UUID);

            assertThat(PostbackValues.clickId(value.toString()).isPresent())
                    .as(value.toString())
                    .isEqualTo(isDressed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"amp;", "AMP;", "amp;amp;", "%61mp%3B", "%23038;", "#38;", "#x26;", "amp%3b"})
    void readsANameAfterAnHtmlAmpersand(String ampersand) {
        Postback postback = PostbackParser.parse(
                ID + "&" + ampersand + "event_id=b&" + ampersand + "transaction_id=t&" + ampersand + "more=x");

        assertThat(postback.eventId()).contains("b");
        assertThat(postback.transactionId()).contains("t");
        assertThat(postback.parameter("more")).containsExactly("x");
        assertThat(postback.notes()).hasSize(2).allMatch(note -> note.contains("&amp;"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"amp", "am;p", "xamp;", "amp;x", "amp%20;", "#39;", "lt;"})
    void readsNoNameAfterAnythingElse(String other) {
        Postback postback = PostbackParser.parse(ID + "&" + other + "event_id=b");

        assertThat(postback.eventId()).isEmpty();
        assertThat(postback.notes()).isEmpty();
    }

    static Stream<String> macros() {
        return Stream.of(
                        "gk_click_id",
                        "clickid",
                        "aff_sub",
                        "sub1",
                        "event-name",
                        "GkClickId",
                        "CLICK_ID",
                        "click.id",
                        "x")
                .flatMap(name -> Stream.of(
                        "{" + name + "}",
                        "(" + name + ")",
                        "#" + name + "#",
                        "[[" + name + "]]",
                        "[" + name + "]",
                        "${(" + name + ")!}",
                        "${" + name + "}",
                        "%" + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_") + "%"));
    }

    static Stream<String> words() {
        return Stream.of(
                "REPLACE",
                "OPTIONAL",
                "TRANSACTION_ID",
                "%TRANSACTION_ID%",
                "gk_click_id",
                "GK_CLICK_ID",
                "gk%5Fclick_id");
    }

    static Stream<String> macrosAsTheyArrive() {
        return Stream.concat(
                macros().flatMap(macro -> Stream.of(
                        macro,
                        encoded(macro),
                        inLowerCaseHex(encoded(macro)),
                        encoded(encoded(macro)),
                        encoded(inLowerCaseHex(encoded(macro))))),
                words());
    }

    @ParameterizedTest
    @MethodSource("macrosAsTheyArrive")
    void recognisesAMacroThatNobodyExpanded(String macro) {
        for (String text : List.of(
                "gk_click_id=" + macro,
                "a=b&gk_click_id=" + macro + "&c=d",
                "https://e.com/postback?gk_click_id=" + macro,
                "https://e.com/postback?gk_click_id=" + macro + "&event_id=x")) {
            Postback postback = PostbackParser.parse(text);

            assertThat(postback.problem()).as(text).contains(Reason.UNEXPANDED_MACRO);
            assertThat(postback.receivedClickId()).as(text).isPresent();
            assertThat(postback.clickId()).as(text).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("macrosAsTheyArrive")
    void anOptionalMacroThatNobodyExpandedIsAbsentAndNoted(String macro) {
        for (String name : List.of("event_id", "transaction_id", "offer_id", "member_id", "payout", "currency")) {
            String value = macro.matches("(?i)gk(_|%5F)click_id") ? name.toUpperCase(Locale.ROOT) : macro;
            Postback postback = PostbackParser.parse(ID + "&" + name + "=" + value);

            assertThat(postback.problem()).as(value).isEmpty();
            assertThat(optional(postback, name)).as(value).isEmpty();
            assertThat(postback.notes())
                    .as(value)
                    .singleElement()
                    .asString()
                    .startsWith(name)
                    .contains("macro", "absent");
        }
    }

    @ParameterizedTest
    @CsvSource({"event_id", "transaction_id", "offer_id", "member_id", "payout", "currency"})
    void aBlankOptionalParameterIsAbsentAndNoted(String name) {
        for (String blank : List.of("", "=", "=+", "=%20%09", "=%E3%80%80", "=%C2%A0", "=&" + name + "=+")) {
            Postback postback = PostbackParser.parse(ID + "&" + name + blank);

            assertThat(postback.problem()).isEmpty();
            assertThat(optional(postback, name)).as(name + blank).isEmpty();
            assertThat(postback.notes())
                    .as(name + blank)
                    .singleElement()
                    .asString()
                    .startsWith(name + " ")
                    .contains("blank", "absent");
        }
    }

    @ParameterizedTest
    @CsvSource({"event_id,absent", "transaction_id,too long"})
    void anEventThatIsNoAllowedIdIsAbsentAndATransactionMakesThePostbackMalformed(String name, String note) {
        Optional<Reason> problem = name.equals("event_id") ? Optional.empty() : Optional.of(Reason.MALFORMED_POSTBACK);
        for (String bad : List.of("x".repeat(256), "a%00", "a%0Ab", "%7F", "%C2%85", "a\u0001")) {
            Postback postback = PostbackParser.parse(ID + "&" + name + "=" + bad);

            assertThat(postback.problem()).isEqualTo(problem);
            assertThat(optional(postback, name)).as(bad).isEmpty();
            assertThat(postback.notes())
                    .as(bad)
                    .singleElement()
                    .asString()
                    .startsWith(name + " ")
                    .contains(note);
        }
        assertThat(optional(PostbackParser.parse(ID + "&" + name + "=" + "x".repeat(255)), name))
                .isPresent();
        assertThat(optional(PostbackParser.parse(ID + "&" + name + "=+a%FF+"), name))
                .contains(" a\uFFFD ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "-1",
                "12.50",
                "0.000",
                "10000000000000000000",
                "99999999999999999999.999999999999999999",
                "007",
                "-0.10"
            })
    void keepsAPayoutExactlyWithItsScale(String payout) {
        Postback postback = PostbackParser.parse(ID + "&payout=" + payout);

        assertThat(postback.payout()).contains(new BigDecimal(payout));
        assertThat(postback.notes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12,50",
                "1.000,00",
                "1e3",
                "1E3",
                "1e999999999",
                "%2B5",
                "+5",
                "5+",
                "0x10",
                "NaN",
                "Infinity",
                "-Infinity",
                "--1",
                "-",
                ".",
                "1.",
                "1.2.3",
                "$5",
                "5EUR",
                "1_000",
                "1f",
                "1d",
                "%EF%BC%91",
                "\u0661",
                "1%00",
                "1%0A",
                "1000000000000000000000000000",
                "0.0000000000000000000001",
                "%E2%88%921",
                "abc",
                "null",
                "1 0"
            })
    void aPayoutThatIsNoDecimalNumberIsAbsentAndNoted(String payout) {
        Postback postback = PostbackParser.parse(ID + "&payout=" + payout + "&currency=USD");

        assertThat(postback.payout()).isEmpty();
        assertThat(postback.problem()).isEmpty();
        assertThat(postback.currency()).isPresent();
        assertThat(postback.notes())
                .singleElement()
                .asString()
                .startsWith("payout ")
                .contains("absent");
    }

    @Test
    void aPayoutOfMoreDigitsThanAnyMoneyHasIsReadInNoTime() {
        assertThat(PostbackParser.parse(ID + "&payout=" + "9".repeat(8_000)).payout())
                .isEmpty();
        assertThat(PostbackParser.parse(ID + "&payout=1e2147483647").payout()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"EUR, EUR", "eur, EUR", "uSd, USD", "JPY, JPY", "inr, INR", "XXX, XXX"})
    void readsACurrencyInEitherCase(String text, String code) {
        Postback postback = PostbackParser.parse(ID + "&currency=" + text);

        assertThat(postback.currency()).get().hasToString(code);
        assertThat(postback.notes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EU", "EURO", "ZZZ", "€", "978", "E%20R", "+EUR", "EUR+", "%C4%B1nr", "E%00R", "US$"})
    void aCurrencyThatIsNoneIsAbsentAndNoted(String currency) {
        Postback postback = PostbackParser.parse(ID + "&payout=1&currency=" + currency);

        assertThat(postback.currency()).isEmpty();
        assertThat(postback.payout()).contains(BigDecimal.ONE);
        assertThat(postback.notes())
                .singleElement()
                .asString()
                .startsWith("currency ")
                .contains("absent");
    }

    @ParameterizedTest
    @CsvSource({
        "event_id,x,y",
        "transaction_id,x,y",
        "offer_id,x,y",
        "member_id,x,y",
        "payout,1,1.0",
        "currency,EUR,eur",
        "status,paid,pending"
    })
    void twoDifferentValuesAreMalformedAndABlankOneGivesWay(String name, String first, String second) {
        Postback blank = PostbackParser.parse(ID + "&%s=&%s=first&%s={x}&%s=null".replace("%s", name));
        Postback two = PostbackParser.parse(
                ID + "&%s=%1&%s=%2".replace("%s", name).replace("%1", first).replace("%2", second));

        assertThat(blank.problem().isPresent()).isEqualTo(name.equals("status"));
        assertThat(two.problem()).contains(Reason.MALFORMED_POSTBACK);
        assertThat(two.clickId()).isPresent();
        assertThat(two.notes())
                .anySatisfy(note -> assertThat(note).startsWith(name).contains("more than once"));
    }

    @ParameterizedTest
    @CsvSource({
        "event_id,x",
        "transaction_id,x",
        "offer_id,x",
        "member_id,x",
        "payout,007",
        "payout,-0",
        "payout,1.50",
        "currency,EUR",
        "currency,eur"
    })
    void theSameValueTwiceIsNoReasonForANote(String name, String value) {
        Postback postback =
                PostbackParser.parse(ID + "&%s=%v&%s=%v".replace("%s", name).replace("%v", value));

        assertThat(optional(postback, name)).isPresent();
        assertThat(postback.notes()).isEmpty();
    }

    @Test
    void namesAreCaseSensitive() {
        Postback postback = PostbackParser.parse(ID + "&EVENT_ID=x&Payout=1&OFFER_ID=o&eventId=y");

        assertThat(postback.eventId()).isEmpty();
        assertThat(postback.payout()).isEmpty();
        assertThat(postback.offerId()).isEmpty();
        assertThat(postback.notes()).isEmpty();
        assertThat(postback.parameter("EVENT_ID")).containsExactly("x");
    }

    static Stream<Arguments> precedence() {
        String junk = "&x=" + "y".repeat(PostbackParser.MAX_LENGTH);
        return Stream.of(
                Arguments.of(ID + "&gk_click_id=" + OTHER, Reason.MALFORMED_POSTBACK),
                Arguments.of(ID + "&gk_click_id={x}", Reason.MALFORMED_POSTBACK),
                Arguments.of("gk_click_id={x}&" + ID, Reason.MALFORMED_POSTBACK),
                Arguments.of("gk_click_id={x}&gk_click_id=(y)", Reason.MALFORMED_POSTBACK),
                Arguments.of(ID + "&gk%5fclick_id=x", Reason.MALFORMED_POSTBACK),
                Arguments.of(ID + junk, Reason.MALFORMED_POSTBACK),
                Arguments.of("gk_click_id={x}" + junk, Reason.MALFORMED_POSTBACK),
                Arguments.of("gk_click_id=x" + junk, Reason.MALFORMED_POSTBACK),
                Arguments.of(junk, Reason.MALFORMED_POSTBACK),
                Arguments.of(junk + ID, Reason.MALFORMED_POSTBACK),
                Arguments.of("gk_click_id=+", Reason.MISSING_CLICK_ID),
                Arguments.of("gk_click_id={x}&gk_click_id=%7Bx%7D", Reason.UNEXPANDED_MACRO),
                Arguments.of("gk_click_id=x&gk_click_id=x", Reason.MALFORMED_CLICK_ID));
    }

    @ParameterizedTest
    @MethodSource("precedence")
    void theFirstReasonInTheOrderOfPrecedenceIsGiven(String text, Reason reason) {
        Postback postback = PostbackParser.parse(text);

        assertThat(postback.problem()).contains(reason);
    }

    @Test
    void aPostbackWithTwoDifferentClickIdsKeepsTheFirstAsReceived() {
        assertThat(PostbackParser.parse(ID + "&gk_click_id=" + OTHER).receivedClickId())
                .contains(UUID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "https://e.com/postback?"})
    void aQueryOfTheGreatestLengthIsRead(String before) {
        String longest = ID + "&x=" + "y".repeat(PostbackParser.MAX_LENGTH - ID.length() - 3);
        Postback read = PostbackParser.parse(before + longest);
        Postback cut = PostbackParser.parse(before + longest + "z");

        assertThat(read.problem()).isEmpty();
        assertThat(read.truncated()).isFalse();
        assertThat(read.query()).isEqualTo(longest);
        assertThat(cut.problem()).contains(Reason.MALFORMED_POSTBACK);
        assertThat(cut.truncated()).isTrue();
        assertThat(cut.query()).isEqualTo(longest);
        assertThat(cut.receivedClickId()).contains(UUID);
        assertThat(cut.parameter("x")).as("its end is unknown").isEmpty();
        assertThat(cut.notes()).isNotEmpty();
    }

    @Test
    void onlyTheQueryCountsForItsLength() {
        Postback postback =
                PostbackParser.parse("https://e.com/" + "p".repeat(10_000) + "?" + ID + "#" + "f".repeat(10_000));

        assertThat(postback.problem()).isEmpty();
        assertThat(postback.query()).isEqualTo(ID);
    }

    @Test
    void aClickIdThatWasCutIsNotTakenForOne() {
        Postback postback = PostbackParser.parse("x=" + "y".repeat(PostbackParser.MAX_LENGTH - 20) + "&" + ID);

        assertThat(postback.problem()).contains(Reason.MALFORMED_POSTBACK);
        assertThat(postback.receivedClickId()).isEmpty();
    }

    @Test
    void notesAreAFixedHandfulWhateverIsSent() {
        StringBuilder query = new StringBuilder(ID);
        for (int i = 0; i < 110; i++) {
            query.append("&event_id=").append("a".repeat(i)).append("%01");
        }

        assertThat(PostbackParser.parse(query.toString()).notes()).hasSizeLessThan(10);
    }

    @Test
    void notesRepeatNothingOfThePostback() {
        Postback postback = PostbackParser.parse(
                ID
                        + "&event_id=s3cret%0A&transaction_id={s3cret}&payout=s3cret&currency=s3cret&offer_id=a&offer_id=s3cret");

        assertThat(postback.notes()).hasSize(5).noneMatch(note -> note.contains("s3cret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&",
                "=",
                "%",
                "%7B",
                "#",
                "=#",
                "=#a",
                "=#a#",
                "=#a#&",
                "?",
                "{",
                "gk_click_id=&",
                "event_id=%00&",
                "payout=1&",
                "\uD800",
                "\0",
                "+",
                "%F0%9F",
                "😀",
                "a",
                "[[",
                "(",
                "${(",
                "https://",
                "?#"
            })
    void megabytesOfAnythingAreRead(String part) {
        String junk = part.repeat((1 << 22) / part.length());

        for (String text : List.of(
                junk, "https://e.com/" + junk, "https://e.com/?" + junk, "https://e.com/?" + ID + "&a=" + junk)) {
            Postback postback = PostbackParser.parse(text);

            assertThat(postback.query().length()).isLessThanOrEqualTo(PostbackParser.MAX_LENGTH);
            assertThat(postback.notes()).hasSizeLessThan(10);
        }
    }

    /** Total: random garbage out of what is harmless or hostile alone, read twice. */
    @Test
    void anyTextIsReadAndAlwaysTheSameWay() {
        String[] parts = {
            "gk_click_id",
            "event_id",
            "transaction_id",
            "offer_id",
            "member_id",
            "payout",
            "currency",
            "status",
            "approved",
            "reversed",
            "=",
            "=",
            "=",
            "&",
            "&",
            "&",
            "?",
            "#",
            "https://",
            "http://e.com/",
            UUID,
            UUID,
            "{x}",
            "(x)",
            "#x#",
            "[[x]]",
            "${(x)!}",
            "%X%",
            "%7B",
            "%257b",
            "%",
            "%4",
            "%FF",
            "%C3",
            "%A9",
            "%00",
            "\0",
            "\uD800",
            "\uDC00",
            "+",
            " ",
            "12.50",
            "-",
            "EUR",
            ";",
            "é",
            "😀",
            "REPLACE",
            "\r\n",
            "\u00A0"
        };
        long seed = 42;
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(16); length > 0; length--) {
                text.append(
                        random.nextInt(8) == 0
                                ? Character.toString((char) random.nextInt(0x10000))
                                : parts[random.nextInt(parts.length)]);
            }
            check(text.toString(), "seed " + seed + ", text " + i + ": " + text);
        }
    }

    private static void check(String text, String message) {
        Postback postback = PostbackParser.parse(text);
        Postback again = PostbackParser.parse(
                postback.query().startsWith("?") || postback.query().startsWith("http") ? text : postback.query());

        assertThat(postback.clickId().isPresent() && !postback.problem().equals(Optional.of(Reason.MALFORMED_POSTBACK)))
                .as(message)
                .isNotEqualTo(postback.problem().isPresent());
        assertThat(text).as(message).contains(postback.query());
        assertThat(everything(again)).as(message).isEqualTo(everything(postback));
        Stream.of(
                        postback.receivedClickId(),
                        postback.eventId(),
                        postback.transactionId(),
                        postback.offerId(),
                        postback.memberId())
                .flatMap(Optional::stream)
                .forEach(value -> assertThat(
                                value.isBlank() || value.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF))
                        .as(message)
                        .isFalse());
    }

    private static List<Object> everything(Postback postback) {
        return List.of(
                postback.query(),
                postback.truncated(),
                postback.problem(),
                postback.receivedClickId(),
                postback.clickId(),
                postback.eventId(),
                postback.transactionId(),
                postback.offerId(),
                postback.memberId(),
                postback.payout(),
                postback.currency(),
                postback.status(),
                postback.notes());
    }

    @Test
    void anAllowedOfferOrMemberIsTakenExactlyAndAnyOtherAsReceived() {
        Postback postback = PostbackParser.parse(ID + "&offer_id=+Spring+&member_id=" + "m".repeat(300));

        assertThat(postback.offerId()).contains(" Spring ");
        assertThat(postback.memberId())
                .as("it cannot be the click's, and says so")
                .contains("m".repeat(300));
    }

    @Test
    void nothingReturnedCanBeUsedToChangeAPostback() {
        Postback postback = PostbackParser.parse(ID + "&payout=x");

        assertThatThrownBy(() -> postback.notes().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void refusesNull() {
        assertThatThrownBy(() -> PostbackParser.parse(null)).isInstanceOf(NullPointerException.class);
    }

    private static Optional<String> optional(Postback postback, String name) {
        return switch (name) {
            case "event_id" -> postback.eventId();
            case "transaction_id" -> postback.transactionId();
            case "offer_id" -> postback.offerId();
            case "member_id" -> postback.memberId();
            case "payout" -> postback.payout().map(BigDecimal::toPlainString);
            default -> postback.currency().map(Object::toString);
        };
    }

    private static String inLowerCaseHex(String encoded) {
        return Pattern.compile("%[0-9A-F]{2}")
                .matcher(encoded)
                .replaceAll(hex -> hex.group().toLowerCase(Locale.ROOT));
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        text.chars()
                .forEach(c -> encoded.append(
                        Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.'
                                ? Character.toString(c)
                                : String.format("%%%02X", c)));
        return encoded.toString();
    }
}
