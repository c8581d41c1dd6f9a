package dev.attribution.jdbc;

import dev.attribution.spi.Settlement;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Writes settlements, each if none of its keys is taken. */
interface SettlementWriter {
    /**
     * Writes settlements.
     *
     * @param settlements in the order in which to write them
     * @return the attempt ids of those that it wrote
     */
    Set<UUID> write(Handle handle, List<Settlement> settlements);

    /** Tells whether it writes these by one statement, which is atomic outside a transaction, too. */
    boolean isOneStatement(List<Settlement> settlements);
}
