package dev.attribution.examples.benchmarks.store;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** The postbacks that arrive: of 100, 85 name a stored click for the first time, 10 repeat one of the
 * last, 5 name none. Thread-safe. */
final class Traffic {
    private static final int RECENTLY = 10_000;

    private final int clicks;
    private final int stride;
    private final AtomicInteger next = new AtomicInteger();

    /**
     * Creates traffic.
     *
     * @param clicks how many clicks may be named
     * @param stored among how many they are spread
     */
    Traffic(int clicks, int stored) {
        this.clicks = clicks;
        this.stride = stored / clicks;
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

    private UUID id(int number) {
        return Stored.id((long) number * stride);
    }

    static String query(UUID clickId) {
        return "gk_click_id=" + clickId + "&event_id=win_10_games";
    }
}
