package dev.attribution.report;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import java.util.List;
import java.util.Optional;

/**
 * The record of one click id, oldest first. Of a click with very many postbacks or conversions it has the newest ones, as many
 * as a page of a report has at most, and says where the older ones begin.
 *
 * <p>Immutable and thread-safe.
 *
 * @param clickId the click id
 * @param click the click; empty if the id is unknown
 * @param history the postbacks that named the id
 * @param olderHistory the cursor with which a report of the click's history continues; empty if {@code history} has every
 *     postback that named the id
 * @param conversions the conversions of the click
 * @param olderConversions the cursor with which a report of the click's conversions continues; empty if {@code conversions}
 *     has every conversion of the click
 */
public record Trace(
        ClickId clickId,
        Optional<Click> click,
        List<HistoryEntry> history,
        Optional<Cursor> olderHistory,
        List<Conversion> conversions,
        Optional<Cursor> olderConversions) {
    /** Creates a trace. */
    public Trace {
        history = List.copyOf(history);
        conversions = List.copyOf(conversions);
    }

    /** {@return whether the trace has every postback that named the id, and every conversion of the click} */
    public boolean isComplete() {
        return olderHistory.isEmpty() && olderConversions.isEmpty();
    }
}
