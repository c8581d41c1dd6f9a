package dev.attribution.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until a test moves it. Thread-safe. */
public final class MovableClock implements InstantSource {
    private final AtomicReference<Instant> now;

    private MovableClock(Instant start) {
        now = new AtomicReference<>(Objects.requireNonNull(start, "start"));
    }

    /**
     * Creates a clock.
     *
     * @param start the initial time
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
     * @param duration the distance; a negative duration moves the clock back
     */
    public void moveBy(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    /**
     * Sets the clock.
     *
     * @param instant the new time
     */
    public void moveTo(Instant instant) {
        now.set(Objects.requireNonNull(instant, "instant"));
    }
}
