package dev.attribution.conversion;

/**
 * A change of a conversion, as history keeps it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param before the conversion's state before the change
 * @param after its state after the change
 */
public record ConversionChange(ConversionState before, ConversionState after) {
    /**
     * Creates a change.
     *
     * @throws IllegalArgumentException if the change does not lead from one revision to the next
     */
    public ConversionChange {
        if (after.revision() != before.revision() + 1) {
            throw new IllegalArgumentException("A change leads from one revision to the next, not from "
                    + before.revision() + " to " + after.revision());
        }
    }
}
