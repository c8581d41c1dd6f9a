package dev.attribution.history;

import dev.attribution.postback.PostbackOutcome.Kind;

/** How much attention a history entry needs. */
public enum Severity {
    /** Credited. */
    INFO,
    /** A known click that was not credited: a duplicate, or a rejection. */
    WARN,
    /** An unattributed postback: its click id was missing or invalid. */
    ERROR;

    /**
     * Returns the severity of a kind of outcome.
     *
     * @param kind the kind
     * @return its severity
     */
    public static Severity of(Kind kind) {
        return switch (kind) {
            case ATTRIBUTED -> INFO;
            case DUPLICATE, REJECTED -> WARN;
            case UNATTRIBUTED -> ERROR;
        };
    }
}
