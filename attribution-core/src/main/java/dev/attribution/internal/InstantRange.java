package dev.attribution.internal;

import java.time.Instant;

/** The instants that every database can hold: the years 1 to 9999, in microseconds. */
public final class InstantRange {
    /** The earliest instant. */
    public static final Instant MIN = Instant.parse("0001-01-01T00:00:00Z");

    /** The latest instant. */
    public static final Instant MAX = Instant.parse("9999-12-31T23:59:59.999999Z");

    private InstantRange() {}

    /** {@return whether an instant is in the range} */
    public static boolean contains(Instant instant) {
        return !instant.isBefore(MIN) && !instant.isAfter(MAX);
    }
}
