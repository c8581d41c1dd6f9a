package dev.attribution.console.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A page of a list, with its filter.
 *
 * @param path the path of the list
 * @param values the filter as it stands in the address; absent conditions are empty
 * @param isLater whether this is not the first page
 * @param next the cursor of the next page; empty on the last page
 * @param lag by how much the list may lag, such as {@code 3 s}; empty if it does not
 * @param maxCsvRows how many rows the CSV file has at most
 */
public record Listing(
        String path, Map<String, String> values, boolean isLater, String next, String lag, long maxCsvRows) {
    /** The conditions that a filter can have. */
    public static final List<String> NAMES = List.of(
            "click",
            "offer",
            "member",
            "event",
            "caller",
            "attempt",
            "status",
            "kind",
            "reason",
            "severity",
            "origin",
            "from",
            "to");

    /** {@return the value of a condition} */
    public String value(String name) {
        return values.getOrDefault(name, "");
    }

    /** {@return whether a filter is set} */
    public boolean isFiltered() {
        return values.values().stream().anyMatch(value -> !value.isEmpty());
    }

    /** {@return the address of the list with this filter, after a cursor} */
    public String link(Frame frame, String suffix, String after) {
        List<Object> parameters = new ArrayList<>();
        values.forEach((name, value) -> {
            parameters.add(name);
            parameters.add(value);
        });
        parameters.add("after");
        parameters.add(after);
        return frame.link(path + suffix, parameters.toArray());
    }
}
