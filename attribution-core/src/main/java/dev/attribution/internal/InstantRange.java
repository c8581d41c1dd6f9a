package dev.attribution.internal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The instants that every database can hold: the years 1 to 9999, in microseconds. */
public final class InstantRange {
    /** The earliest instant. */
    public static final Instant MIN = Instant.parse("0001-01-01T00:00:00Z");

    /** The latest instant. */
    public static final Instant MAX = Instant.parse("9999-12-31T23:59:59.999999Z");

    private static final Instant END = MAX.plus(1, ChronoUnit.MICROS);

    private InstantRange() {}

    /**
     * Truncates an instant to microseconds, so that every store returns it unchanged.
     *
     * @param what the thing that happened, for the message, such as {@code "a click"}
     * @param instant the instant
     * @return the truncated instant
     * @throws IllegalArgumentException if the instant is out of range
     */
    public static Instant checked(String what, Instant instant) {
        if (!contains(instant)) {
            throw new IllegalArgumentException("The time of " + what + " must be in the years 1 to 9999, but is "
                    + instant + ": databases hold no other");
        }
        return truncated(instant);
    }

    /** {@return an instant truncated to microseconds} */
    @SuppressWarnings("JavaInstantGetSecondsGetNano") // the nanoseconds of the second are all that is needed
    public static Instant truncated(Instant instant) {
        return instant.minusNanos(instant.getNano() % 1_000);
    }

    /** {@return whether an instant is in the range} */
    public static boolean contains(Instant instant) {
        return !instant.isBefore(MIN) && instant.isBefore(END);
    }
}
