package dev.attribution.internal;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** Numbers by the constants of an enum. */
public final class Counts {
    private Counts() {}

    /** {@return an unmodifiable copy in the order of the constants} */
    public static <E extends Enum<E>> Map<E, Long> copyOf(Class<E> constants, Map<E, Long> counts) {
        Map<E, Long> copy = new EnumMap<>(constants);
        copy.putAll(counts);
        return Collections.unmodifiableMap(copy);
    }
}
