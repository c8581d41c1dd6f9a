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
 * @param last the last day, itself included
 * @param zone the zone whose midnights part the days
 */
public record ReconciliationPeriod(LocalDate first, LocalDate last, ZoneId zone) {
    /**
     * Creates a period.
     *
     * @throws IllegalArgumentException if the last day is before the first, or if a day is out of the years 1 to 9999
     */
    public ReconciliationPeriod {
        if (last.isBefore(first)) {
            throw new IllegalArgumentException("A period cannot end (" + last + ") before it begins (" + first + ")");
        }
        if (first.getYear() < 1 || last.getYear() > 9999) {
            throw new IllegalArgumentException("A period lies in the years 1 to 9999");
        }
    }

    /**
     * Returns the first instant.
     *
     * @return an instant, itself included
     */
    public Instant from() {
        return first.atStartOfDay(zone).toInstant();
    }

    /**
     * Returns the end.
     *
     * @return an instant, itself not included
     */
    public Instant until() {
        return last.plusDays(1).atStartOfDay(zone).toInstant();
    }

    boolean holds(Instant time) {
        return isWithin(time, Duration.ZERO);
    }

    boolean isWithin(Instant time, Duration margin) {
        return !time.isBefore(from().minus(margin)) && time.isBefore(until().plus(margin));
    }

    LocalDate dayOf(Instant time) {
        try {
            return LocalDate.ofInstant(time, zone);
        } catch (DateTimeException e) {
            return first; // no calendar goes that far
        }
    }
}
