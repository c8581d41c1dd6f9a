package dev.attribution.spi;

import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import java.util.Optional;

/** The result of one element of an append. */
public sealed interface AppendResult {
    /** The settlement was stored. */
    record Appended() implements AppendResult {}

    /**
     * A place of the credit is taken, or the changed conversion has another revision. Nothing was written: the caller
     * reads the facts again and decides again.
     */
    record Stale() implements AppendResult {}

    /**
     * The attempt id was stored before. Nothing was written.
     *
     * @param entry the stored entry
     * @param conversion the conversion that the entry names, as it is stored now; empty if the entry names none
     */
    record Known(HistoryEntry entry, Optional<Conversion> conversion) implements AppendResult {}
}
