package dev.attribution.click;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The rules that need no list: what browsers and systems say about themselves. */
enum StandardScreen implements ClickScreen {
    INSTANCE;

    // Sec-Purpose is a structured list, whose members may have parameters; the older ones hold one word
    private static final List<String> HEADERS =
            List.of("purpose", "sec-fetch-purpose", "sec-purpose", "x-moz", "x-purpose");
    private static final Set<String> SPECULATIVE = Set.of("prefetch", "prerender", "preview", "instant");

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
            for (String header : HEADERS) {
                if (isSpeculative(request.headers(header))) {
                    return ScreenVerdict.speculative(header);
                }
            }
        }
        String method = request.method();
        if (method.equalsIgnoreCase("HEAD")) {
            return ScreenVerdict.flagged("head");
        }
        if (!method.equalsIgnoreCase("GET") && !method.equalsIgnoreCase("POST")) {
            return ScreenVerdict.flagged("method");
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

    private static boolean isSpeculative(List<String> values) {
        for (String value : values) {
            for (String member : value.split(",", -1)) {
                if (SPECULATIVE.contains(member.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))) {
                    return true;
                }
            }
        }
        return false;
    }
}
