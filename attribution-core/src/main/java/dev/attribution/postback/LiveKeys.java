package dev.attribution.postback;

import dev.attribution.KeyUnavailableException;
import dev.attribution.internal.WellFormed;
import dev.attribution.postback.RequestParameters.RequestParameter;
import dev.attribution.postback.SignedText.CheckFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The keys that are valid now: given as values, or asked for at each verification, so that they can be changed while running. */
@FunctionalInterface
interface LiveKeys<K> {
    int MAX_KEYS = 100;

    /**
     * Returns the keys.
     *
     * @return at least one
     * @throws CheckFailedException if the request names no known key
     * @throws KeyUnavailableException if the function of the application fails
     */
    List<K> of(PostbackRequest request) throws CheckFailedException;

    static <T, K> LiveKeys<K> ofValues(List<T> values, Function<T, K> toKey) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("Give at least one key");
        }
        List<K> keys = values.stream().map(toKey).toList();
        return request -> keys;
    }

    static <T, K> LiveKeys<K> ofSupplier(Supplier<? extends List<T>> supplier, Function<T, K> toKey) {
        Objects.requireNonNull(supplier, "keys");
        return request -> {
            List<K> keys = called(supplier, toKey);
            if (keys.isEmpty()) {
                throw new KeyUnavailableException(
                        "The function for the keys of a caller returned none. Return the keys that are valid now; a caller whose"
                                + " calls are no longer wanted is removed from the offers instead.",
                        null);
            }
            return keys;
        };
    }

    static <T, K> LiveKeys<K> ofId(
            String parameter, Function<String, ? extends @Nullable List<T>> function, Function<T, K> toKey) {
        if (WellFormed.isBlank(parameter)) {
            throw new IllegalArgumentException("The parameter of the key id needs a name, such as key_id");
        }
        Objects.requireNonNull(function, "keys");
        return request -> {
            List<RequestParameter> given = request.parameters().named(parameter);
            if (given.size() != 1) {
                throw new CheckFailedException(given.isEmpty() ? "key-id-absent" : "key-id-twice");
            }
            List<K> keys = called(() -> function.apply(given.get(0).value()), toKey);
            if (keys.isEmpty()) {
                throw new CheckFailedException("key-id");
            }
            return keys;
        };
    }

    private static <T, K> List<K> called(Supplier<? extends @Nullable List<T>> supplier, Function<T, K> toKey) {
        try {
            List<T> values = supplier.get();
            List<K> keys = new ArrayList<>();
            if (values != null) {
                for (T value : values) {
                    keys.add(toKey.apply(Objects.requireNonNull(value, "key")));
                }
            }
            if (keys.size() > MAX_KEYS) {
                throw new IllegalArgumentException("more than " + MAX_KEYS + " keys at the same time");
            }
            return keys;
        } catch (KeyUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new KeyUnavailableException(
                    "The function for the keys of a caller failed: nothing was decided. Answer with a 503 status, so that the"
                            + " caller repeats the postback.",
                    e);
        }
    }
}
