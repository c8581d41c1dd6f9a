package dev.attribution.repair;

import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome;
import java.util.List;

/**
 * What the messages of a request would do now, of which nothing is stored. The ids of a conversion and of an attempt that the
 * dry run made are temporary.
 *
 * <p>Immutable and thread-safe. Its texts come from outside: escape them when they are shown.
 *
 * @param outcomes one outcome for each message, in their order
 * @param entries the history entries that would be written, one for each message, with their notes and with secrets masked
 */
public record PostbackDryRun(List<PostbackOutcome> outcomes, List<HistoryEntry> entries) {
    /** Creates a description. */
    public PostbackDryRun {
        outcomes = List.copyOf(outcomes);
        entries = List.copyOf(entries);
    }
}
