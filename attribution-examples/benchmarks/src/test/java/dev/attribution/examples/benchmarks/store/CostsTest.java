package dev.attribution.examples.benchmarks.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.examples.benchmarks.store.Counted.Count;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Counts what a call costs, and fails when a count is more than 5 % above the one in {@code costs.md}: {@code -Dwrite.costs=true}
 * writes that page.
 */
class CostsTest {
    private static final Path PAGE = Path.of("costs.md");
    private static final double MOST = 1.05;

    private static final String INTRODUCTION = """
            # What a call costs

            Counts per call that do not depend on the load of the machine. `mvn verify` counts them again and fails when one is more than
            5 % above this page. A change that needs more, or less, writes the page again, and its commit says why:

            ```sh
            mvn -Dfast -pl attribution-examples/benchmarks -am test -Dtest=CostsTest -Dsurefire.failIfNoSpecifiedTests=false -Dwrite.costs=true
            ```

            One thread makes the same calls in each round, on empty tables; the median of three rounds counts. A *round trip* is a
            read from the server after something was sent. *Statements* include commits that are sent. *Log bytes* are the growth of
            PostgreSQL's write-ahead log, without images of full pages. *Allocated bytes* are those of the calling thread, without the
            optimizations of the second compiler (`-XX:TieredStopAtLevel=1`), so they depend on the code alone; on Java 25 they are up to a
            sixth fewer than on Java 17, with which this page is written. H2 runs in the calling thread, so no bytes are counted there. In
            a batch or a list, a row is for one of the 64 calls.

            """;

    private static Map<String, Map<Count, Double>> counted = Map.of();

    @BeforeAll
    static void count() throws Exception {
        counted = new LinkedHashMap<>();
        add("in memory", Counted.of(null));
        for (Server server : List.of(Server.H2, Server.MARIADB, Server.POSTGRESQL)) {
            add(server.title(), Counted.of(server));
        }
    }

    private static void add(String store, Map<String, Map<Count, Double>> calls) {
        calls.forEach((call, counts) -> counted.put(store + " | " + call, counts));
    }

    @Test
    void noCountHasGrown() throws Exception {
        if (Boolean.getBoolean("write.costs")) {
            assertThat(Runtime.version().feature())
                    .as("newer versions of Java allocate less: write costs.md with the oldest")
                    .isEqualTo(17);
            Files.writeString(PAGE, page());
        }
        Map<String, Map<Count, Double>> known = read(Files.readString(PAGE));

        assertThat(known)
                .as("the calls in costs.md: write it again with -Dwrite.costs=true")
                .containsOnlyKeys(counted.keySet());
        assertThat(grown(known))
                .as(
                        "counts that are more than 5 % above costs.md: find out why, or write it again with -Dwrite.costs=true")
                .isEmpty();
    }

    @Test
    void aCountThatGrowsByMoreThanFivePercentIsFound() {
        Map<String, Map<Count, Double>> lower = new LinkedHashMap<>();
        counted.forEach((call, counts) -> {
            Map<Count, Double> reduced = new EnumMap<>(counts);
            reduced.replaceAll((count, value) -> value / 1.06);
            lower.put(call, reduced);
        });

        assertThat(grown(lower))
                .hasSize(counted.values().stream().mapToInt(Map::size).sum());
        assertThat(grown(counted)).isEmpty();
    }

    @Test
    void thePageKeepsWhatWasCounted() {
        Map<String, Map<Count, Double>> read = read(page());

        assertThat(read).containsOnlyKeys(counted.keySet());
        assertThat(grown(read)).isEmpty();
    }

    private static List<String> grown(Map<String, Map<Count, Double>> known) {
        List<String> grown = new ArrayList<>();
        counted.forEach((call, counts) -> counts.forEach((count, value) -> {
            double before = known.getOrDefault(call, Map.of()).getOrDefault(count, 0.0);
            if (!(value <= before * MOST)) {
                grown.add(
                        call + ": " + count.heading() + " " + format(count, value) + ", not " + format(count, before));
            }
        }));
        return grown;
    }

    private static String page() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        line(
                page,
                Stream.concat(
                        Stream.of("store", "call"), Stream.of(Count.values()).map(Count::heading)));
        line(
                page,
                Stream.concat(Stream.of(":--", ":--"), Stream.of(Count.values()).map(count -> "--:")));
        counted.forEach((call, counts) -> line(
                page,
                Stream.concat(
                        Stream.of(call),
                        Stream.of(Count.values())
                                .map(count -> counts.containsKey(count) ? format(count, counts.get(count)) : "–"))));
        return page.toString();
    }

    private static void line(StringBuilder page, Stream<String> cells) {
        page.append(cells.collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    private static String format(Count count, double value) {
        return String.format(Locale.ROOT, count.format(), value);
    }

    private static Map<String, Map<Count, Double>> read(String page) {
        Map<String, Map<Count, Double>> read = new LinkedHashMap<>();
        page.lines().filter(line -> line.startsWith("| ")).skip(2).forEach(line -> {
            String[] cells = line.substring(2, line.length() - 2).split(" \\| ", -1);
            Map<Count, Double> counts = new EnumMap<>(Count.class);
            int column = 2;
            for (Count count : Count.values()) {
                String cell = cells[column++];
                if (!cell.equals("–")) {
                    counts.put(count, Double.valueOf(cell));
                }
            }
            read.put(cells[0] + " | " + cells[1], counts);
        });
        return read;
    }
}
