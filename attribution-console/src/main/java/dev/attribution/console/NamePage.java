package dev.attribution.console;

import dev.attribution.console.view.Listing;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * A page of a list that is ordered by names: it begins after the last name of the page before, so that a new name shifts no page.
 *
 * @param rows the rows of the page
 * @param next the last name of the page; empty on the last page
 * @param <V> what a row has in addition to its name
 */
record NamePage<V>(List<Map.Entry<String, V>> rows, String next) {
    private static final int ROWS = 50;

    /** {@return the page that the address asks for} */
    static <V> NamePage<V> of(Exchange exchange, NavigableMap<String, V> all) {
        String after = exchange.query().text("after");
        NavigableMap<String, V> rest = after.isEmpty() ? all : all.tailMap(after, false);
        List<Map.Entry<String, V>> rows = rest.entrySet().stream().limit(ROWS).toList();
        return new NamePage<>(
                rows, rest.size() > rows.size() ? rows.get(rows.size() - 1).getKey() : "");
    }

    /** {@return the page as a list that has no filter} */
    Listing listing(Exchange exchange, String path) {
        return new Listing(
                path,
                Map.of(),
                exchange.query().isSet("after"),
                next,
                ReportPages.lag(exchange.attribution().reports()),
                exchange.settings().maxCsvRows());
    }
}
