package dev.attribution.spring.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The values of a tag: the first hundred, and one for all others. */
public final class BoundedValues {
    /** The one value for all that are not among the first hundred. */
    public static final String OTHER = "other";

    private static final int MAX = 100;

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    /**
     * Returns the value to show.
     *
     * @param value a value that the application chose
     * @return the same value, or {@value #OTHER}
     */
    public String of(String value) {
        if (known.contains(value)) {
            return value;
        }
        if (known.size() >= MAX) {
            return OTHER;
        }
        known.add(value); // threads that race add a few more
        return value;
    }
}
