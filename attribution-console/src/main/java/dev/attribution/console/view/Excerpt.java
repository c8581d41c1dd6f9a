package dev.attribution.console.view;

import java.util.List;

/**
 * The first rows of a list that may be too long for a page.
 *
 * @param rows the first rows
 * @param more how many rows the list has after them
 * @param <T> the type of a row
 */
public record Excerpt<T>(List<T> rows, long more) {
    /** Creates an excerpt. */
    public Excerpt {
        rows = List.copyOf(rows);
    }

    /** {@return the first rows of a list, at most as many as a number says} */
    public static <T> Excerpt<T> of(List<T> list, int most) {
        int size = Math.min(list.size(), most);
        return new Excerpt<>(list.subList(0, size), list.size() - size);
    }

    /** {@return whether the list is empty} */
    public boolean isEmpty() {
        return rows.isEmpty();
    }
}
