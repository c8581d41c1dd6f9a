package dev.attribution.jdbc;

/** The conversions that the facts of a scope name. */
enum FactKind {
    FIRST,
    SAME_EVENT,
    SAME_TRANSACTION
}
