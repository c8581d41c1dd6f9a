package dev.attribution.jdbc;

/** What a store does about its tables when it is built. */
public enum SchemaMode {
    /** Creates what is absent, then validates. Needs the right to create tables only where some are absent. */
    CREATE,
    /** Creates nothing; refuses a database in which a table, a column or a unique key is missing, and names them all. */
    VALIDATE,
    /** Does not look. */
    NONE
}
