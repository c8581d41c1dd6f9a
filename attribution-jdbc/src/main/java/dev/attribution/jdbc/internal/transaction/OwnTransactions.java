package dev.attribution.jdbc.internal.transaction;

import dev.attribution.StorageException;
import dev.attribution.TransactionMisuseException;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.dialect.SqlAction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Transactions of the store's own, at READ COMMITTED. Work that meets a transient fault is rolled back and repeated as a
 * whole. A commit without an answer does no harm, since a repeated attempt or click is recognized by its id.
 */
public final class OwnTransactions implements Transactions {
    private static final long PATIENCE = Duration.ofSeconds(10).toNanos();
    private static final long MAX_PAUSE = Duration.ofSeconds(1).toNanos();

    private final Connections connections;
    private final Jdbi jdbi;
    private final SqlFaults faults;
    private final Dialect dialect;
    private final @Nullable CreditHandlerCall handlers;
    private final Runnable guard;
    private final long patience;
    private final LongSupplier clock;
    private final @Nullable Long begun;

    /**
     * Creates transactions.
     *
     * @param guard raises an exception if the current thread may take no connection
     */
    public OwnTransactions(
            Connections connections,
            SqlFaults faults,
            Dialect dialect,
            JdbiFactory jdbis,
            @Nullable CreditHandlerCall handlers,
            Runnable guard) {
        this(connections, faults, dialect, jdbis.over(connections), handlers, guard, PATIENCE, System::nanoTime, null);
    }

    private OwnTransactions(
            Connections connections,
            SqlFaults faults,
            Dialect dialect,
            Jdbi jdbi,
            @Nullable CreditHandlerCall handlers,
            Runnable guard,
            long patience,
            LongSupplier clock,
            @Nullable Long begun) {
        this.connections = connections;
        this.faults = faults;
        this.dialect = dialect;
        this.jdbi = jdbi;
        this.handlers = handlers;
        this.guard = guard;
        this.patience = patience;
        this.clock = clock;
        this.begun = begun;
    }

    /** {@return these transactions, but a transient fault ends a call at once} */
    public OwnTransactions withoutRepeats() {
        return new OwnTransactions(connections, faults, dialect, jdbi, handlers, guard, 0, clock, begun);
    }

    /** {@return these transactions with another clock of nanoseconds} */
    public OwnTransactions timedBy(LongSupplier another) {
        return new OwnTransactions(connections, faults, dialect, jdbi, handlers, guard, patience, another, begun);
    }

    @Override
    public OwnTransactions asOneCall() {
        long now = clock.getAsLong();
        return new OwnTransactions(connections, faults, dialect, jdbi, handlers, guard, patience, clock, now);
    }

    @Override
    public <T> T read(String what, Work<T> work) {
        return untilDone(what, work::in);
    }

    @Override
    public <T> T write(String what, Work<T> work) {
        requireNoHandler(what);
        return untilDone(what, handle -> committed(handle, work, done -> true));
    }

    @Override
    public boolean tryWrite(String what, Work<Boolean> work) {
        requireNoHandler(what);
        return untilDone(what, handle -> committed(handle, work, done -> done));
    }

    @Override
    public boolean tryCommitted(String what, Work<Boolean> work) {
        requireNoHandler(what);
        return untilDone(what, handle -> orRolledBack(handle, work));
    }

    @Override
    public <T> T writeInOneStatement(String what, Work<T> work) {
        requireNoHandler(what);
        return untilDone(what, work::in);
    }

    @Override
    public boolean isEachOnItsOwn() {
        return true;
    }

    /** Refuses a write from a credit handler, which would wait for the transaction that the handler is called in. */
    private void requireNoHandler(String what) {
        if (handlers != null && handlers.isRunning()) {
            throw new TransactionMisuseException(
                    "Could not " + what + ": the CreditHandler called the store outside of its"
                            + " transaction, for which the call would wait. Use store.joining(connection) in the handler.");
        }
    }

    private <T> T untilDone(String what, Unit<T> unit) {
        guard.run();
        long start = begun == null ? clock.getAsLong() : begun;
        return DeferredInterrupt.retrying(deferred -> {
            for (int attempt = 1; ; attempt++) {
                try {
                    return once(unit);
                } catch (CreditHandlerCall.HostFault e) {
                    if (!faults.isTransient(e.raised()) || clock.getAsLong() - start > patience) {
                        throw faults.ofHost(e, "Repeat the call later.");
                    }
                } catch (SQLException | JdbiException | StorageException e) {
                    StorageException fault = faults.translate(what, e, "Repeat the call later.");
                    if (!fault.isTransient() || clock.getAsLong() - start > patience) {
                        throw fault;
                    }
                }
                deferred.absorb();
                pause(attempt);
                deferred.absorb();
            }
        });
    }

    private <T> T once(Unit<T> unit) throws SQLException {
        Handle handle = jdbi.open();
        try {
            return unit.in(handle);
        } catch (SQLException | JdbiException | CreditHandlerCall.HostFault e) {
            if (faults.isConnectionLost(e)) {
                connections.discard(handle.getConnection());
            }
            throw e;
        } finally {
            Connections.quietly(handle::close);
        }
    }

    // JDBI's inTransaction hides a fault if the clean-up after it fails too
    private <T> T committed(Handle handle, Work<T> work, Predicate<T> success) throws SQLException {
        Connection connection = handle.getConnection();
        SqlAction restore = () -> {};
        try {
            restore = dialect.begin(connection);
            T result = work.in(handle);
            if (success.test(result)) {
                connection.commit();
            } else {
                dialect.rollBack(connection);
            }
            return result;
        } catch (Throwable e) { // whatever it is, no half may be committed with the next work
            if (faults.isConnectionLost(e)) {
                connections.discard(connection); // before anything else is asked of it
            }
            orDiscard(connection, () -> dialect.rollBack(connection));
            throw e;
        } finally {
            orDiscard(connection, () -> connection.setAutoCommit(true));
            orDiscard(connection, restore);
        }
    }

    private boolean orRolledBack(Handle handle, Work<Boolean> work) throws SQLException {
        Connection connection = handle.getConnection();
        try {
            boolean isDone = work.in(handle);
            if (!isDone) {
                orDiscard(connection, () -> dialect.rollBack(connection));
            }
            return isDone;
        } catch (Throwable e) { // whatever it is, no half may be committed with the next work
            if (faults.isConnectionLost(e)) {
                connections.discard(connection);
            }
            orDiscard(connection, () -> dialect.rollBack(connection));
            throw e;
        }
    }

    private void orDiscard(Connection connection, SqlAction step) {
        boolean isDone = false;
        try {
            isDone = Connections.tryRun(step);
        } finally {
            if (!isDone) { // an error, too, may have left a transaction open, which the next work would commit
                connections.discard(connection);
            }
        }
    }

    private static void pause(int attempt) {
        long bound = Math.min(MAX_PAUSE, 1_000_000L << Math.min(attempt, 10));
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(bound));
    }

    private interface Unit<T> {
        T in(Handle handle) throws SQLException;
    }
}
