package dev.attribution.jdbc.internal.transaction;

import dev.attribution.TransactionMisuseException;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.jdbc.CreditHandler;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.spi.Settlement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Calls the host's {@link CreditHandler}s, and checks that their transaction is still open afterwards. */
public final class CreditHandlerCall {
    private final List<CreditHandler> onCredit;
    private final List<CreditHandler> onReversal;
    private final Dialect dialect;
    private final ThreadLocal<Boolean> running = new ThreadLocal<>();

    /**
     * Creates calls.
     *
     * @param onCredit the handlers of credits, in the order in which they are called
     * @param onReversal those of reversals
     */
    public CreditHandlerCall(List<CreditHandler> onCredit, List<CreditHandler> onReversal, Dialect dialect) {
        this.onCredit = List.copyOf(onCredit);
        this.onReversal = List.copyOf(onReversal);
        this.dialect = dialect;
    }

    /** Returns whether a handler is called if a settlement is written: whether it moves money that a handler moves, too. */
    public boolean isCalledFor(Settlement settlement) {
        return !handlers(settlement).isEmpty();
    }

    private List<CreditHandler> handlers(Settlement settlement) {
        Settlement.Effect effect = settlement.effect().orElse(null);
        if (effect == null) {
            return List.of();
        }
        boolean countsNow = effect.conversion().status() == ConversionStatus.APPROVED;
        boolean countedBefore =
                effect instanceof Settlement.Change change && change.before().status() == ConversionStatus.APPROVED;
        if (countsNow == countedBefore) {
            return List.of();
        }
        return countsNow ? onCredit : onReversal;
    }

    /** Returns whether the handler is running on this thread. */
    boolean isRunning() {
        return running.get() != null;
    }

    /** Calls the handlers of a settlement that was just written, if there are any. */
    public void run(Handle handle, Settlement settlement) {
        List<CreditHandler> handlers = handlers(settlement);
        if (!handlers.isEmpty()) {
            run(handlers, handle, settlement.effect().orElseThrow().conversion());
        }
    }

    private void run(List<CreditHandler> handlers, Handle handle, Conversion conversion) {
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
            for (CreditHandler handler : handlers) {
                handler.apply(conversion, connection);
            }
        } catch (Throwable e) { // Kotlin and others throw checked exceptions without declaring them
            throw new HostFault(e);
        } finally {
            if (outer == null) {
                running.remove();
            }
        }
        if (hasEnded(connection, mark)) {
            throw new HostFault(new TransactionMisuseException(
                    "The CreditHandler ended the transaction that it was called in, and committed or lost the"
                            + " change of the conversion " + conversion.conversionId()
                            + ". It must leave commit, rollback and"
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
