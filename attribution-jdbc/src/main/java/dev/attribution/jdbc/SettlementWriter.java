package dev.attribution.jdbc;

import dev.attribution.spi.Settlement;
import org.jdbi.v3.core.Handle;

/** Writes one settlement, in one atomic unit, if none of its keys is taken. */
interface SettlementWriter {
    /**
     * Writes a settlement, or nothing.
     *
     * @return whether it wrote
     */
    boolean write(Handle handle, Settlement settlement);

    /** Tells whether it writes a settlement by one statement, which is atomic outside a transaction, too. */
    boolean isOneStatement(Settlement settlement);
}
