package dev.attribution.spi;

import java.util.Objects;
import java.util.Optional;

/**
 * The answer to a {@link SettleQuery}.
 *
 * <p>Immutable and thread-safe.
 *
 * @param lookUp what was looked up, as it was before anything was appended; empty if the click does not exist
 * @param isAppended whether the settlement that the query's decision returns for this look-up was appended
 */
public record SettleResult(Optional<LookUpResult> lookUp, boolean isAppended) {
    /**
     * Creates a result.
     *
     * @throws IllegalArgumentException if something was appended without a click
     */
    public SettleResult {
        Objects.requireNonNull(lookUp, "lookUp");
        if (isAppended && lookUp.isEmpty()) {
            throw new IllegalArgumentException("A settlement cannot be appended for a click that does not exist");
        }
    }
}
