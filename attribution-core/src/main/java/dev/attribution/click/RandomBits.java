package dev.attribution.click;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;

/**
 * Random bits for many threads. Each call takes a {@link Keystream} that no other thread is using and starts its search
 * at a position given by the thread's number, so threads seldom collide. A thread-local would cost each virtual thread
 * a keystream, and would outlive the library in the application's threads.
 */
final class RandomBits {
    private final SecureRandom seeds =
            new SecureRandom(); // not static: a native image must not contain a seed from its build
    private final Keystream[] keystreams;

    private RandomBits() {
        int processors = Runtime.getRuntime().availableProcessors();
        keystreams = new Keystream[4 * Integer.highestOneBit(processors)];
        Arrays.setAll(keystreams, i -> new Keystream(seeds));
    }

    static ClickIdGenerator timeOrdered(InstantSource clock) {
        Objects.requireNonNull(clock, "clock");
        RandomBits bits = new RandomBits();
        return () -> {
            long millis = clock.millis();
            Keystream mine = bits.take();
            try {
                mine.prepare(Short.BYTES + Long.BYTES, millis);
                long high = millis << 16 | 0x7000L | (mine.nextShort() & 0x0fffL);
                return ClickId.of(new UUID(high, variant(mine.nextLong())));
            } finally {
                mine.release();
            }
        };
    }

    static ClickIdGenerator random() {
        RandomBits bits = new RandomBits();
        InstantSource clock = InstantSource.system();
        return () -> {
            Keystream mine = bits.take();
            try {
                mine.prepare(2 * Long.BYTES, clock.millis());
                long high = (mine.nextLong() & ~0xf000L) | 0x4000L;
                return ClickId.of(new UUID(high, variant(mine.nextLong())));
            } finally {
                mine.release();
            }
        };
    }

    private static long variant(long random) {
        return (random & 0x3fffffffffffffffL) | 0x8000000000000000L;
    }

    private Keystream take() {
        int last = keystreams.length - 1;
        int first = (int) Thread.currentThread().getId();
        for (int i = 0; i <= last; i++) {
            Keystream keystream = keystreams[first + i & last];
            if (keystream.tryTake()) {
                return keystream;
            }
        }
        return new Keystream(seeds); // all are held by threads that are not running
    }
}
