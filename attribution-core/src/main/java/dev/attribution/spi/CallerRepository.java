package dev.attribution.spi;

import dev.attribution.postback.Caller;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The callers of an application, by their names. It is asked for each request that names a caller and for each postback that is
 * replayed, so a change takes effect immediately. Implementations are thread-safe.
 */
@FunctionalInterface
public interface CallerRepository {
    /**
     * Finds a caller.
     *
     * @param name its name, compared exactly; never that of {@link Caller#standard()}
     * @return the caller of this name, or empty if there is none
     */
    Optional<Caller> find(String name);

    /**
     * Returns a repository of fixed callers.
     *
     * @param callers the callers
     * @return the repository
     * @throws IllegalArgumentException if two callers have one name
     */
    static CallerRepository of(Caller... callers) {
        Map<String, Caller> byName = new HashMap<>();
        for (Caller caller : callers) {
            if (byName.put(caller.name(), caller) != null) {
                throw new IllegalArgumentException("Two callers have the name '" + caller.name() + "'");
            }
        }
        Map<String, Caller> copy = Map.copyOf(byName);
        return name -> Optional.ofNullable(copy.get(name));
    }
}
