package dev.attribution.jdbc;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/** Undoes a part of a transaction. */
final class Savepoints {
    private Savepoints() {}

    /**
     * Does work and keeps all of it, or nothing where it throws or did not succeed.
     *
     * @param success tells from the result of the work whether to keep it
     */
    static <T> T keepIf(Predicate<T> success, Handle handle, Supplier<T> work) {
        // a name of its own: one that is used again, by a handler that calls this store, would replace the first
        String name =
                "attribution_" + Long.toHexString(ThreadLocalRandom.current().nextLong());
        handle.savepoint(name);
        T result;
        try {
            result = work.get();
        } catch (Throwable e) {
            try {
                handle.rollbackToSavepoint(name);
            } catch (JdbiException gone) {
                e.addSuppressed(gone); // the transaction is lost as a whole
            }
            throw e;
        }
        if (success.test(result)) {
            handle.releaseSavepoint(name);
        } else {
            handle.rollbackToSavepoint(name);
        }
        return result;
    }
}
