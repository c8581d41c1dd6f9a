package dev.attribution.jdbc;

/** The databases that this module knows. */
public enum Vendor {
    /** H2 2.3 or later, in memory or in a file. */
    H2,
    /** PostgreSQL 13 or later. */
    POSTGRESQL,
    /** MariaDB 10.6 or later. */
    MARIADB
}
