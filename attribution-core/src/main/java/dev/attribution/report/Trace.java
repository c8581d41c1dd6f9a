package dev.attribution.report;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import java.util.List;
import java.util.Optional;

/**
 * The complete record of one click id, oldest first.
 *
 * <p>Immutable and thread-safe.
 *
 * @param clickId the click id
 * @param click the click; empty if the id is unknown
 * @param history every postback that named the id
 * @param conversions every conversion of the click
 */
public record Trace(ClickId clickId, Optional<Click> click, List<HistoryEntry> history, List<Conversion> conversions) {
    /** Creates a trace. */
    public Trace {
        history = List.copyOf(history);
        conversions = List.copyOf(conversions);
    }
}
