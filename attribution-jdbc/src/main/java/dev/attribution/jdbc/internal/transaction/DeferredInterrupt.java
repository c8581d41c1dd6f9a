package dev.attribution.jdbc.internal.transaction;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Defers an interrupt while a thread does I/O, and restores it afterwards. A thread that is interrupted during I/O closes an
 * H2 database for everyone.
 */
public final class DeferredInterrupt {
    private boolean interrupted;

    private DeferredInterrupt() {}

    /** Does I/O and returns its result. */
    public static <T> T during(Supplier<T> io) {
        return retrying(unused -> io.get());
    }

    /** Does I/O. */
    public static void run(Runnable io) {
        during(() -> {
            io.run();
            return true;
        });
    }

    /** Does I/O with retries. Call {@link #absorb} between them to defer further interrupts. */
    public static <T> T retrying(Function<DeferredInterrupt, T> io) {
        DeferredInterrupt interrupt = new DeferredInterrupt();
        interrupt.absorb();
        try {
            return io.apply(interrupt);
        } finally {
            if (interrupt.interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    public void absorb() {
        interrupted |= Thread.interrupted();
    }
}
