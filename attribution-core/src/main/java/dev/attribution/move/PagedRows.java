package dev.attribution.move;

import dev.attribution.internal.Pages.PageQuery;
import dev.attribution.report.Cursor;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of a report, which are read page by page. Not thread-safe. */
final class PagedRows<T> implements Iterator<T> {
    private final PageQuery<T, Cursor> query;
    private final Function<T, Cursor> cursorOf;
    private final int pageSize;
    private List<T> page = List.of();
    private int next;
    private boolean isLast;

    PagedRows(PageQuery<T, Cursor> query, Function<T, Cursor> cursorOf, int pageSize) {
        this.query = query;
        this.cursorOf = cursorOf;
        this.pageSize = pageSize;
    }

    @Override
    public boolean hasNext() {
        if (next == page.size() && !isLast) {
            @Nullable Cursor after = page.isEmpty() ? null : cursorOf.apply(page.get(page.size() - 1));
            page = query.read(after, pageSize);
            next = 0;
            isLast = page.size() < pageSize;
        }
        return next < page.size();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.get(next++);
    }
}
