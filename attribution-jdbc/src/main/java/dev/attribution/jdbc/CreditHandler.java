package dev.attribution.jdbc;

import dev.attribution.conversion.Conversion;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The application's own work when a conversion begins to count, or ceases to, in the transaction that writes this: both are
 * committed together, or neither is.
 *
 * <ol>
 *   <li>As {@link JdbcAttributionStore.Builder#onCredit} it is called when a conversion becomes {@code APPROVED}: at once,
 *       after it was pending, or when an operator reinstates it. As {@link JdbcAttributionStore.Builder#onReversal} it is
 *       called when an approved conversion becomes {@code REVERSED}. What is pending moves no money, and calls neither.
 *   <li>It is called once for each revision of a conversion, after the conversion and its history entry were written and
 *       before they are committed. It is not called for a duplicate, nor for a postback that is repeated because its answer
 *       was lost. A wallet whose rows have the key (conversion id, revision) cannot book twice.
 *   <li>It is called on the thread that settles the postback. The store's own transaction contains nothing but this one
 *       postback; a joined transaction also contains the work of the host.
 *   <li>If it throws, the store's own transaction is rolled back: nothing is credited or reversed, the history has no entry, the
 *       caller gets the exception, and a later postback can win. The sender must be answered with a 5xx status, such as by
 *       {@code caller.answers().failed(exception, call)}, so that it repeats the postback. In a joined transaction the writes
 *       of the call are undone, and the host should roll back.
 *   <li>If a statement reports a conflict or a lost connection, the store's own transaction is rolled back and repeated, and
 *       the handler is called again. All but one of these calls are rolled back: do nothing that a rollback does not undo.
 * </ol>
 *
 * <p>Implementations are thread-safe. A handler that calls the library uses {@code store.joining(connection)}; any other call
 * would wait for the transaction of the handler.
 */
@FunctionalInterface
public interface CreditHandler {
    /**
     * Does the work.
     *
     * @param conversion the conversion as it was stored, with its status and revision
     * @param connection the connection of the transaction, with {@code autoCommit=false}; do not commit, roll back, close or
     *     keep it
     * @throws SQLException if the work fails. The caller gets it as the cause of a {@link
     *     dev.attribution.StorageException}; it gets an unchecked exception unchanged
     */
    void apply(Conversion conversion, Connection connection) throws SQLException;
}
