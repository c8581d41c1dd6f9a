package dev.attribution.spring.watch;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The values of a tag: the first hundred, and one for all others. */
final class BoundedValues {
    static final String OTHER = "other";
    private static final int MAX = 100;

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    String of(String value) {
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
