package dev.attribution.report;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * A day in a zone, as the time between two instants: 23 or 25 hours on a day when the clocks change.
 *
 * <p>Immutable and thread-safe.
 *
 * @param date the date
 * @param from the first instant of the day
 * @param until the first instant of the next day
 */
public record Day(LocalDate date, Instant from, Instant until) {
    /**
     * Returns a day.
     *
     * @param date the date
     * @param zone the zone in which the day begins at midnight
     * @return the day
     */
    public static Day of(LocalDate date, ZoneId zone) {
        return new Day(
                date,
                date.atStartOfDay(zone).toInstant(),
                date.plusDays(1).atStartOfDay(zone).toInstant());
    }
}
