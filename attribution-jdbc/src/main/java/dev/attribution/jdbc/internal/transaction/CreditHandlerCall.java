package dev.attribution.jdbc.internal.transaction;

import dev.attribution.AttributionException;
import dev.attribution.conversion.Conversion;
import dev.attribution.jdbc.CreditHandler;
import dev.attribution.jdbc.internal.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

/** Calls the host's {@link CreditHandler}, and checks that its transaction is still open afterwards. */
public final class CreditHandlerCall {
    private final CreditHandler handler;
    private final Dialect dialect;
    private final ThreadLocal<Boolean> running = new ThreadLocal<>();

    public CreditHandlerCall(CreditHandler handler, Dialect dialect) {
        this.handler = handler;
        this.dialect = dialect;
    }

    /** Returns whether the handler is running on this thread. */
    boolean isRunning() {
        return running.get() != null;
    }

    /** Calls the handler for a conversion that was just written. */
    public void run(Handle handle, Conversion conversion) {
        Connection connection = handle.getConnection();
        Dialect.Mark mark;
        try {
            mark = dialect.mark(connection);
        } catch (SQLException e) {
            throw new HostFault(e);
        }
        Boolean outer = running.get(); // of a handler that writes in its own transaction
        running.set(true);
        try {
            handler.credited(conversion, connection);
        } catch (Throwable e) { // Kotlin and others throw checked exceptions without declaring them
            throw new HostFault(e);
        } finally {
            if (outer == null) {
                running.remove();
            }
        }
        if (hasEnded(connection, mark)) {
            throw new HostFault(new AttributionException(
                    "The CreditHandler ended the transaction that it was called in, and committed or lost the"
                            + " conversion " + conversion.conversionId() + ". It must leave commit, rollback and"
                            + " autoCommit alone, run no statement that commits by itself, and hide no failure"
                            + " that rolls everything back, such as a deadlock."));
        }
    }

    private static boolean hasEnded(Connection connection, Dialect.Mark mark) {
        try {
            return connection.isClosed() || connection.getAutoCommit() || !mark.isStillThere();
        } catch (SQLException e) {
            throw new HostFault(e);
        }
    }

    /** Carries the exception of a handler past the code that handles the faults of this store's own work. */
    public static final class HostFault extends RuntimeException {
        private final transient Throwable raised;

        HostFault(Throwable raised) {
            super(null, raised, false, false);
            this.raised = raised;
        }

        Throwable raised() {
            return raised;
        }
    }
}
