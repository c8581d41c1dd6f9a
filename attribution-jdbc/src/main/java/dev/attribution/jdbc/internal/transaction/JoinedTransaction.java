package dev.attribution.jdbc.internal.transaction;

import dev.attribution.TransactionMisuseException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The host's transaction, on the host's connection. Commits nothing, closes nothing, repeats nothing. Undoes work that
 * fails, since the host may continue and commit.
 */
public final class JoinedTransaction implements Transactions {
    private final Jdbi jdbi;
    private final SqlFaults faults;

    public JoinedTransaction(Jdbi jdbi, SqlFaults faults) {
        this.jdbi = jdbi;
        this.faults = faults;
    }

    @Override
    public <T> T read(String what, Work<T> work) {
        return DeferredInterrupt.during(() -> {
            String remedy = "Roll the transaction back and repeat everything in it.";
            try (Handle handle = jdbi.open()) {
                requireTransaction(handle.getConnection());
                return inWritable(handle, work);
            } catch (CreditHandlerCall.HostFault e) {
                throw faults.ofHost(e, remedy);
            } catch (SQLException | JdbiException e) {
                throw faults.translate(what, e, remedy);
            }
        });
    }

    /** A database that is only a replica now refuses in the same way, but that is an outage. */
    private <T> T inWritable(Handle handle, Work<T> work) throws SQLException {
        try {
            return work.in(handle);
        } catch (SQLException | JdbiException e) {
            if (faults.isReadOnly(e) && handle.getConnection().isReadOnly()) {
                throw new TransactionMisuseException(
                        "The transaction of the application is read-only, and the call has to write. Nothing was written."
                                + " Begin one that may write, such as without @Transactional(readOnly = true).");
            }
            throw e;
        }
    }

    /** A connection that commits each statement by itself is in no transaction, or no longer: nothing could be rolled back. */
    public static void requireTransaction(Connection connection) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new TransactionMisuseException(
                    "The connection has autoCommit=true: there is no transaction to join. Begin one with"
                            + " connection.setAutoCommit(false) or handle.begin(), or use the store itself.");
        }
    }

    @Override
    public <T> T write(String what, Work<T> work) {
        return read(what, handle -> Savepoints.keepIf(done -> true, handle, () -> work.in(handle)));
    }

    @Override
    public <T> T writeInOneStatement(String what, Work<T> work) {
        return write(what, work);
    }

    @Override
    public boolean isEachOnItsOwn() {
        return false;
    }
}
