package dev.attribution.jdbc.internal.statement;

import dev.attribution.click.Click;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Writes lists of clicks. */
public interface ClickWriter {
    /**
     * Writes clicks. If some are stored already, it writes the others, or some of them, or none.
     *
     * @param clicks clicks with different ids, in ascending order
     * @return whether it wrote all of them
     */
    boolean write(Handle handle, List<Click> clicks) throws SQLException;

    /** Returns whether a list needs no surrounding transaction, since it takes one statement or few. */
    boolean needsNoTransaction();
}
