package dev.attribution.engine;

import dev.attribution.click.ClickIdGenerator;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Mints the ids of attempts and conversions: version 7 UUIDs whose upper bits count on from the time (RFC 9562, section
 * 6.2, method 3), so that what happened on one clock tick still sorts as it happened. Unlike a click id they are shown to
 * operators only and may be guessed in their order, not in their 62 random bits.
 */
public final class AttemptIds {
    private final ClickIdGenerator random = ClickIdGenerator.random();
    private final AtomicLong last = new AtomicLong();

    public UUID next(Instant now) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
        long tick = Math.floorDiv(micros, 1_000L) << 12 | Math.floorMod(micros, 1_000L) * 4_096 / 1_000;
        long mine = last.accumulateAndGet(tick, (before, wanted) -> Math.max(before + 1, wanted));
        return new UUID(
                (mine >>> 12) << 16 | 0x7000L | (mine & 0xfffL),
                random.next().uuid().getLeastSignificantBits());
    }
}
