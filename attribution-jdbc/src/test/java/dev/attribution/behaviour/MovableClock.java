package dev.attribution.behaviour;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands until it is moved. */
final class MovableClock implements InstantSource {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00.123456Z"));

    @Override
    public Instant instant() {
        return now.get();
    }

    void moveBy(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    void moveTo(Instant instant) {
        now.set(instant);
    }
}
