package dev.attribution.click;

import java.time.InstantSource;

/**
 * A source of click ids. Implementations are thread-safe and never give the same id twice.
 *
 * <p>The ids of the two generators here are unguessable (74 and 122 bits from a cryptographically strong source, no
 * counter that would make a neighbour guessable) and say nothing about the member. A test may pass a lambda.
 */
@FunctionalInterface
public interface ClickIdGenerator {
    /**
     * Mints an id.
     *
     * @return an id that was never given before
     */
    ClickId next();

    /**
     * Returns a generator of version 7 UUIDs (RFC 9562, section 5.7), ordered by the millisecond and random within it.
     * Neighbours in time are neighbours in a store's index, which makes them the cheaper kind to insert.
     *
     * @return a new generator on the system's clock
     */
    static ClickIdGenerator timeOrdered() {
        return timeOrdered(InstantSource.system());
    }

    /**
     * Returns a generator of version 7 UUIDs (RFC 9562, section 5.7) on the given clock.
     *
     * @param clock gives the milliseconds; the lower 48 bits of them are in each id
     * @return a new generator
     */
    static ClickIdGenerator timeOrdered(InstantSource clock) {
        return RandomBits.timeOrdered(clock);
    }

    /**
     * Returns a generator of version 4 UUIDs (RFC 9562, section 5.4), which do not tell when they were minted.
     *
     * @return a new generator
     */
    static ClickIdGenerator random() {
        return RandomBits.random();
    }
}
