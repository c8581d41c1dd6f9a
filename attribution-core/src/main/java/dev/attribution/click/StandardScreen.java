package dev.attribution.click;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The rules that need no list: what browsers and systems say about themselves. */
enum StandardScreen implements ClickScreen {
    INSTANCE;

    // Sec-Purpose is a structured list, whose members may have parameters; the others hold one word
    private static final SortedMap<String, List<String>> SPECULATIVE = new TreeMap<>(Map.of(
            "sec-purpose", List.of("prefetch"),
            "purpose", List.of("prefetch", "preview"),
            "x-purpose", List.of("prefetch", "preview", "instant"),
            "x-moz", List.of("prefetch"),
            "sec-fetch-purpose", List.of("prefetch")));

    /** Large systems that say their names. A list that is kept up to date is in attribution-screening. */
    private static final List<String> AGENTS = List.of(
            "facebookexternalhit",
            "twitterbot",
            "slackbot",
            "discordbot",
            "telegrambot",
            "linkedinbot",
            "skypeuripreview",
            "googlebot",
            "bingbot",
            "applebot",
            "yandexbot",
            "baiduspider");

    @Override
    public ScreenVerdict judge(ClickRequest request) {
        if (!request.headers().isEmpty()) {
            for (Map.Entry<String, List<String>> header : SPECULATIVE.entrySet()) {
                if (saysOneOf(header.getValue(), request.headers(header.getKey()))) {
                    return ScreenVerdict.speculative(header.getKey());
                }
            }
        }
        if (request.method().equalsIgnoreCase("HEAD")) {
            return ScreenVerdict.flagged("head");
        }
        Optional<String> userAgent = request.userAgent();
        if (userAgent.isPresent()) {
            String agent = userAgent.get().toLowerCase(Locale.ROOT);
            for (String name : AGENTS) {
                if (agent.contains(name)) {
                    return ScreenVerdict.flagged("agent." + name);
                }
            }
        }
        return ScreenVerdict.counts();
    }

    private static boolean saysOneOf(List<String> words, List<String> values) {
        for (String value : values) {
            for (String member : value.split(",", -1)) {
                if (words.contains(member.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))) {
                    return true;
                }
            }
        }
        return false;
    }
}
