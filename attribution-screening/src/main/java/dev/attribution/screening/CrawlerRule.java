package dev.attribution.screening;

import dev.attribution.click.ClickFlag;
import dev.attribution.click.ScreenVerdict;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One rule of the list.
 *
 * <p>Immutable and thread-safe.
 *
 * @param pattern the regular expression as the list has it
 * @param tags its tags
 * @param texts the texts one of which a user agent contains if it matches; see {@link RequiredTexts}
 * @param regex the expression, in a form whose time is linear; {@code null} if it is a text and nothing else
 * @param isExplicit whether its name says that it is a program, so that it also counts in the browser of an app
 * @param verdict the verdict about a user agent that matches
 */
record CrawlerRule(
        String pattern,
        Set<String> tags,
        RequiredTexts texts,
        @Nullable Pattern regex,
        boolean isExplicit,
        ScreenVerdict verdict) {
    private static final Pattern EXPLICIT =
            Pattern.compile("bot|crawl|spider|preview|externalhit|fetch|slurp|scan|monitor", Pattern.CASE_INSENSITIVE);

    private static final String ANYTHING = "[\\s\\S]*";

    /** A class of characters, of which the first stands for all, unless it says which do not fit. */
    private static final Pattern CLASS = Pattern.compile("\\[(?:\\^[^]]*|(.)[^]]*)]");

    private static final Pattern SYNTAX = Pattern.compile("\\\\d\\+?|\\\\");
    private static final Pattern OTHERS = Pattern.compile("[^a-z0-9._]+");
    private static final Pattern ENDS = Pattern.compile("^[-.]+|[-.]+$");

    static CrawlerRule of(String pattern, Set<String> tags, String name, boolean isExplicit) {
        RequiredTexts texts = RequiredTexts.of(pattern);
        return new CrawlerRule(
                pattern,
                Set.copyOf(tags),
                texts,
                texts.isAll() ? null : linear(pattern),
                isExplicit,
                ScreenVerdict.flagged(name));
    }

    static boolean saysThatItIsAProgram(String pattern) {
        return EXPLICIT.matcher(pattern).find();
    }

    /**
     * Parts with anything between them: the first occurrence of a part is as good as any later one, so the search never returns
     * to it.
     */
    private static Pattern linear(String pattern) {
        String[] parts = pattern.split(Pattern.quote(ANYTHING), -1);
        return Pattern.compile(
                parts.length == 1
                        ? pattern
                        : Arrays.stream(parts)
                                .map(part -> "(?>[\\s\\S]*?(?:" + part + "))")
                                .collect(Collectors.joining("", "\\A", "")));
    }

    /** {@return the name of a rule from its expression: what it says, without what only an expression needs} */
    static String name(String pattern) {
        String plain = CLASS.matcher(pattern.replace(ANYTHING, " ")).replaceAll("$1");
        plain = OTHERS.matcher(SYNTAX.matcher(plain).replaceAll("").toLowerCase(Locale.ROOT))
                .replaceAll("-");
        plain = ENDS.matcher(plain).replaceAll("");
        return "crawler." + plain.substring(0, Math.min(plain.length(), ClickFlag.MAX_RULE - 12));
    }
}
