package dev.attribution.jdbc.internal.statement;

import dev.attribution.jdbc.internal.transaction.Transactions;
import dev.attribution.spi.Settlement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Writes settlements. Leaves out each one that has a taken key, and what follows a credit
 * of its click that is not stored.
 */
public interface SettlementWriter {
    /**
     * Writes settlements.
     *
     * @param settlements the settlements in the order in which to write them
     * @return the attempt ids of those that it wrote
     */
    Set<UUID> write(Handle handle, List<Settlement> settlements) throws SQLException;

    /** Returns whether {@link #tryWriteAll} tries anything. */
    default boolean triesAll() {
        return false;
    }

    /**
     * Writes all of a list as one unit, if nothing prevents it, with fewer statements than {@link #write}, which may have to undo
     * a part.
     *
     * @param transactions transactions of the store's own
     * @param what completes the sentence "Could not …"
     * @param settlements the settlements in the order in which to write them
     * @return whether all are written; otherwise nothing is, or it was not tried
     */
    default boolean tryWriteAll(Transactions transactions, String what, List<Settlement> settlements) {
        return false;
    }

    /** Returns whether it writes these with one statement, which is atomic without a transaction. */
    boolean isOneStatement(List<Settlement> settlements);
}
