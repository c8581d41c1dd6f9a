package dev.attribution.jdbc.internal.dialect;

import dev.attribution.AttributionException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;

/** The supported databases. */
public final class Dialects {
    private Dialects() {}

    /** Returns the dialect of every supported database. */
    public static List<Dialect> all() {
        return List.of(new H2Dialect(), new PostgresDialect(), new MariaDbDialect());
    }

    /**
     * Finds the dialect of a connection's database.
     *
     * @throws AttributionException if the database is not supported
     */
    public static Dialect of(Connection connection) throws SQLException {
        DatabaseMetaData database = connection.getMetaData();
        String product = database.getDatabaseProductName();
        int major = database.getDatabaseMajorVersion();
        int minor = database.getDatabaseMinorVersion();
        if (product.equals("H2") && isAtLeast(2, 3, major, minor)) {
            return new H2Dialect();
        }
        if (product.equals("PostgreSQL") && isAtLeast(13, 0, major, minor)) {
            return new PostgresDialect();
        }
        if (product.equals("MariaDB") && isAtLeast(10, 6, major, minor)) {
            return new MariaDbDialect();
        }
        throw new AttributionException("The database " + product + " " + major + "." + minor
                + " is not supported. Supported: H2 2.3, PostgreSQL 13"
                + " and MariaDB 10.6 or later. For any other, implement AttributionStore.");
    }

    private static boolean isAtLeast(int wantedMajor, int wantedMinor, int major, int minor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }
}
