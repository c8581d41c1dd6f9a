package dev.attribution.spring;

import dev.attribution.jdbc.CreditHandler;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Finds the transaction of Spring on a pool, and shows that of the store to Spring. */
final class SpringTransactions {
    private final DataSource pool;

    SpringTransactions(DataSource pool) {
        this.pool = pool;
    }

    /**
     * Returns whether the current thread is in a transaction on the pool that can still be written to. After the completion
     * of a transaction the connection is still bound, but synchronization is over. A connection that JdbcTemplate bound inside
     * of a transaction on another pool commits each statement by itself.
     */
    boolean isActive() {
        if (!TransactionSynchronizationManager.isSynchronizationActive()
                || !TransactionSynchronizationManager.isActualTransactionActive()
                || !(TransactionSynchronizationManager.getResource(pool) instanceof ConnectionHolder holder)
                || holder.getConnectionHandle() == null) {
            return false;
        }
        try {
            return !holder.getConnection().getAutoCommit();
        } catch (SQLException e) {
            return true; // lost: the call that joins says so
        }
    }

    /** Lets JdbcTemplate and the like, on the pool, work in the transaction of the store while a handler runs. */
    CreditHandler bound(CreditHandler handler) {
        return (conversion, connection) -> {
            if (TransactionSynchronizationManager.hasResource(pool)) {
                handler.apply(conversion, connection);
                return;
            }
            ConnectionHolder holder = bind(connection);
            try {
                handler.apply(conversion, connection);
            } finally {
                TransactionSynchronizationManager.unbindResource(pool);
            }
            if (holder.isRollbackOnly()) {
                throw new IllegalStateException(
                        "Work on credit marked its transaction as rollback-only: nothing is credited. A method with"
                                + " @Transactional threw, and the handler went on.");
            }
        };
    }

    private ConnectionHolder bind(Connection connection) {
        ConnectionHolder holder = new ConnectionHolder(connection, true);
        TransactionSynchronizationManager.bindResource(pool, holder);
        return holder;
    }
}
