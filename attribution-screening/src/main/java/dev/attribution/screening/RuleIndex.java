package dev.attribution.screening;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first rule of a list that matches a user agent, without trying each: of every text that a rule requires it knows three
 * characters in a row which are rare in the texts of the others, and looks at the rules whose three characters occur.
 *
 * <p>Immutable and thread-safe.
 */
final class RuleIndex {
    private static final int GRAM = RequiredTexts.MIN_LENGTH;
    private static final int BITS = 15;

    private final CrawlerRule[] rules;
    private final int[] unindexed;
    private final long[] hashes = new long[(1 << BITS) >> 6];
    private final Place[][] places = new Place[1 << BITS][];

    /**
     * A text that a rule requires.
     *
     * @param rule the index of the rule
     * @param offset where the three characters are in the text
     */
    private record Place(int rule, String text, int offset) {}

    RuleIndex(List<CrawlerRule> list) {
        this.rules = list.toArray(CrawlerRule[]::new);
        Map<String, Integer> frequency = frequency(list);
        List<Integer> others = new ArrayList<>();
        for (int rule = 0; rule < rules.length; rule++) {
            if (rules[rule].texts().texts().isEmpty()) {
                others.add(rule);
            }
            for (String text : rules[rule].texts().texts()) {
                add(new Place(rule, text, rarest(text, frequency)));
            }
        }
        this.unindexed = others.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Map<String, Integer> frequency(List<CrawlerRule> list) {
        Map<String, Integer> frequency = new HashMap<>();
        for (CrawlerRule rule : list) {
            for (String text : rule.texts().texts()) {
                for (int i = 0; i + GRAM <= text.length(); i++) {
                    frequency.merge(text.substring(i, i + GRAM), 1, Integer::sum);
                }
            }
        }
        return frequency;
    }

    private static int rarest(String text, Map<String, Integer> frequency) {
        int rarest = 0;
        int fewest = Integer.MAX_VALUE;
        for (int i = 0; i + GRAM <= text.length(); i++) {
            int times = frequency.getOrDefault(text.substring(i, i + GRAM), 0);
            if (times < fewest) {
                fewest = times;
                rarest = i;
            }
        }
        return rarest;
    }

    private void add(Place place) {
        String text = place.text();
        int at = place.offset();
        int hash = hash(text.charAt(at), text.charAt(at + 1), text.charAt(at + 2));
        hashes[hash >> 6] |= 1L << hash;
        Place[] before = places[hash] == null ? new Place[0] : places[hash];
        Place[] after = new Place[before.length + 1];
        System.arraycopy(before, 0, after, 0, before.length);
        after[before.length] = place;
        places[hash] = after;
    }

    private static int hash(char first, char second, char third) {
        return (((first * 31 + second) * 31 + third) * 0x9E3779B1) >>> (Integer.SIZE - BITS);
    }

    /** {@return the first rule of the list that matches, or {@code null}} */
    @Nullable
    CrawlerRule first(String agent) {
        Search search = new Search(agent);
        for (int rule : unindexed) {
            search.tryRegex(rule);
        }
        if (agent.length() >= GRAM) {
            char first = agent.charAt(0);
            char second = agent.charAt(1);
            for (int i = GRAM - 1; i < agent.length(); i++) {
                char third = agent.charAt(i);
                int hash = hash(first, second, third);
                if ((hashes[hash >> 6] & 1L << hash) != 0) {
                    search.tryAll(places[hash], i - (GRAM - 1));
                }
                first = second;
                second = third;
            }
        }
        return search.best < rules.length ? rules[search.best] : null;
    }

    /** One user agent. Not thread-safe. */
    private final class Search {
        private final String agent;
        private int best = rules.length;
        private int personalEnd = -1;
        private @Nullable BitSet tried;

        Search(String agent) {
            this.agent = agent;
        }

        void tryAll(Place[] candidates, int at) {
            for (Place place : candidates) {
                int start = at - place.offset();
                if (place.rule() < best && agent.startsWith(place.text(), start)) {
                    if (rules[place.rule()].regex() != null) {
                        tryRegex(place.rule());
                    } else if (start >= from(place.rule())) {
                        best = place.rule();
                    }
                }
            }
        }

        /** At most once a rule, so that a text which repeats what it requires is not searched again and again. */
        void tryRegex(int rule) {
            if (tried == null) {
                tried = new BitSet(rules.length);
            }
            int from = from(rule);
            Pattern regex = rules[rule].regex();
            if (regex != null && rule < best && !tried.get(rule) && from < agent.length()) {
                tried.set(rule);
                if (regex.matcher(agent).find(from)) {
                    best = rule;
                }
            }
        }

        private int from(int rule) {
            if (rules[rule].isExplicit()) {
                return 0;
            }
            if (personalEnd < 0) {
                personalEnd = PersonalBrowsers.end(agent);
            }
            return personalEnd;
        }
    }
}
