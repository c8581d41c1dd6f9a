package dev.attribution.cassandra;

/** The handling of the tables when a store is built. */
public enum CassandraSchemaMode {
    /** Creates absent tables, then validates. Needs the right to create tables only if some are absent. */
    CREATE,
    /** Creates nothing. Refuses a keyspace that lacks a table or a column, and names all that are missing. */
    VALIDATE,
    /** Does not check the tables. */
    NONE
}
