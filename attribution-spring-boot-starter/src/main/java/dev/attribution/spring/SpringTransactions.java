package dev.attribution.spring;

import dev.attribution.TransactionMisuseException;
import dev.attribution.conversion.Conversion;
import dev.attribution.jdbc.CreditHandler;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Finds the transaction of Spring on a pool, and shows that of the store to Spring. */
final class SpringTransactions {
    private final DataSource pool;
    private final AskingManager manager;

    SpringTransactions(DataSource pool) {
        this.pool = pool;
        this.manager = new AskingManager(pool);
    }

    /**
     * Returns whether the current thread is in a transaction on the pool that can still be written to.
     *
     * @throws TransactionMisuseException if Spring still shows a transaction that was committed
     */
    boolean isActive() {
        ConnectionHolder shown = shown();
        if (shown != null && CommittedTransactions.contains(shown)) {
            throw new TransactionMisuseException(
                    "The transaction of the application is committed already, and Spring still shows it, as in afterCommit:"
                            + " what is written in it may be lost. Nothing was written. Make the call in a transaction of"
                            + " its own, by a method with @Transactional(propagation = REQUIRES_NEW), or in"
                            + " afterCompletion.");
        }
        return shown != null && isOpen(shown);
    }

    /** Runs an action after the commit of the transaction of the current thread. */
    void afterCommit(Runnable action) {
        ConnectionHolder shown = shown();
        if (shown != null) {
            CommitActions.add(shown, action);
        }
    }

    private boolean isJoined() {
        ConnectionHolder shown = shown();
        return shown != null && !CommittedTransactions.contains(shown) && isOpen(shown);
    }

    /** After the completion of a transaction the connection is still bound, but synchronization is over. */
    private @Nullable ConnectionHolder shown() {
        return TransactionSynchronizationManager.isSynchronizationActive()
                        && TransactionSynchronizationManager.isActualTransactionActive()
                        && TransactionSynchronizationManager.getResource(pool) instanceof ConnectionHolder holder
                        && holder.getConnectionHandle() != null
                ? holder
                : null;
    }

    /**
     * Returns whether a transaction was begun on a connection. One that JdbcTemplate bound inside of a transaction on another
     * pool commits each statement by itself, or is never committed.
     */
    private boolean isOpen(ConnectionHolder holder) {
        if (holder.isSynchronizedWithTransaction() && !manager.hasBegun()) {
            return false; // the manager of JPA synchronizes its connection with nothing
        }
        try {
            return !holder.getConnection().getAutoCommit();
        } catch (SQLException e) {
            return true; // lost: the call that joins says so
        }
    }

    /** Asks as a manager of Spring does, since a connection answers nobody else. Begins and ends nothing. */
    private static final class AskingManager extends DataSourceTransactionManager {
        private static final long serialVersionUID = 1L;

        AskingManager(DataSource pool) {
            super(pool);
        }

        boolean hasBegun() {
            return isExistingTransaction(doGetTransaction());
        }
    }

    /**
     * Lets JdbcTemplate and the like, on the pool, work in the transaction of the store while a handler runs. In a transaction
     * of Spring they do so anyway. What else is bound to the thread is not the conversion's connection, and is put aside.
     */
    CreditHandler bound(CreditHandler handler) {
        return (conversion, connection) -> {
            if (isJoined()) {
                applyJoined(handler, conversion, connection);
                return;
            }
            Object other = TransactionSynchronizationManager.unbindResourceIfPossible(pool);
            ConnectionHolder holder = new ConnectionHolder(connection, true);
            TransactionSynchronizationManager.bindResource(pool, holder);
            try {
                handler.apply(conversion, connection);
            } catch (IllegalTransactionStateException e) {
                throw cannotTakePart(e);
            } finally {
                TransactionSynchronizationManager.unbindResourceIfPossible(pool);
                if (other != null) {
                    TransactionSynchronizationManager.bindResource(pool, other);
                }
            }
            if (holder.isRollbackOnly()) {
                throw new IllegalStateException(
                        "Work on credit marked its transaction as rollback-only: nothing is credited. A method with"
                                + " @Transactional threw, and the handler went on.");
            }
        };
    }

    private static void applyJoined(CreditHandler handler, Conversion conversion, Connection connection)
            throws SQLException {
        try {
            handler.apply(conversion, connection);
        } catch (TransactionTimedOutException e) {
            throw CurrentDataSource.timedOut(e);
        }
    }

    private static TransactionMisuseException cannotTakePart(IllegalTransactionStateException refusal) {
        TransactionMisuseException misuse = new TransactionMisuseException(
                "Work on credit called a method with @Transactional that cannot take part in the transaction of the store:"
                        + " see the cause. Nothing is credited. JpaTransactionManager takes part in no other transaction"
                        + " than its own: settle in a transaction of the application, or write with JdbcClient and without"
                        + " @Transactional.");
        misuse.initCause(refusal);
        return misuse;
    }
}
