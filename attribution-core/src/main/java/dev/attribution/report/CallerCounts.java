package dev.attribution.report;

import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import org.jspecify.annotations.Nullable;

/**
 * How many messages of a caller were received, by what became of them. What an operator replayed, imported or changed is not
 * among them, since the caller did not send it, and neither are test calls.
 *
 * <p>Immutable and thread-safe.
 *
 * @param accepted the number of messages that made, changed or repeated a conversion
 * @param failed the number of messages that were rejected or unattributed, except those that are not authentic
 * @param notAuthentic the number of messages that bear the caller's name but failed its check, so that their sender is not known
 */
public record CallerCounts(long accepted, long failed, long notAuthentic) {
    /** No message at all. */
    public static final CallerCounts NONE = new CallerCounts(0, 0, 0);

    static CallerCounts of(Kind kind, @Nullable Reason reason, Origin origin, long count) {
        if (origin != Origin.RECEIVED || reason == Reason.TEST_CALL) {
            return NONE;
        }
        if (reason == Reason.NOT_AUTHENTIC) {
            return new CallerCounts(0, 0, count);
        }
        return kind == Kind.REJECTED || kind == Kind.UNATTRIBUTED
                ? new CallerCounts(0, count, 0)
                : new CallerCounts(count, 0, 0);
    }

    /** {@return the number of messages that the caller sent, accepted or failed} */
    public long sent() {
        return accepted + failed;
    }

    /**
     * Adds counts.
     *
     * @param other the other counts
     * @return the sums
     */
    public CallerCounts plus(CallerCounts other) {
        return new CallerCounts(accepted + other.accepted, failed + other.failed, notAuthentic + other.notAuthentic);
    }
}
