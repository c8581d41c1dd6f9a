package dev.attribution.jdbc;

import dev.attribution.StorageException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * Transactions of the store's own, at READ COMMITTED. Work that meets a transient fault is rolled back and repeated as a
 * whole: a commit whose answer was lost is no harm, since attempts and clicks are known by their ids when they come again.
 */
final class OwnTransactions implements Transactions {
    private static final long PATIENCE = Duration.ofSeconds(10).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofMillis(200).toNanos();

    private final Jdbi jdbi;
    private final Faults faults;

    OwnTransactions(Jdbi jdbi, Faults faults) {
        this.jdbi = jdbi;
        this.faults = faults;
    }

    @Override
    public <T> T read(String what, Work<T> work) {
        return untilDone(what, work);
    }

    @Override
    public <T> T write(String what, Work<T> work) {
        return untilDone(what, handle -> handle.inTransaction(TransactionIsolationLevel.READ_COMMITTED, work::in));
    }

    private <T> T untilDone(String what, Work<T> work) {
        long start = System.nanoTime();
        return HeldInterrupt.during(interrupt -> {
            for (int attempt = 1; ; attempt++) {
                try (Handle handle = jdbi.open()) {
                    return work.in(handle);
                } catch (JdbiException e) {
                    StorageException fault = faults.translate(what, e, "Repeat the call later.");
                    if (!fault.isTransient() || System.nanoTime() - start > PATIENCE) {
                        throw fault;
                    }
                }
                interrupt.hold();
                pause(attempt);
                interrupt.hold();
            }
        });
    }

    private static void pause(int attempt) {
        long most = Math.min(LONGEST_PAUSE, 1_000_000L << Math.min(attempt, 10));
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most));
    }
}
