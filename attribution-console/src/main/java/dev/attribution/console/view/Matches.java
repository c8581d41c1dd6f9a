package dev.attribution.console.view;

import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a search found.
 *
 * @param text the text that was looked for
 * @param conversion the conversion of this id
 * @param attempt the history entry of this id
 * @param received the entries that received the text as a click id
 * @param offer the offer of this id
 * @param offerClicks the newest clicks of this offer
 * @param memberClicks the newest clicks of this member
 * @param memberConversions the newest conversions of this member
 * @param transactions the entries with this transaction id
 * @param scanned how the search for the transaction id went
 */
public record Matches(
        String text,
        Optional<Conversion> conversion,
        Optional<HistoryEntry> attempt,
        List<HistoryEntry> received,
        Optional<Offer> offer,
        List<Click> offerClicks,
        List<Click> memberClicks,
        List<Conversion> memberConversions,
        List<HistoryEntry> transactions,
        Scanned scanned) {
    /**
     * A bounded search through the history, which has no index on transaction ids.
     *
     * @param read how many entries were read, in this part of the search and in the parts before it
     * @param oldest the time of the oldest entry that was read, if any
     * @param next where the search continues; empty if the whole history was read
     * @param foundBefore how many entries the parts before this one found
     */
    public record Scanned(long read, Optional<Instant> oldest, String next, long foundBefore) {}

    /** {@return whether nothing has the id: nothing was found, and the whole history was read} */
    public boolean isNothing() {
        return isEmpty() && scanned.next().isEmpty();
    }

    /** {@return how many messages with this transaction id were found, in this part of the search and in the parts before it} */
    public long found() {
        return scanned.foundBefore() + transactions.size();
    }

    /** {@return whether nothing was found so far} */
    public boolean isEmpty() {
        return found() == 0
                && conversion.isEmpty()
                && attempt.isEmpty()
                && received.isEmpty()
                && offer.isEmpty()
                && offerClicks.isEmpty()
                && memberClicks.isEmpty()
                && memberConversions.isEmpty();
    }
}
