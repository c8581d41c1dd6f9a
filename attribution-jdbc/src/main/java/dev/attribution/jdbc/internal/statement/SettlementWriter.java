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

    /**
     * Writes settlements that {@link #tryWriteAll} refused, without another attempt to write all of them together.
     *
     * @param settlements the settlements in the order in which to write them
     * @return the attempt ids of those that it wrote
     */
    default Set<UUID> writeRefused(Handle handle, List<Settlement> settlements) throws SQLException {
        return write(handle, settlements);
    }

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
     */
    default Trial tryWriteAll(Transactions transactions, String what, List<Settlement> settlements) {
        return Trial.NOT_TRIED;
    }

    /** The result of writing all of a list as one unit. */
    enum Trial {
        /** All are written. */
        WRITTEN,
        /** Nothing is written, since a key is taken or a conversion has changed. */
        REFUSED,
        /** Nothing is written, and nothing was tried. */
        NOT_TRIED
    }

    /** Returns whether it writes these with one statement, which is atomic without a transaction. */
    boolean isOneStatement(List<Settlement> settlements);
}
