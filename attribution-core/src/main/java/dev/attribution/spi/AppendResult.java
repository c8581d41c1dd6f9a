package dev.attribution.spi;

import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import java.util.Optional;

/** The result of one element of an append. */
public sealed interface AppendResult {
    /**
     * Returns whether a credit is stored.
     *
     * @param credit the credit that was to be appended
     * @return whether its conversion is stored, now or by an earlier append; false if it is stale, or if its attempt won
     *     another conversion or none
     */
    default boolean isStored(Settlement.Credit credit) {
        return this instanceof Appended
                || (this instanceof Known known
                        && known.entry()
                                .conversionId()
                                .filter(credit.conversion().conversionId()::equals)
                                .isPresent());
    }

    /** The settlement was stored. */
    record Appended() implements AppendResult {}

    /**
     * A place of the credit is taken, or a credit of the same click that precedes the settlement in the list is not stored.
     * Nothing was written: the caller reads the facts again and decides again.
     */
    record Stale() implements AppendResult {}

    /**
     * The attempt id was stored before. Nothing was written.
     *
     * @param entry the stored entry
     * @param conversion the conversion that the entry names, or empty if the entry names none
     */
    record Known(HistoryEntry entry, Optional<Conversion> conversion) implements AppendResult {}
}
