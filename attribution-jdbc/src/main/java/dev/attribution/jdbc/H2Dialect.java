package dev.attribution.jdbc;

import dev.attribution.AttributionException;
import java.nio.channels.ClosedChannelException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** H2, whose error codes are those of {@code org.h2.api.ErrorCode}. */
final class H2Dialect implements Dialect {
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

    // to a query that it answered before, H2 may give the result it still has, though a commit has changed it
    private static final String FRESH_RESULTS = "OPTIMIZE_REUSE_RESULTS=0";

    // two letters at least: C: is a drive
    private static final Pattern OTHER_FILE_SYSTEM = Pattern.compile("[a-zA-Z]{2,}:");

    @Override
    public Vendor vendor() {
        return Vendor.H2;
    }

    @Override
    public String afresh() {
        return "rand() >= 0"; // a result that depends on chance is not kept, even where the setting was lost
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
    public Connections.Step begin(Connection connection) throws SQLException {
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
    public int listsAtOnce() {
        return 1; // one thread writes to its file
    }

    @Override
    public Mark mark(Connection connection) throws SQLException {
        return Mark.of(connection, "select transaction_id()");
    }

    @Override
    public List<String> inexactColumns(Connection connection, String schema, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "select COLUMN_NAME from INFORMATION_SCHEMA.COLUMNS where TABLE_SCHEMA = ? and TABLE_NAME = ?"
                        + " and (DATA_TYPE = 'VARCHAR_IGNORECASE' or COLLATION_NAME <> 'OFF')")) {
            statement.setString(1, schema);
            statement.setString(2, table);
            try (ResultSet column = statement.executeQuery()) {
                while (column.next()) {
                    columns.add(column.getString(1));
                }
            }
        }
        return columns;
    }

    @Override
    public Optional<String> prepare(Connection connection) throws SQLException {
        List<String> mends = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            try {
                statement.execute("set " + FRESH_RESULTS.replace('=', ' ')); // for as long as the database stays open
            } catch (SQLException e) {
                mends.add("H2 may answer a query with an outdated result that it keeps: append ;" + FRESH_RESULTS
                        + " to the JDBC URL.");
            }
            String url = connection.getMetaData().getURL();
            if (!isMemory(url)) {
                durabilityProblem(statement).ifPresent(mends::add);
                if (!OTHER_FILE_SYSTEM
                        .matcher(url.substring("jdbc:h2:".length()))
                        .lookingAt()) {
                    mends.add("A thread that is interrupted while H2 writes closes this database for everyone, and what"
                            + " is written at that moment may be lost: write the JDBC URL as jdbc:h2:async:… instead.");
                }
            }
        }
        return mends.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", mends));
    }

    private static Optional<String> durabilityProblem(Statement statement) throws SQLException {
        try (ResultSet setting = statement.executeQuery(
                "select SETTING_VALUE from INFORMATION_SCHEMA.SETTINGS where SETTING_NAME = 'WRITE_DELAY'")) {
            return setting.next() && !setting.getString(1).equals("0")
                    ? Optional.of("H2 answers a commit up to " + setting.getString(1)
                            + " ms before it writes it, so that a killed process loses what it acknowledged in that time:"
                            + " append ;WRITE_DELAY=0 to the JDBC URL.")
                    : Optional.empty();
        }
    }

    /** Tells whether a JDBC URL names an H2 database. */
    static boolean isH2(String url) {
        return url.startsWith("jdbc:h2:");
    }

    /** Tells whether a JDBC URL names a database in this process's memory. */
    static boolean isMemory(String url) {
        return url.startsWith("jdbc:h2:mem:");
    }

    /**
     * Returns a JDBC URL under which a commit is written before it is answered, and under which a thread that is
     * interrupted while it writes does not close the file for everyone.
     *
     * @throws AttributionException if each connection would have a database of its own
     */
    static String durable(String url) {
        if (isMemory(url)) {
            String name = url.substring("jdbc:h2:mem:".length());
            if (name.isEmpty() || name.startsWith(";")) {
                throw new AttributionException("Under " + url + " each connection has a database of its own."
                        + " Give it a name, as in jdbc:h2:mem:attribution.");
            }
            return with(url, FRESH_RESULTS);
        }
        if (!isH2(url)) {
            return url;
        }
        String where = url.substring("jdbc:h2:".length());
        String file = where.startsWith("file:") ? where.substring("file:".length()) : where;
        String path = OTHER_FILE_SYSTEM.matcher(file).lookingAt() ? file : "async:" + file;
        return with(with("jdbc:h2:" + path, "WRITE_DELAY=0"), FRESH_RESULTS);
    }

    private static String with(String url, String setting) {
        String name = setting.substring(0, setting.indexOf('='));
        return url.toUpperCase(Locale.ROOT).contains(";" + name + "=") ? url : url + ";" + setting;
    }
}
