package dev.attribution.jdbc;

import dev.attribution.AttributionException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Where one database differs from the others. Everything else is common SQL. */
interface Dialect {
    /** Returns the database. */
    Vendor vendor();

    /** Returns the SQL expression that stores a parameter's text as JSON. */
    String json(String parameter);

    /** Tells whether a statement failed because a unique key is taken, and for no other reason. */
    boolean isDuplicateKey(SQLException fault);

    /** Tells whether the same unit of work may succeed when it is repeated. */
    boolean isTransient(SQLException fault);

    /** Tells whether a statement failed because a table, a column or a schema is missing. */
    boolean isMissing(SQLException fault);

    /** Tells whether a statement failed because what it creates is there already. */
    boolean isThereAlready(SQLException fault);

    /** Lists the columns of a table that take different texts for equal, such as those that differ in case alone. */
    List<String> inexactColumns(Connection connection, String schema, String table) throws SQLException;

    /** Says what keeps a commit from surviving a killed process, with the mend, or empty where it survives. */
    Optional<String> durabilityProblem(Connection connection) throws SQLException;

    /**
     * Finds the dialect of a connection's database.
     *
     * @throws AttributionException if the database is not supported
     */
    static Dialect of(Connection connection) throws SQLException {
        DatabaseMetaData database = connection.getMetaData();
        String product = database.getDatabaseProductName();
        int major = database.getDatabaseMajorVersion();
        int minor = database.getDatabaseMinorVersion();
        if (product.equals("H2") && (major > 2 || (major == 2 && minor >= 3))) {
            return new H2Dialect();
        }
        throw new AttributionException("The database " + product + " " + major + "." + minor
                + " is not supported. Supported: H2 2.3 or later. For any other, implement AttributionStore.");
    }
}
