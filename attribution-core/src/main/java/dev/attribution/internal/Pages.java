package dev.attribution.internal;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a list in pages. Each page begins after the last row of the previous page. */
public final class Pages {
    /** Reads one page. */
    @FunctionalInterface
    public interface PageQuery<T, C> {
        List<T> read(@Nullable C after, int limit);
    }

    private Pages() {}

    /** Passes on every row, page by page; holds one page at a time. */
    public static <T, C> void forEach(
            PageQuery<T, C> query, Function<T, C> cursorOf, int pageSize, Consumer<? super T> row) {
        C after = null;
        List<T> page;
        do {
            page = query.read(after, pageSize);
            page.forEach(row);
            if (!page.isEmpty()) {
                after = cursorOf.apply(page.get(page.size() - 1));
            }
        } while (page.size() == pageSize);
    }
}
