package dev.attribution.click;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The rules that need no list: what browsers and systems say about themselves. */
enum StandardScreen implements ClickScreen {
    INSTANCE;

    // Sec-Purpose is a structured list, whose members may have parameters; the others hold one word
    private static final Map<String, List<String>> SPECULATIVE = Map.of(
            "sec-purpose", List.of("prefetch"),
            "purpose", List.of("prefetch", "preview"),
            "x-purpose", List.of("prefetch", "preview", "instant"),
            "x-moz", List.of("prefetch"),
            "sec-fetch-purpose", List.of("prefetch"));

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
        Optional<String> header = SPECULATIVE.keySet().stream()
                .sorted()
                .filter(name -> isSpeculative(name, request))
                .findFirst();
        if (header.isPresent()) {
            return ScreenVerdict.speculative(header.get());
        }
        if (request.method().equalsIgnoreCase("HEAD")) {
            return ScreenVerdict.flagged("head");
        }
        String agent = request.userAgent().orElse("").toLowerCase(Locale.ROOT);
        return AGENTS.stream()
                .filter(agent::contains)
                .findFirst()
                .map(name -> ScreenVerdict.flagged("agent." + name))
                .orElse(ScreenVerdict.counts());
    }

    private static boolean isSpeculative(String name, ClickRequest request) {
        List<String> words = SPECULATIVE.getOrDefault(name, List.of());
        return request.headers(name).stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .map(member -> member.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .anyMatch(words::contains);
    }
}
