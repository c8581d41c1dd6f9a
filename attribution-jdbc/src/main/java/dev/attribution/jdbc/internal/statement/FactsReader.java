package dev.attribution.jdbc.internal.statement;

import dev.attribution.conversion.Facts;
import dev.attribution.spi.FactsQuery;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Reads facts. */
public interface FactsReader {
    /** Returns the facts for each question, in the same order. */
    List<Facts> read(Handle handle, List<FactsQuery> queries);
}
