package dev.attribution.jdbc;

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
     * @param name the savepoint's name: another one for each level, and none that a host would choose
     * @param success tells from the result of the work whether to keep it
     */
    static <T> T keepIf(Predicate<T> success, Handle handle, String name, Supplier<T> work) {
        handle.savepoint(name);
        T result;
        try {
            result = work.get();
        } catch (RuntimeException | Error e) {
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
