package dev.attribution.jdbc;

import java.util.function.Function;

/**
 * An interrupt that is held back while a thread does I/O, and handed on after it. A thread that is interrupted in the
 * middle of it closes an H2 database for everyone.
 */
final class DeferredInterrupt {
    private boolean interrupted;

    private DeferredInterrupt() {}

    /** Does I/O. It may {@link #hold} back what comes in the middle, where it goes on nevertheless. */
    static <T> T during(Function<DeferredInterrupt, T> io) {
        DeferredInterrupt interrupt = new DeferredInterrupt();
        interrupt.hold();
        try {
            return io.apply(interrupt);
        } finally {
            if (interrupt.interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void hold() {
        interrupted |= Thread.interrupted();
    }
}
