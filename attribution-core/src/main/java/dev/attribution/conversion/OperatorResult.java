package dev.attribution.conversion;

import java.util.Objects;

/**
 * What became of a conversion that an operator wanted to change.
 *
 * <p>Immutable and thread-safe.
 *
 * @param isChanged whether the operator changed it; if not, there was nothing to do
 * @param before the conversion as the operator found it
 * @param after the conversion as it is now: {@code before}, if there was nothing to do
 * @param explanation what was done, or why there was nothing to do, as a sentence
 */
public record OperatorResult(boolean isChanged, Conversion before, Conversion after, String explanation) {
    /** Creates a result. */
    public OperatorResult {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        Objects.requireNonNull(explanation, "explanation");
    }
}
