package dev.attribution.listener;

import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.postback.PostbackOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A postback, a repair's attempt or an operator's act whose outcome is stored.
 *
 * <p>Immutable and thread-safe.
 *
 * @param outcome the outcome
 * @param caller the name of the caller that sent the postback
 * @param origin whether it was received, replayed, imported, or is the act of an operator
 * @param receivedAt the time of the postback; a replay and an import have that of the original
 * @param sinceClick the time from the click to the postback, or empty if no click is known
 */
public record SettledPostback(
        PostbackOutcome outcome, String caller, Origin origin, Instant receivedAt, Optional<Duration> sinceClick) {
    /** Creates a description. */
    public SettledPostback {
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(receivedAt, "receivedAt");
        Objects.requireNonNull(sinceClick, "sinceClick");
    }
}
