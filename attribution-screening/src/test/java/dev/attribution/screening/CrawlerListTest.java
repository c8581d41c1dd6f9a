package dev.attribution.screening;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrawlerListTest {
    private static final List<CrawlerRule> RULES = CrawlerList.bundled().rules();

    @Test
    void everyRuleHasANameOfItsOwn() {
        assertThat(RULES)
                .hasSizeGreaterThan(1400)
                .extracting(rule -> rule.verdict().rule().orElseThrow())
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(name).matches("(crawler|preload)\\.[a-z0-9].*"));
    }

    @Test
    void everyRuleIsFoundByATextThatItRequires() {
        assertThat(RULES)
                .allSatisfy(rule ->
                        assertThat(rule.texts().texts()).as(rule.pattern()).isNotEmpty());
    }

    /** A million characters, made of what brings an expression as far as it goes without a match. */
    @Test
    void theTimeOfAnExpressionIsLinear() {
        List<CrawlerRule> expressions =
                RULES.stream().filter(rule -> !rule.texts().isAll()).toList();

        assertThat(expressions).hasSizeGreaterThan(30).allSatisfy(rule -> {
            for (String text : rule.texts().texts()) {
                String almost = text.substring(0, text.length() - 1);
                int length = 1_000_000;
                for (String unit : List.of(text, almost + "1", text.substring(1) + text)) {
                    CountedText input = new CountedText(unit.repeat(length / unit.length()));
                    length = 50_000; // enough to tell a square
                    Matcher matcher = rule.regex().matcher(input);
                    matcher.find();
                    assertThat(input.reads).as(rule.pattern()).isLessThan(64L * input.length());
                }
            }
        });
    }

    @Test
    void aLongUserAgentIsJudgedInOnePass() {
        RuleIndex index = new RuleIndex(RULES);

        for (String unit :
                List.of("Spider", "Current", "ContextualBo", "Mozilla/5.0 (", "Linux; Android ", "a", "bot ")) {
            assertThat(index.first("spider.com outcomes " + unit.repeat(1_000_000 / unit.length())))
                    .as(unit)
                    .isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Googlebot\\/; Googlebot/; true",
                "[wW]get; get; false",
                "^LCC ; LCC; false",
                "AdsBot-Google([^-]|$); AdsBot-Google; false",
                "Ahrefs(Bot|SiteAudit); Ahrefs; false",
                "abcd?efg; abc; false",
                "ab+cde; cde; false",
                "a{2}bcd; bcd; false",
                "[]x]abc; abc; false",
                "([)]x)abc; abc; false",
                "BlogTraffic\\/\\d\\.\\d+ Feed-Fetcher; ' Feed-Fetcher'; false",
            })
    void knowsWhatEveryMatchContains(String pattern, String text, boolean isAll) {
        assertThat(RequiredTexts.of(pattern)).isEqualTo(new RequiredTexts(List.of(text), isAll));
    }

    @ParameterizedTest
    @CsvSource({"(?i)abc", "ab", "abc|d", "\\x41bcd", "\\Qabc\\E", "'', ''", "(?<n>a)bcd"})
    void admitsWhatItDoesNotKnow(String pattern) {
        assertThat(RequiredTexts.of(pattern).texts()).isEmpty();
    }

    private static final class CountedText implements CharSequence {
        private final String text;
        private long reads;

        CountedText(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            reads++;
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
