package dev.attribution.jdbc;

import dev.attribution.click.Click;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Writes lists of clicks. */
interface ClickWriter {
    /**
     * Writes clicks. Where some are stored already, it writes the others or none.
     *
     * @param clicks with ids of their own, in ascending order
     * @return whether it wrote all of them
     */
    boolean write(Handle handle, List<Click> clicks);

    /** Tells whether it needs one statement for any list, which is atomic outside a transaction, too. */
    boolean isOneStatement();
}
