package dev.attribution.examples.benchmarks.load;

import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/** Virtual threads, by reflection: this compiles on Java 17, which has none. */
final class VirtualThreads {
    private VirtualThreads() {}

    static Optional<ThreadFactory> factory() {
        if (Runtime.version().feature() < 21) {
            return Optional.empty();
        }
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            return Optional.of((ThreadFactory) type.getMethod("factory").invoke(builder));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This Java has no virtual threads as Java 21 has them", e);
        }
    }
}
