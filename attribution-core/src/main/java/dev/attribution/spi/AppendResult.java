package dev.attribution.spi;

import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import java.util.Optional;

/** The result of one element of an append. */
public sealed interface AppendResult {
    /**
     * Returns whether an effect is stored.
     *
     * @param effect the effect that was to be appended
     * @return whether it is stored, now or by an earlier append; false if it is stale, or if its attempt had another effect
     *     or none
     */
    default boolean isStored(Settlement.Effect effect) {
        return this instanceof Appended || (this instanceof Known known && effect.isIn(known.entry()));
    }

    /** The settlement was stored. */
    record Appended() implements AppendResult {}

    /**
     * A place of the credit is taken, the changed conversion has another revision, or an effect of the same click that
     * precedes the settlement in the list is not stored. Nothing was written: the caller reads the facts again and decides
     * again.
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
