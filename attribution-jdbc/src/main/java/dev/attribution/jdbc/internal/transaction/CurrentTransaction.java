package dev.attribution.jdbc.internal.transaction;

import dev.attribution.TransactionMisuseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The transaction of the host that is running on the current thread. Each piece of work takes its connection and gives it back,
 * so that nothing is held when the host forgets the store.
 */
public final class CurrentTransaction implements Transactions {
    private final BooleanSupplier isActive;
    private final DataSource current;
    private final JdbiFactory jdbis;
    private final SqlFaults faults;
    private final @Nullable Consumer<Runnable> commits;

    /**
     * Creates a view of the running transaction.
     *
     * @param isActive returns whether a transaction is running on this thread
     * @param current returns its connection, whose closing does not end it
     * @param commits runs an action after its commit, if the host says how
     */
    public CurrentTransaction(
            BooleanSupplier isActive,
            DataSource current,
            JdbiFactory jdbis,
            SqlFaults faults,
            @Nullable Consumer<Runnable> commits) {
        this.isActive = isActive;
        this.current = current;
        this.jdbis = jdbis;
        this.faults = faults;
        this.commits = commits;
    }

    @Override
    public <T> T read(String what, Work<T> work) {
        return inTransaction(transaction -> transaction.read(what, work));
    }

    @Override
    public <T> T write(String what, Work<T> work) {
        return inTransaction(transaction -> transaction.write(what, work));
    }

    @Override
    public <T> T writeInOneStatement(String what, Work<T> work) {
        return inTransaction(transaction -> transaction.writeInOneStatement(what, work));
    }

    @Override
    public boolean isEachOnItsOwn() {
        return false;
    }

    @Override
    public boolean afterCommit(Runnable action) {
        if (commits == null) {
            return false;
        }
        commits.accept(action);
        return true;
    }

    private <T> T inTransaction(Step<T> step) {
        if (!isActive.getAsBoolean()) {
            throw new TransactionMisuseException(
                    "No transaction of the application is running on this thread, so there is nothing"
                            + " to join. Nothing was written. Begin one, or use the store itself.");
        }
        Connection connection;
        try {
            connection = current.getConnection();
        } catch (SQLException e) {
            throw faults.translate("join the transaction", e, "Begin another one and repeat everything.");
        }
        try {
            return step.in(new JoinedTransaction(jdbis.on(connection), faults));
        } finally {
            Connections.quietly(connection::close);
        }
    }

    private interface Step<T> {
        T in(JoinedTransaction transaction);
    }
}
