package dev.attribution.spi;

import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import java.util.Optional;

/** What became of one element of an append. */
public sealed interface AppendResult {
    /** It is stored. */
    record Appended() implements AppendResult {}

    /** A place of its credit is taken, nothing was written: read the facts again and decide anew. */
    record Stale() implements AppendResult {}

    /**
     * Its attempt id was stored before, nothing was written.
     *
     * @param entry the entry that is stored
     * @param conversion the conversion that the entry names, or empty where it names none
     */
    record Known(HistoryEntry entry, Optional<Conversion> conversion) implements AppendResult {}
}
