package dev.attribution.jdbc;

import dev.attribution.TransactionMisuseException;

/**
 * Thrown if a store that has its own transactions is called from within a transaction of the application. Such a call takes a
 * second connection while the thread holds the first: if all threads do so, each waits for the others. This is an error in the
 * program, not an outage: repeating the call does not help.
 *
 * @see JdbcAttributionStore.Builder#hostTransactions
 */
public final class NotJoinedException extends TransactionMisuseException {
    private static final long serialVersionUID = 1L;

    NotJoinedException() {
        super(
                "The store was called from within a transaction of the application without joining it. Nothing was written."
                        + " Use attribution.joining() inside of the transaction, or make the call before or after it.");
    }
}
