package dev.attribution.jdbc.internal.statement;

/** The conversions that facts name. */
public enum FactKind {
    FIRST,
    SAME_EVENT,
    /** What the message addresses; two rows if a reversal is ambiguous. */
    ADDRESSED
}
