package dev.attribution.jdbc.internal.statement;

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

    /** Returns whether it writes these with one statement, which is atomic without a transaction. */
    boolean isOneStatement(List<Settlement> settlements);
}
