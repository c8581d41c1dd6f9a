package dev.attribution.screening;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The list {@code crawler-user-agents}, as its authors publish it, with its licence next to it. To take a later version, replace
 * the three files.
 *
 * <p>Immutable and thread-safe.
 *
 * @param version the version of the list
 * @param rules its rules in order, after our own
 */
record CrawlerList(String version, List<CrawlerRule> rules) {
    private static final String DIRECTORY = "crawler-user-agents/";

    /** TikTok's preloader. No standard says that it asks again, so it is flagged and not refused. */
    private static final CrawlerRule TIKTOK_PRELOADER =
            CrawlerRule.of("thirdLandingPageFeInfra", Set.of(), "preload.tiktok", true);

    CrawlerList {
        rules = List.copyOf(rules);
    }

    /** {@return the list of this artifact, read once} */
    static CrawlerList bundled() {
        return Bundled.LIST;
    }

    Set<String> tags() {
        return rules.stream().flatMap(rule -> rule.tags().stream()).collect(Collectors.toUnmodifiableSet());
    }

    private static final class Bundled {
        static final CrawlerList LIST = read();
    }

    private static CrawlerList read() {
        try (InputStream version = open("VERSION");
                InputStream json = open("crawler-user-agents.json")) {
            return new CrawlerList(
                    new String(version.readAllBytes(), StandardCharsets.UTF_8).strip(), new Reading().rules(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        InputStream in = CrawlerList.class.getResourceAsStream(DIRECTORY + name);
        if (in == null) {
            throw new IllegalStateException("attribution-screening lacks its resource " + DIRECTORY + name);
        }
        return in;
    }

    /** One pass over the file. Not thread-safe. */
    private static final class Reading {
        private final Map<String, Integer> names = new HashMap<>();

        List<CrawlerRule> rules(InputStream in) {
            List<CrawlerRule> rules = new ArrayList<>();
            rules.add(TIKTOK_PRELOADER);
            try (JsonParser json = JsonFactory.builder().build().createParser(ObjectReadContext.empty(), in)) {
                json.nextToken();
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    rules.add(rule(json));
                }
            }
            return rules;
        }

        private CrawlerRule rule(JsonParser json) {
            String pattern = "";
            Set<String> tags = new LinkedHashSet<>();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("pattern")) {
                    pattern = json.getString();
                } else if (name.equals("tags")) {
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        tags.add(json.getString());
                    }
                } else {
                    json.skipChildren();
                }
            }
            String name = CrawlerRule.name(pattern);
            int number = names.merge(name, 1, Integer::sum);
            return CrawlerRule.of(
                    pattern, tags, number == 1 ? name : name + "-" + number, CrawlerRule.saysThatItIsAProgram(pattern));
        }
    }
}
