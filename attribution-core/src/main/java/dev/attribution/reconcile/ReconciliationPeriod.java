package dev.attribution.reconcile;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * Whole days in some zone.
 *
 * <p>Immutable and thread-safe.
 *
 * @param first the first day
 * @param last the last day, inclusive
 * @param zone the zone whose midnights separate the days
 */
public record ReconciliationPeriod(LocalDate first, LocalDate last, ZoneId zone) {
    /**
     * Creates a period.
     *
     * @throws IllegalArgumentException if the last day is before the first, or if a day is outside the years 1 to 9999
     */
    public ReconciliationPeriod {
        if (last.isBefore(first)) {
            throw new IllegalArgumentException("A period cannot end (" + last + ") before it begins (" + first + ")");
        }
        if (first.getYear() < 1 || last.getYear() > 9999) {
            throw new IllegalArgumentException("A period lies in the years 1 to 9999");
        }
    }

    /** {@return the first instant of the period} */
    public Instant from() {
        return first.atStartOfDay(zone).toInstant();
    }

    /** {@return the exclusive end of the period} */
    public Instant until() {
        return last.plusDays(1).atStartOfDay(zone).toInstant();
    }

    boolean isWithin(Instant time, Duration margin) {
        return !time.isBefore(from().minus(margin)) && time.isBefore(until().plus(margin));
    }

    LocalDate dayOf(Instant time) {
        try {
            return LocalDate.ofInstant(time, zone);
        } catch (DateTimeException e) {
            return first; // outside the range of a calendar
        }
    }
}
