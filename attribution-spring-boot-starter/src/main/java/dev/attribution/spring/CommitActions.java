package dev.attribution.spring;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What runs after the commit of one transaction of the application, in the order in which it was added. What was added since a
 * savepoint does not run if the transaction is rolled back to it.
 */
final class CommitActions implements TransactionSynchronization {
    private final Key key;
    private final List<Runnable> actions = new ArrayList<>();
    private final IdentityHashMap<Object, Integer> sizes = new IdentityHashMap<>(); // when a savepoint was made

    /** Under which the actions of a transaction are bound to the thread: each transaction has a holder of its own. */
    private record Key(ConnectionHolder holder) {}

    private CommitActions(Key key) {
        this.key = key;
    }

    /** Adds an action to those of the transaction that a holder shows. */
    static void add(ConnectionHolder holder, Runnable action) {
        Key key = new Key(holder);
        CommitActions ofTransaction = bound(key);
        if (ofTransaction == null) {
            ofTransaction = new CommitActions(key);
            TransactionSynchronizationManager.registerSynchronization(ofTransaction);
            TransactionSynchronizationManager.bindResource(key, ofTransaction);
        }
        ofTransaction.actions.add(action);
    }

    private static @Nullable CommitActions bound(Key key) {
        return (CommitActions) TransactionSynchronizationManager.getResource(key);
    }

    /**
     * Ends the actions of a transaction. Its manager says so, since the synchronization may belong to the transaction of another
     * manager that is running around it.
     */
    static void end(ConnectionHolder holder, boolean isCommitted) {
        CommitActions ofTransaction = bound(new Key(holder));
        if (ofTransaction != null) {
            ofTransaction.end(isCommitted);
        }
    }

    private void end(boolean isCommitted) {
        List<Runnable> ended = List.copyOf(actions);
        actions.clear();
        if (isCommitted) {
            ended.forEach(Runnable::run);
        }
    }

    @Override
    public void savepoint(Object savepoint) {
        sizes.put(savepoint, actions.size());
    }

    @Override
    public void savepointRollback(Object savepoint) {
        int before = sizes.getOrDefault(savepoint, 0); // it was made before the first action
        actions.subList(Math.min(before, actions.size()), actions.size()).clear();
    }

    @Override
    public void afterCompletion(int status) {
        TransactionSynchronizationManager.unbindResourceIfPossible(key);
        end(status == STATUS_COMMITTED);
    }
}
