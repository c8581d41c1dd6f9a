package dev.attribution.jdbc.internal.dialect;

import dev.attribution.StorageException;
import dev.attribution.jdbc.Vendor;
import dev.attribution.jdbc.internal.row.ColumnValues;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** MariaDB. Its error codes are those of its reference. Ids are stored as 16 bytes, times as UTC without a zone. */
public final class MariaDbDialect implements Dialect {
    private static final int DUPLICATE_KEY = 1062;
    private static final int NO_SUCH_SAVEPOINT = 1305;
    private static final Set<Integer> NOT_UNDERSTOOD = Set.of(1064, 1295); // not parsed, not among what can be prepared

    /** Begins a transaction at READ COMMITTED, in a compound statement. */
    public static final String BEGIN = "set transaction isolation level read committed; start transaction; ";

    /** Ends a transaction whatever {@code completion_type} says, which could begin the next one at once or end the connection. */
    public static final String COMMIT = "commit and no chain no release";

    private static final String ROLLBACK = "rollback and no chain no release";

    private static final Set<Integer> CONFLICT = Set.of(
            1213, // deadlock
            1205, // lock timeout
            1020, // the row changed since it was read
            1317, // the statement was stopped
            1412); // the table was changed
    private static final Set<Integer> CONNECTION_LOST = Set.of(
            1927, // killed
            1053, // the server shuts down
            1040, // too many connections
            1203, // too many of the user
            1021, // disk full
            1041, // out of memory
            1290); // read only, as after a failover
    private static final Set<Integer> MISSING = Set.of(1146, 1054, 1049); // table, column, database

    @Override
    public Vendor vendor() {
        return Vendor.MARIADB;
    }

    @Override
    public void configure(Jdbi jdbi) {
        ColumnValues.register(
                jdbi,
                Instant.class,
                Types.TIMESTAMP,
                (row, column) -> {
                    LocalDateTime utc = row.getObject(column, LocalDateTime.class);
                    return utc == null ? null : utc.toInstant(ZoneOffset.UTC);
                },
                this::time);
        ColumnValues.register(
                jdbi,
                UUID.class,
                Types.BINARY,
                (row, column) -> {
                    byte[] bytes = row.getBytes(column);
                    if (bytes == null) {
                        return null;
                    }
                    ByteBuffer buffer = ByteBuffer.wrap(bytes);
                    return new UUID(buffer.getLong(), buffer.getLong());
                },
                this::id);
    }

    @Override
    public Object id(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    @Override
    public Object time(Instant instant) {
        return LocalDateTime.ofInstant(ColumnValues.storable(instant), ZoneOffset.UTC);
    }

    @Override
    public String byIndex(String index) {
        return " force index (" + index + ")"; // it guesses that every row has the value, and reads them all
    }

    @Override
    public String json(String parameter) {
        return parameter;
    }

    @Override
    public boolean isDuplicateKey(SQLException fault) {
        return fault.getErrorCode() == DUPLICATE_KEY;
    }

    @Override
    public boolean isConflict(SQLException fault) {
        return CONFLICT.contains(fault.getErrorCode());
    }

    @Override
    public boolean isConnectionLost(SQLException fault) {
        return CONNECTION_LOST.contains(fault.getErrorCode());
    }

    @Override
    public boolean isMissing(SQLException fault) {
        return MISSING.contains(fault.getErrorCode());
    }

    /** Returns whether the server does not understand a statement. */
    public static boolean isNotUnderstood(SQLException fault) {
        return NOT_UNDERSTOOD.contains(fault.getErrorCode());
    }

    /** Sends a statement: without one, the driver sends nothing before the first, and the isolation would apply to the next transaction. */
    @Override
    public void rollBack(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(ROLLBACK);
        }
    }

    @Override
    public Mark mark(Connection connection) throws SQLException {
        Savepoint savepoint = connection.setSavepoint(); // it ends with its transaction
        return () -> {
            try {
                connection.releaseSavepoint(savepoint);
                return true;
            } catch (SQLException e) {
                if (e.getErrorCode() == NO_SUCH_SAVEPOINT) {
                    return false;
                }
                throw e;
            }
        };
    }

    @Override
    public String inexactColumnsQuery() {
        return "select column_name from information_schema.columns where table_schema = ? and table_name = ?"
                + " and data_type = 'varchar' and collation_name <> 'utf8mb4_nopad_bin'";
    }

    @Override
    public String echoQuery() {
        return "select cast(? as char)";
    }

    @Override
    public boolean hasSearchPath() {
        return false;
    }

    @Override
    public Optional<String> prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet setting = statement.executeQuery("select @@innodb_flush_log_at_trx_commit")) {
            return setting.next() && setting.getInt(1) != 1
                    ? Optional.of("MariaDB runs with innodb_flush_log_at_trx_commit=" + setting.getInt(1)
                            + ": a crash loses what was acknowledged last. Set it to 1.")
                    : Optional.empty();
        }
    }

    /** With another character set, texts come back as they were given, but other connections read other texts. */
    @Override
    public void requireUsable(Connection connection) throws SQLException {
        Dialect.requireCommittedReads(connection);
        try (Statement statement = connection.createStatement();
                ResultSet names = statement.executeQuery(
                        "select @@character_set_client, @@character_set_connection, @@character_set_results")) {
            names.next();
            for (int i = 1; i <= 3; i++) {
                String name = names.getString(i);
                if (name != null && !name.equals("utf8mb4")) {
                    throw new StorageException(
                            "The connections have the character set " + name
                                    + " instead of utf8mb4, under which texts are"
                                    + " stored as other texts. Remove SET NAMES, SET CHARACTER SET or the like from the"
                                    + " connections' settings.",
                            false,
                            null);
                }
            }
        }
    }
}
