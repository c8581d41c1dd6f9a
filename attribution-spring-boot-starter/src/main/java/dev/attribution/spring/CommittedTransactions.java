package dev.attribution.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.JdbcTransactionObjectSupport;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Remembers which transactions were committed while Spring still shows them as running: in {@code afterCommit}. Ends their
 * {@link CommitActions}. Listens to every transaction manager of the application, also to those that Spring Boot does not make.
 */
final class CommittedTransactions implements TransactionExecutionListener {
    private CommittedTransactions() {}

    /** Hands the listener to the transaction managers. */
    static final class Registration implements BeanPostProcessor {
        private final CommittedTransactions listener = new CommittedTransactions();

        @Override
        public Object postProcessAfterInitialization(Object bean, String beanName) {
            if (bean instanceof ConfigurableTransactionManager manager) {
                manager.addListener(listener);
            }
            return bean;
        }
    }

    /** Returns whether the transaction of a connection is over, or is about to be. */
    static boolean contains(ConnectionHolder holder) {
        return TransactionSynchronizationManager.hasResource(holder);
    }

    @Override
    public void beforeCommit(TransactionExecution transaction) {
        ConnectionHolder holder = holder(transaction);
        if (holder != null && !contains(holder)) {
            TransactionSynchronizationManager.bindResource(holder, true);
        }
    }

    @Override
    public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
        end(transaction, failure == null);
    }

    @Override
    public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
        end(transaction, false);
    }

    private static void end(TransactionExecution transaction, boolean isCommitted) {
        ConnectionHolder holder = holder(transaction);
        if (holder != null) {
            TransactionSynchronizationManager.unbindResourceIfPossible(holder);
            CommitActions.end(holder, isCommitted);
        }
    }

    /** The connection of the manager's own transaction; that of another manager may be bound at the same time. */
    private static @Nullable ConnectionHolder holder(TransactionExecution transaction) {
        return transaction instanceof DefaultTransactionStatus status
                        && status.isNewTransaction() // and no savepoint in it
                        && status.getTransaction() instanceof JdbcTransactionObjectSupport jdbc
                        && jdbc.hasConnectionHolder()
                ? jdbc.getConnectionHolder()
                : null;
    }
}
