package dev.attribution.console.view;

import java.util.Optional;

/**
 * A part of a page that is computed, or that could not be: the page then says so, so that nobody reads it as "nothing found".
 *
 * @param value the value, or empty if it could not be computed
 * @param problem why it could not, or empty
 * @param <T> the type of the value
 */
public record Computed<T>(Optional<T> value, Optional<String> problem) {
    /** {@return a value} */
    public static <T> Computed<T> of(T value) {
        return new Computed<>(Optional.of(value), Optional.empty());
    }

    /** {@return a failure} */
    public static <T> Computed<T> failed(String problem) {
        return new Computed<>(Optional.empty(), Optional.of(problem));
    }
}
