package dev.attribution.click;

import java.time.InstantSource;

/**
 * A source of click ids. Implementations are thread-safe and never return the same id twice.
 *
 * <p>The generators here make unguessable ids: 74 or 122 bits from a cryptographically strong source, and no counter
 * from which a neighbor could be guessed. The ids say nothing about the member. A test may pass a lambda.
 */
@FunctionalInterface
public interface ClickIdGenerator {
    /**
     * Creates an id.
     *
     * @return an id that was never returned before
     */
    ClickId next();

    /**
     * Returns a generator of version 7 UUIDs (RFC 9562, section 5.7), ordered by the millisecond and random within it.
     * Ids of one time are adjacent in a store's index, which makes them cheaper to insert than random ones.
     *
     * @return a new generator that uses the system's clock
     */
    static ClickIdGenerator timeOrdered() {
        return timeOrdered(InstantSource.system());
    }

    /**
     * Returns a generator of version 7 UUIDs (RFC 9562, section 5.7) that uses the given clock.
     *
     * @param clock provides the milliseconds; each id contains their lower 48 bits
     * @return a new generator
     */
    static ClickIdGenerator timeOrdered(InstantSource clock) {
        return RandomBits.timeOrdered(clock);
    }

    /**
     * Returns a generator of version 4 UUIDs (RFC 9562, section 5.4), which do not reveal when they were created.
     *
     * @return a new generator
     */
    static ClickIdGenerator random() {
        return RandomBits.random();
    }
}
