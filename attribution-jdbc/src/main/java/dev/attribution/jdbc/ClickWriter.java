package dev.attribution.jdbc;

import dev.attribution.click.Click;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Writes lists of clicks. */
interface ClickWriter {
    /**
     * Writes clicks. Where some are stored already, it writes the others, or some of them, or none.
     *
     * @param clicks with ids of their own, in ascending order
     * @return whether it wrote all of them
     */
    boolean write(Handle handle, List<Click> clicks) throws SQLException;

    /** Tells whether it needs no transaction around it, since it has few statements, or one. */
    boolean isAtOnce();
}
