package dev.attribution.jdbc.internal.dialect;

import dev.attribution.StorageException;
import dev.attribution.jdbc.Vendor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** PostgreSQL. Its errors are told apart by SQLState. */
public final class PostgresDialect implements Dialect {
    private static final String DUPLICATE_KEY = "23505";
    private static final Set<String> CONFLICT = Set.of(
            "40001", // serialization failure
            "40P01", // deadlock
            "55P03", // lock not available
            "57014", // statement timeout
            "0A000"); // the plan of a prepared statement is outdated, since a column has changed
    private static final Set<String> CONNECTION_LOST = Set.of(
            "57P01", // the server shuts down
            "57P02", // the server crashed
            "57P03", // the server is starting
            "53300", // too many connections
            "53100", // disk full
            "53200", // out of memory
            "25006", // read only, as after a failover
            "42P05", // the prepared statement exists, since a pooler changed the server's connection
            "26000"); // the prepared statement does not exist, for the same reason
    private static final Pattern PARTITION = Pattern.compile("partici|partition", Pattern.CASE_INSENSITIVE);
    private static final Set<String> MISSING = Set.of("42P01", "42703", "3F000"); // table, column, schema

    @Override
    public Vendor vendor() {
        return Vendor.POSTGRESQL;
    }

    /**
     * {@inheritDoc}
     *
     * <p>It has the type as which the driver sends values. A parameter that changes its type would make the driver prepare the
     * statement again for each change, and the server plan it again for each call.
     */
    @Override
    public void bindNull(PreparedStatement statement, int position, String type) throws SQLException {
        switch (type) {
            case "text", "json" -> statement.setNull(position, Types.VARCHAR);
            case "int2" -> statement.setNull(position, Types.INTEGER);
            default -> statement.setNull(position, Types.OTHER, type);
        }
    }

    @Override
    public String json(String parameter) {
        return "cast(" + parameter + " as json)";
    }

    @Override
    public String doNothingIfTaken(String insert) {
        return insert + " on conflict do nothing"; // a taken key would end the transaction
    }

    @Override
    public boolean isDuplicateKey(SQLException fault) {
        return DUPLICATE_KEY.equals(fault.getSQLState());
    }

    @Override
    public boolean isConflict(SQLException fault) {
        return fault.getSQLState() != null && CONFLICT.contains(fault.getSQLState());
    }

    @Override
    public boolean isConnectionLost(SQLException fault) {
        return fault.getSQLState() != null && CONNECTION_LOST.contains(fault.getSQLState());
    }

    @Override
    public boolean isMissing(SQLException fault) {
        return fault.getSQLState() != null && MISSING.contains(fault.getSQLState());
    }

    @Override
    public Mark mark(Connection connection) throws SQLException {
        return Mark.of(connection, "select txid_current()");
    }

    @Override
    public String inexactColumnsQuery() {
        return "select a.attname from pg_attribute a join pg_class t on t.oid = a.attrelid"
                + " join pg_namespace n on n.oid = t.relnamespace join pg_collation c on c.oid = a.attcollation"
                + " where n.nspname = ? and t.relname = ? and not c.collisdeterministic";
    }

    @Override
    public String schemaOf(Connection connection, String table, ResultSetMetaData unused) throws SQLException {
        // the driver does not know it, and the table may stand anywhere on the search path
        try (PreparedStatement statement = connection.prepareStatement(
                "select n.nspname from pg_class t join pg_namespace n on n.oid = t.relnamespace"
                        + " where t.oid = to_regclass(?)")) {
            statement.setString(1, table);
            try (ResultSet schema = statement.executeQuery()) {
                return schema.next() ? schema.getString(1) : "";
            }
        }
    }

    @Override
    public boolean isPartitioned(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select 1 from pg_class where oid = to_regclass(?) and relkind = 'p'")) {
            statement.setString(1, table);
            try (ResultSet found = statement.executeQuery()) {
                return found.next();
            }
        }
    }

    @Override
    public boolean isWithoutPartition(SQLException fault) {
        return "23514".equals(fault.getSQLState())
                && PARTITION.matcher(String.valueOf(fault.getMessage())).find();
    }

    @Override
    public String echoQuery() {
        return "select cast(? as text)";
    }

    @Override
    public void requireUsable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet setting = statement.executeQuery("select current_setting('array_nulls')")) {
            if (setting.next() && setting.getString(1).equals("off")) {
                throw new StorageException(
                        "The connections have array_nulls=off, under which absent values of a list become the text"
                                + " 'NULL'. Remove the setting from the URL, the user or the database.",
                        false,
                        null);
            }
        }
    }

    @Override
    public Optional<String> prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet setting = statement.executeQuery(
                        "select name from pg_settings where name in ('fsync', 'synchronous_commit') and setting = 'off'")) {
            return setting.next()
                    ? Optional.of("PostgreSQL runs with " + setting.getString(1)
                            + "=off: a crash loses what was acknowledged last. Switch it on for this database.")
                    : Optional.empty();
        }
    }
}
