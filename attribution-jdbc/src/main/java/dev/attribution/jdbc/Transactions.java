package dev.attribution.jdbc;

import org.jdbi.v3.core.Handle;

/**
 * Whose transaction the work is done in. Either way a fault becomes a {@link dev.attribution.StorageException}, and an
 * interrupt is held back until the work is done.
 */
interface Transactions {
    /**
     * Does work that only reads, perhaps outside a transaction.
     *
     * @param what completes the sentence "Could not …"
     */
    <T> T read(String what, Work<T> work);

    /**
     * Does work as one unit, of which all is kept or nothing.
     *
     * @param what completes the sentence "Could not …"
     */
    <T> T write(String what, Work<T> work);

    /**
     * Does work of which one statement writes. Outside a transaction that is a unit by itself.
     *
     * @param what completes the sentence "Could not …"
     */
    <T> T writeAtOnce(String what, Work<T> work);

    /** Tells whether each write is a transaction, or all of them are part of one. */
    boolean isEachOnItsOwn();

    /** Work that may be done more than once, each time from its start. */
    interface Work<T> {
        T in(Handle handle);
    }
}
