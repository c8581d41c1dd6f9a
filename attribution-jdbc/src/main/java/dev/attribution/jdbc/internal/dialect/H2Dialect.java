package dev.attribution.jdbc.internal.dialect;

import dev.attribution.StorageException;
import dev.attribution.jdbc.Vendor;
import java.nio.channels.ClosedChannelException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** H2. Its error codes are those of {@code org.h2.api.ErrorCode}. */
public final class H2Dialect implements Dialect {
    private static final int DUPLICATE_KEY = 23505;
    private static final Set<Integer> CONFLICT = Set.of(
            40001, // deadlock
            50200, // lock timeout
            90131); // concurrent update
    private static final Set<Integer> CONNECTION_LOST = Set.of(
            90007, // connection or statement is closed
            90020, // the file is open in another process, or still being closed in this one
            90067, // connection is broken
            90098, // database was closed
            90121); // database is shutting down
    private static final Set<Integer> MISSING = Set.of(
            42102, 42103, 42104, // table
            42122, // column
            90079); // schema

    @Override
    public Vendor vendor() {
        return Vendor.H2;
    }

    @Override
    public String neverCached() {
        return "rand() >= 0"; // H2 keeps no result that depends on chance, even if the setting was lost
    }

    @Override
    public String json(String parameter) {
        return parameter + " format json"; // without it, text becomes a JSON string
    }

    @Override
    public boolean isDuplicateKey(SQLException fault) {
        for (SQLException e = fault; e != null; e = e.getNextException()) { // a batch has one per row
            if (e.getErrorCode() != DUPLICATE_KEY) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean isConflict(SQLException fault) {
        return CONFLICT.contains(fault.getErrorCode());
    }

    @Override
    public boolean isConnectionLost(SQLException fault) {
        // an interrupted thread closes the file, and H2 then the database, under several codes
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof ClosedChannelException || cause instanceof InterruptedException) {
                return true;
            }
        }
        return CONNECTION_LOST.contains(fault.getErrorCode());
    }

    @Override
    public boolean isMissing(SQLException fault) {
        return MISSING.contains(fault.getErrorCode());
    }

    @Override
    public SqlAction begin(Connection connection) throws SQLException {
        int isolation = connection.getTransactionIsolation();
        if (isolation == Connection.TRANSACTION_READ_COMMITTED) {
            connection.setAutoCommit(false);
            return () -> {};
        }
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(false);
        return () -> connection.setTransactionIsolation(isolation);
    }

    @Override
    public int maxConcurrentLists() {
        return 1; // one thread writes to its file
    }

    @Override
    public Mark mark(Connection connection) throws SQLException {
        return Mark.of(connection, "select transaction_id()");
    }

    @Override
    public String inexactColumnsQuery() {
        return "select COLUMN_NAME from INFORMATION_SCHEMA.COLUMNS where TABLE_SCHEMA = ? and TABLE_NAME = ?"
                + " and (DATA_TYPE = 'VARCHAR_IGNORECASE' or COLLATION_NAME <> 'OFF')";
    }

    @Override
    public String echoQuery() {
        return "select cast(? as varchar)";
    }

    @Override
    public String firstRows(String count) {
        return " fetch first " + count + " rows only"; // some of H2's modes do not know limit
    }

    @Override
    public void requireUsable(Connection connection) throws SQLException {
        Dialect.requireCommittedReads(connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select SETTING_VALUE from INFORMATION_SCHEMA.SETTINGS where 1 = 0");
        } catch (SQLException e) {
            if (isMissing(e)) {
                throw new StorageException(
                        "H2 runs with OLD_INFORMATION_SCHEMA=TRUE, under which this store cannot check its tables. Remove"
                                + " the setting from the JDBC URL.",
                        false,
                        e);
            }
            throw e;
        }
    }

    @Override
    public Optional<String> prepare(Connection connection) throws SQLException {
        List<String> remedies = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            try {
                statement.execute("set " + H2Url.FRESH_RESULTS.replace('=', ' ')); // until the database is closed
            } catch (SQLException e) {
                remedies.add("H2 may answer a query with an outdated result that it keeps: append ;"
                        + H2Url.FRESH_RESULTS + " to the JDBC URL.");
            }
            String url = connection.getMetaData().getURL();
            if (!H2Url.isMemory(url)) {
                durabilityProblem(statement).ifPresent(remedies::add);
                if (H2Url.isPlainFile(url)) {
                    remedies.add(
                            "A thread that is interrupted while H2 writes closes this database for everyone, and"
                                    + " data that is being written may be lost: write the JDBC URL as jdbc:h2:async:… instead.");
                }
            }
        }
        return remedies.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", remedies));
    }

    private static Optional<String> durabilityProblem(Statement statement) throws SQLException {
        try (ResultSet setting = statement.executeQuery(
                "select SETTING_VALUE from INFORMATION_SCHEMA.SETTINGS where SETTING_NAME = 'WRITE_DELAY'")) {
            return setting.next() && !setting.getString(1).equals("0")
                    ? Optional.of("H2 answers a commit up to " + setting.getString(1)
                            + " ms before it writes it, and a killed process loses what it acknowledged in that time:"
                            + " append ;WRITE_DELAY=0 to the JDBC URL.")
                    : Optional.empty();
        }
    }
}
