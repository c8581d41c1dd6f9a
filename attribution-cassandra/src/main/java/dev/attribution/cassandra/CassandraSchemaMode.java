package dev.attribution.cassandra;

/** The handling of the tables when a store is built. */
public enum CassandraSchemaMode {
    /** Creates absent tables and validates. Alters none. Needs the right to create tables only if some are absent. */
    CREATE,
    /**
     * Creates nothing. Refuses a keyspace that lacks a table, and a table with other columns, types or keys, in another order, or
     * with a {@code default_time_to_live}, and names all of them.
     */
    VALIDATE,
    /** Does not check the tables. */
    NONE
}
