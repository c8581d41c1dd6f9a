package dev.attribution.screening;

import dev.attribution.click.ClickRequest;
import dev.attribution.click.ClickScreen;
import dev.attribution.click.ScreenVerdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A screen that flags the clicks of crawlers, link previews and other programs by their user agent, as the list
 * {@code crawler-user-agents} names them. Add it to the default screen, which knows the headers:
 *
 * <pre>{@code
 * Attribution attribution = Attribution.builder(store)
 *         .screen(ClickScreen.standard().then(CrawlerScreen.create()))
 *         .build();
 * }</pre>
 *
 * <p>The name of the rule is {@code crawler.} and the name of the crawler, or {@code preload.tiktok} for the requests by which
 * TikTok loads pages in advance.
 *
 * <p>The in-app browser of a person counts, whatever the list says: see {@link #judge}.
 *
 * <p>Immutable and thread-safe. Its time is linear in the length of the user agent.
 */
public final class CrawlerScreen implements ClickScreen {
    private final RuleIndex rules;
    private final List<String> counting;

    private CrawlerScreen(Builder builder) {
        this.rules = new RuleIndex(CrawlerList.bundled().rules().stream()
                .filter(rule -> rule.tags().isEmpty() || !builder.without.containsAll(rule.tags()))
                .toList());
        this.counting = List.copyOf(builder.counting);
    }

    /** {@return the screen of the whole list} */
    public static CrawlerScreen create() {
        return builder().build();
    }

    /** {@return a builder of a screen} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the version of the list, such as {@code 1.60.0}} */
    public static String listVersion() {
        return CrawlerList.bundled().version();
    }

    /** {@return the tags of the list, each of which {@link Builder#without} can leave out} */
    public static Set<String> tags() {
        return CrawlerList.bundled().tags();
    }

    /**
     * Judges by the user agent: the header, or that of the context if there is no header. A request without one counts.
     *
     * <p>Browsers of people count although a rule of the list meets their user agent, unless the rule has a name such as
     * {@code …bot}, or the user agent says {@code compatible;} or has an address of its sender:
     *
     * <ul>
     *   <li>the browsers of apps, such as Instagram, Facebook, TikTok, Pinterest, LINE and Google's on Pixel phones,
     *   <li>phones whose model or build has the name of a rule.
     * </ul>
     */
    @Override
    public ScreenVerdict judge(ClickRequest request) {
        Optional<String> agent = request.userAgent();
        CrawlerRule rule = agent.isEmpty() ? null : rules.first(agent.get());
        return rule == null || counting.stream().anyMatch(agent.get()::contains)
                ? ScreenVerdict.counts()
                : rule.verdict();
    }

    /** Builds a {@link CrawlerScreen}. Not thread-safe. */
    public static final class Builder {
        private final Set<String> without = new HashSet<>();
        private final List<String> counting = new ArrayList<>();

        private Builder() {}

        /**
         * Leaves out rules by their tag, such as {@code http-library} if an app of yours calls the click URL itself. A rule with
         * several tags is left out if each of them is.
         *
         * @param tags tags of the list; see {@link CrawlerScreen#tags()}
         * @return this builder
         * @throws IllegalArgumentException if the list has no such tag
         */
        public Builder without(String... tags) {
            for (String tag : tags) {
                if (!tags().contains(tag)) {
                    throw new IllegalArgumentException("The list has no such tag; its tags are "
                            + tags().stream().sorted().toList());
                }
                without.add(tag);
            }
            return this;
        }

        /**
         * Lets user agents count that contain a text, such as the name of an app of yours.
         *
         * @param texts the texts, of at least three characters, compared exactly
         * @return this builder
         * @throws IllegalArgumentException if a text is shorter
         */
        public Builder counting(String... texts) {
            for (String text : texts) {
                if (text.strip().length() < 3) {
                    throw new IllegalArgumentException("A text that counts has at least three characters");
                }
                counting.add(text);
            }
            return this;
        }

        /** {@return a new screen} */
        public CrawlerScreen build() {
            return new CrawlerScreen(this);
        }
    }
}
