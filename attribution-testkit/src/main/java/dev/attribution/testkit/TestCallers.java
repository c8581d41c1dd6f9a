package dev.attribution.testkit;

import dev.attribution.postback.Caller;
import dev.attribution.spi.CallerRepository;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The callers of a façade in a test, which describes them when it needs them and may describe one again, such as with another
 * word for a status. Thread-safe.
 */
public final class TestCallers implements CallerRepository {
    private final Map<String, Caller> callers = new ConcurrentHashMap<>();

    private TestCallers() {}

    /**
     * Creates a repository.
     *
     * @return a repository without callers
     */
    public static TestCallers none() {
        return new TestCallers();
    }

    /**
     * Puts callers, from now on. One that has the name of an earlier caller replaces it.
     *
     * @param callers the callers
     */
    public void put(Caller... callers) {
        for (Caller caller : callers) {
            this.callers.put(caller.name(), caller);
        }
    }

    /**
     * Removes a caller: from now on its name is unknown.
     *
     * @param name the name; a name that is not known is ignored
     */
    public void remove(String name) {
        callers.remove(name);
    }

    @Override
    public Optional<Caller> find(String name) {
        return Optional.ofNullable(callers.get(name));
    }
}
