package dev.attribution.jdbc.internal.transaction;

import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/** Undoes a part of a transaction. */
public final class Savepoints {
    private Savepoints() {}

    /**
     * Runs a part of a transaction, and undoes it if it throws or does not succeed.
     *
     * @param success returns from the result whether to keep the part
     */
    public static <T> T keepIf(Predicate<T> success, Handle handle, Part<T> part) throws SQLException {
        // a unique name: a handler that calls this store would replace a savepoint of the same name
        String name =
                "attribution_" + Long.toHexString(ThreadLocalRandom.current().nextLong());
        handle.savepoint(name);
        T result;
        try {
            result = part.run();
        } catch (Throwable e) {
            try {
                handle.rollbackToSavepoint(name);
            } catch (RuntimeException gone) {
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

    /** Part of a transaction. */
    public interface Part<T> {
        T run() throws SQLException;
    }
}
