package dev.attribution.history;

import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import org.jspecify.annotations.Nullable;

/** How much attention a history entry needs. */
public enum Severity {
    /** A conversion was made or changed; or a test call. */
    INFO,
    /** A known click, and nothing happened: a duplicate, or a rejection. */
    WARN,
    /** An unattributed postback: its click id was missing or invalid. */
    ERROR;

    /**
     * Returns the severity of an outcome.
     *
     * @param kind the kind of the outcome
     * @param reason the reason of the outcome, or {@code null} if it has none
     * @return its severity
     */
    public static Severity of(Kind kind, @Nullable Reason reason) {
        if (reason == Reason.TEST_CALL) {
            return INFO;
        }
        return switch (kind) {
            case ATTRIBUTED, HELD, ADJUSTED -> INFO;
            case DUPLICATE, REJECTED -> WARN;
            case UNATTRIBUTED -> ERROR;
        };
    }
}
