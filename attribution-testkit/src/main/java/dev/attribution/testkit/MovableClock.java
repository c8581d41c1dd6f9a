package dev.attribution.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands until it is moved. Thread-safe. */
public final class MovableClock implements InstantSource {
    private final AtomicReference<Instant> now;

    private MovableClock(Instant start) {
        now = new AtomicReference<>(Objects.requireNonNull(start, "start"));
    }

    /**
     * Creates a clock.
     *
     * @param start the time it shows until it is moved
     * @return a new clock
     */
    public static MovableClock at(Instant start) {
        return new MovableClock(start);
    }

    @Override
    public Instant instant() {
        return Objects.requireNonNull(now.get());
    }

    /**
     * Moves the clock.
     *
     * @param duration how far, backwards if negative
     */
    public void moveBy(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    /**
     * Sets the clock.
     *
     * @param instant the time it shows from now on
     */
    public void moveTo(Instant instant) {
        now.set(Objects.requireNonNull(instant, "instant"));
    }
}
