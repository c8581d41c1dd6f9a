package dev.attribution.move;

import dev.attribution.report.ReportFilter;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The times of the clicks and history entries that a copy or a comparison reads: the time of a click, and the time of receipt of an
 * entry. A replay has the time of the original, and an import the time of the conversion.
 *
 * <p>Immutable and thread-safe.
 *
 * @param start the inclusive lower bound, or empty
 * @param end the exclusive upper bound, or empty
 */
public record MoveRange(Optional<Instant> start, Optional<Instant> end) {
    private static final MoveRange ALL = new MoveRange(Optional.empty(), Optional.empty());

    /** Creates a range. */
    public MoveRange {
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(end, "end");
    }

    /** {@return the range that includes every time} */
    public static MoveRange all() {
        return ALL;
    }

    /**
     * Returns this range with another lower bound.
     *
     * @param start the first instant of the range
     * @return a new range
     */
    public MoveRange from(Instant start) {
        return new MoveRange(Optional.of(start), end);
    }

    /**
     * Returns this range with another upper bound.
     *
     * @param end the first instant after the range
     * @return a new range
     */
    public MoveRange until(Instant end) {
        return new MoveRange(start, Optional.of(end));
    }

    ReportFilter filter() {
        ReportFilter.Builder filter = ReportFilter.builder();
        start.ifPresent(filter::from);
        end.ifPresent(filter::until);
        return filter.build();
    }
}
