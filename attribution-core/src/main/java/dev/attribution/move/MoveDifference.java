package dev.attribution.move;

import dev.attribution.internal.Printable;
import java.util.Objects;

/**
 * A row that the two stores of a move do not have in the same way.
 *
 * <p>Immutable and thread-safe.
 *
 * @param rowType what the row is
 * @param id the offer id, click id, conversion id, or attempt id of the history entry
 * @param type how the stores differ
 */
public record MoveDifference(RowType rowType, String id, DifferenceType type) {
    /** What a row is. */
    public enum RowType {
        /** An offer, by its id. */
        OFFER,
        /** A click, by its id. */
        CLICK,
        /** A conversion or reservation, by its id. */
        CONVERSION,
        /** A history entry, by its attempt id. */
        ENTRY
    }

    /** How two stores differ about a row. */
    public enum DifferenceType {
        /** Only the source has the row. */
        MISSING_IN_TARGET,
        /** Only the target has the row. */
        MISSING_IN_SOURCE,
        /** Both stores have the row, with different parts. */
        DIFFERENT
    }

    /** Creates a difference. */
    public MoveDifference {
        Objects.requireNonNull(rowType, "rowType");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(type, "type");
    }

    /** {@return a description such as {@code CLICK efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32 MISSING_IN_TARGET}} */
    @Override
    public String toString() {
        return rowType + " " + Printable.escaped(id) + " " + type;
    }
}
