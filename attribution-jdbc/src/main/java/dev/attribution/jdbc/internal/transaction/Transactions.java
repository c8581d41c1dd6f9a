package dev.attribution.jdbc.internal.transaction;

import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

/**
 * Runs work in the store's own transaction or in the host's. Turns every fault into a {@link
 * dev.attribution.StorageException}, and defers an interrupt until the work is done.
 */
public interface Transactions {
    /**
     * Runs work that only reads. It may run outside a transaction.
     *
     * @param what completes the sentence "Could not …"
     */
    <T> T read(String what, Work<T> work);

    /**
     * Runs work as one unit: all of it is kept, or nothing.
     *
     * @param what completes the sentence "Could not …"
     */
    <T> T write(String what, Work<T> work);

    /**
     * Runs work in which one statement writes. Outside a transaction that statement is a unit by itself.
     *
     * @param what completes the sentence "Could not …"
     */
    <T> T writeInOneStatement(String what, Work<T> work);

    /**
     * Runs work as one unit in a transaction of its own: keeps all of it if the work returns true, and nothing otherwise. To be
     * called only if {@link #isEachOnItsOwn()}.
     *
     * @param what completes the sentence "Could not …"
     */
    default boolean tryWrite(String what, Work<Boolean> work) {
        throw new IllegalStateException("Not in a transaction of its own: " + what);
    }

    /**
     * Runs work that begins and commits a transaction by itself, and rolls back what it leaves if it returns false or throws. To
     * be called only if {@link #isEachOnItsOwn()}.
     *
     * @param what completes the sentence "Could not …"
     */
    default boolean tryCommitted(String what, Work<Boolean> work) {
        throw new IllegalStateException("Not in a transaction of its own: " + what);
    }

    /** Returns these transactions, for the parts of one call: they are repeated no longer than one part alone would be. */
    default Transactions asOneCall() {
        return this;
    }

    /** Returns whether each write is a transaction of its own; otherwise all of them are part of one transaction. */
    boolean isEachOnItsOwn();

    /** Runs an action after the commit of the host's transaction, and returns whether it will; see {@code AttributionStore}. */
    default boolean afterCommit(Runnable action) {
        return false;
    }

    /** Work that may be repeated, each time from its start. */
    interface Work<T> {
        T in(Handle handle) throws SQLException;
    }
}
