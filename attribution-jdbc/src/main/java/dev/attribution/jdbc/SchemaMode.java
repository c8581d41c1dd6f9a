package dev.attribution.jdbc;

/** The handling of the tables when a store is built. */
public enum SchemaMode {
    /** Creates absent tables and indexes, then validates. Needs the right to create tables only if some are absent. */
    CREATE,
    /**
     * Creates nothing. Refuses a database that lacks a table, a column, a unique key or an index that a statement names, and
     * names all that are missing.
     */
    VALIDATE,
    /** Does not check. */
    NONE
}
