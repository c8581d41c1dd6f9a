package dev.attribution.examples.benchmarks.measure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the planner of a database knows about the tables that a contestant works on. It stays so for a whole turn. */
public enum Statistics {
    /** The statistics of a table with rows like those to come. */
    FRESH("fresh statistics"),
    /** None: the table was never analyzed, as on the first day. */
    NONE("no statistics"),
    /** Those of the table when it was empty. */
    EMPTY("statistics of empty tables");

    private final String title;

    Statistics(String title) {
        this.title = title;
    }

    /**
     * Returns what tables and charts call these statistics.
     *
     * @return the title
     */
    public String title() {
        return title;
    }

    /**
     * Reads an option.
     *
     * @param option {@code fresh}, {@code none} or {@code empty}, several of them with commas between, or {@code all}
     * @return the statistics, in the order of this enum
     * @throws IllegalArgumentException if the option is something else
     */
    static List<Statistics> parse(String option) {
        if (option.equals("all")) {
            return List.of(values());
        }
        List<String> names = List.of(option.toUpperCase(Locale.ROOT).split(",", -1));
        List<Statistics> asked = Arrays.stream(values())
                .filter(one -> names.contains(one.name()))
                .toList();
        if (asked.size() != names.size()) {
            throw new IllegalArgumentException("Not statistics=fresh, none, empty or all: " + option);
        }
        return asked;
    }
}
