package dev.attribution.cassandra;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets this process do what is about one key one after the other, in the order of arrival. Thread-safe. */
final class Turns {
    private final Map<Object, Line> lines = new ConcurrentHashMap<>();

    /** Those who wait for one key, and the one whose turn it is. The number of them changes under the lock of the map. */
    private static final class Line {
        private final Semaphore first = new Semaphore(1, true);
        private int length;
    }

    /** A place in the line of a key. */
    final class Turn {
        private final Object key;
        private final Line line;
        private boolean isBegun;

        private Turn(Object key, Line line) {
            this.key = key;
            this.line = line;
        }

        /** Waits for this turn, and returns whether it has begun. */
        boolean begin(long nanos) throws InterruptedException {
            isBegun = line.first.tryAcquire(nanos, TimeUnit.NANOSECONDS);
            return isBegun;
        }

        /** Leaves the line, on whatever thread and whether this turn has begun or not. To be called once. */
        void end() {
            if (isBegun) {
                line.first.release();
            }
            lines.computeIfPresent(key, (same, some) -> --some.length == 0 ? null : some);
        }
    }

    /** Takes a place in the line of a key. */
    Turn take(Object key) {
        Line line = lines.compute(key, (same, some) -> {
            Line joined = some == null ? new Line() : some;
            joined.length++;
            return joined;
        });
        return new Turn(key, line);
    }
}
