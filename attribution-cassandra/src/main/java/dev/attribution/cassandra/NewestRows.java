package dev.attribution.cassandra;

import dev.attribution.report.Cursor;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The newest of the rows that were added, each once: a read that is repeated adds its rows again. Thread-safe.
 *
 * @param <T> the type of the rows
 */
final class NewestRows<T> {
    private final Function<T, Cursor> placeOf;
    private final int limit;
    private final NavigableMap<Cursor, T> rows = new TreeMap<>(Cursor.NEWEST_FIRST);
    private final Lock lock = new ReentrantLock();

    NewestRows(Function<T, Cursor> placeOf, int limit) {
        this.placeOf = placeOf;
        this.limit = limit;
    }

    void add(T row) {
        lock.lock();
        try {
            rows.put(placeOf.apply(row), row);
            if (rows.size() > limit) {
                rows.pollLastEntry();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns the rows, newest first. */
    List<T> list() {
        lock.lock();
        try {
            return List.copyOf(rows.values());
        } finally {
            lock.unlock();
        }
    }
}
