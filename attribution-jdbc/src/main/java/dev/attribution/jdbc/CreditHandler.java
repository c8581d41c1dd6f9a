package dev.attribution.jdbc;

import dev.attribution.conversion.Conversion;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What an application does when a member is credited, in the transaction that stores the conversion: the wallet's increment
 * and the conversion are committed together, or neither is.
 *
 * <ol>
 *   <li>It is called for the winner only, after the conversion and its history entry were written and before they are
 *       committed; never for a duplicate, nor for a postback that is repeated because its answer was lost.
 *   <li>It is called on the thread that settles the postback. In the store's own transaction there is nothing else but this
 *       one postback; in a joined one, what the host put there.
 *   <li>If it throws, everything in that transaction is rolled back: nothing is credited, no history entry is left, the
 *       caller gets the exception, and a later postback can win. In a joined transaction what the call wrote is undone, and
 *       the host should roll back.
 *   <li>Where the database reports a conflict or a lost connection, from whichever statement, the store's own transaction is
 *       rolled back and done again, so that it may be called more than once. All but one of these calls were rolled back:
 *       do nothing in it that a rollback does not undo.
 * </ol>
 *
 * <p>Implementations are thread-safe. One that calls the library again does so on {@code store.joining(connection)}, lest
 * it wait for its own transaction.
 */
@FunctionalInterface
public interface CreditHandler {
    /**
     * Does what goes with a credit.
     *
     * @param conversion what was won
     * @param connection the connection of the transaction, with {@code autoCommit=false}; neither to be committed, nor rolled
     *     back, nor closed here, nor kept
     * @throws SQLException if it cannot be done. It reaches the caller as the cause of a {@link
     *     dev.attribution.StorageException}; an unchecked exception reaches it as it is
     */
    void credited(Conversion conversion, Connection connection) throws SQLException;
}
