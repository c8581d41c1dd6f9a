package dev.attribution.examples.benchmarks.store;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;

/** The postbacks that arrive: of 100, 85 name a stored click for the first time, 10 repeat one of the
 * last, 5 name none. Thread-safe. */
final class Traffic {
    private static final int RECENTLY = 10_000;

    private final int clicks;
    private final LongUnaryOperator numbers;
    private final boolean isRepeated;
    private final AtomicInteger next = new AtomicInteger();

    private Traffic(int clicks, LongUnaryOperator numbers, boolean isRepeated) {
        this.clicks = clicks;
        this.numbers = numbers;
        this.isRepeated = isRepeated;
    }

    /**
     * Creates traffic.
     *
     * @param clicks how many clicks may be named
     * @param stored among how many they are spread
     */
    static Traffic of(int clicks, int stored) {
        int stride = stored / clicks;
        return new Traffic(clicks, number -> number * stride, false);
    }

    /**
     * Creates traffic.
     *
     * @param clicks how many clicks may be named
     * @param numbers with which numbers they are stored
     */
    static Traffic of(int clicks, LongUnaryOperator numbers) {
        return new Traffic(clicks, numbers, false);
    }

    /** Creates traffic that repeats what was settled before: all of a few clicks. */
    static Traffic repeated(int stored) {
        int clicks = Math.min(10_000, stored);
        int stride = stored / clicks;
        return new Traffic(clicks, number -> number * stride, true);
    }

    /** Whether all clicks are converted before it begins. */
    boolean isRepeated() {
        return isRepeated;
    }

    int clicks() {
        return clicks;
    }

    /** Starts again, with all clicks unconverted. */
    void restart() {
        next.set(0);
    }

    /** The click id that the next postback names; empty if all clicks were named. */
    Optional<UUID> next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (isRepeated) {
            return Optional.of(id(random.nextInt(clicks)));
        }
        int percent = random.nextInt(100);
        if (percent < 5) {
            return Optional.of(Rows.CLICK_IDS.next().uuid());
        }
        int named = Math.min(next.get(), clicks);
        if (percent < 15 && named > 0) {
            return Optional.of(id(random.nextInt(Math.max(0, named - RECENTLY), named)));
        }
        int number = next.getAndIncrement();
        return number < clicks ? Optional.of(id(number)) : Optional.empty();
    }

    /** The next click id that no postback named before. */
    UUID first() {
        return id(next.getAndIncrement() % clicks);
    }

    private UUID id(int number) {
        return Stored.id(numbers.applyAsLong(number));
    }

    static String query(UUID clickId) {
        return "gk_click_id=" + clickId + "&event_id=win_10_games";
    }
}
