package dev.attribution.jdbc.internal.statement;

import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Looks up clicks with their offers and facts. */
public interface LookUps {
    /** Returns an answer for each question, in the same order: empty if the click does not exist. */
    List<Optional<LookUpResult>> find(Handle handle, List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy);
}
