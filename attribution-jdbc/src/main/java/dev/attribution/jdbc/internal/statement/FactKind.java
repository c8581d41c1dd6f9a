package dev.attribution.jdbc.internal.statement;

/** The conversions that the facts of a scope name. */
public enum FactKind {
    FIRST,
    SAME_EVENT,
    SAME_TRANSACTION
}
