package dev.attribution.examples.benchmarks.reconcile;

import dev.attribution.click.ClickId;
import dev.attribution.reconcile.ReconciliationPeriod;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/** What happens to the conversions of 28 days, by their numbers: one in a hundred of each trouble, and the rest agrees. */
final class Sides {
    static final ReconciliationPeriod PERIOD =
            new ReconciliationPeriod(LocalDate.of(2026, 2, 1), LocalDate.of(2026, 2, 28), ZoneOffset.UTC);

    private Sides() {}

    static boolean isNotReported(long i) {
        return i % 100 == 0;
    }

    static boolean hasNoPostback(long i) {
        return i % 200 == 1;
    }

    static boolean isRefused(long i) {
        return i % 200 == 101;
    }

    static boolean differs(long i) {
        return i % 100 == 2;
    }

    static boolean isTheirs(long i) {
        return !isNotReported(i);
    }

    static boolean isOurs(long i) {
        return !hasNoPostback(i) && !isRefused(i);
    }

    static long count(int rows, LongPredicate some) {
        return LongStream.range(0, rows).filter(some).count();
    }

    static Instant time(long i, int rows) {
        long micros = Duration.between(PERIOD.from(), PERIOD.until()).toNanos() / 1_000;
        return PERIOD.from().plusNanos(micros / rows * i * 1_000);
    }

    /** Returns a version 4 UUID that {@link #number} leads back. */
    static ClickId clickId(long i) {
        long random = (i + 1) * 0x9E3779B97F4A7C15L;
        return ClickId.of(new UUID(((random ^ (random >>> 31)) & ~0xf000L) | 0x4000L, 0x8000000000000000L | i));
    }

    static long number(ClickId clickId) {
        return clickId.uuid().getLeastSignificantBits() & 0xffffffffffL;
    }
}
