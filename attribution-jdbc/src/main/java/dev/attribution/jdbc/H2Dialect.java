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
    private static final Set<Integer> THERE_ALREADY = Set.of(
            42101, // table
            42111, // index
            90045, // constraint
            90078); // schema

    @Override
    public Vendor vendor() {
        return Vendor.H2;
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
    public boolean isTransient(SQLException fault) {
        return CONFLICT.contains(fault.getErrorCode()) || isConnectionLost(fault);
    }

    /** Tells whether the connection is of no more use: most often since an interrupted thread closed the database. */
    static boolean isConnectionLost(SQLException fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof ClosedChannelException) {
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
    public boolean isThereAlready(SQLException fault) {
        return THERE_ALREADY.contains(fault.getErrorCode());
    }

    @Override
    public List<String> inexactColumns(Connection connection, String schema, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "select column_name from information_schema.columns where table_schema = ? and table_name = ?"
                        + " and (data_type = 'VARCHAR_IGNORECASE' or collation_name <> 'OFF')")) {
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
    public Optional<String> durabilityProblem(Connection connection) throws SQLException {
        if (isMemory(connection.getMetaData().getURL())) {
            return Optional.empty();
        }
        try (Statement statement = connection.createStatement();
                ResultSet setting = statement.executeQuery(
                        "select setting_value from information_schema.settings where setting_name = 'WRITE_DELAY'")) {
            if (!setting.next() || setting.getString(1).equals("0")) {
                return Optional.empty();
            }
            return Optional.of("H2 answers a commit up to " + setting.getString(1)
                    + " ms before it writes it: what was acknowledged in that time is lost when the process is killed."
                    + " Append ;WRITE_DELAY=0 to the JDBC URL, or execute SET WRITE_DELAY 0 once as an administrator.");
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
     * Returns a JDBC URL under which a commit is written before it is answered.
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
            return url;
        }
        boolean chosen = url.toUpperCase(Locale.ROOT).contains(";WRITE_DELAY=");
        return !isH2(url) || chosen ? url : url + ";WRITE_DELAY=0";
    }
}
