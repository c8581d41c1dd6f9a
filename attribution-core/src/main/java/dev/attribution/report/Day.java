package dev.attribution.report;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * A day in some zone, as the time between two instants: 23 or 25 hours where the clocks change.
 *
 * <p>Immutable and thread-safe.
 *
 * @param date its date
 * @param from its first instant
 * @param until the first instant of the next day
 */
public record Day(LocalDate date, Instant from, Instant until) {
    /**
     * Returns a day.
     *
     * @param date its date
     * @param zone the zone whose midnights count
     * @return the day
     */
    public static Day of(LocalDate date, ZoneId zone) {
        return new Day(
                date,
                date.atStartOfDay(zone).toInstant(),
                date.plusDays(1).atStartOfDay(zone).toInstant());
    }
}
