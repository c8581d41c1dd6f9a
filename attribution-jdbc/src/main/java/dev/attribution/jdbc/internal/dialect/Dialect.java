package dev.attribution.jdbc.internal.dialect;

import dev.attribution.StorageException;
import dev.attribution.jdbc.Vendor;
import dev.attribution.jdbc.internal.row.ColumnValues;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The differences between one database and the others. Everything else is common SQL. */
public interface Dialect {
    /** {@return the database} */
    Vendor vendor();

    /** Returns an id as the driver takes it. */
    default Object id(UUID id) {
        return id;
    }

    /** Returns a time as the driver takes it. */
    default Object time(Instant time) {
        return OffsetDateTime.ofInstant(ColumnValues.storable(time), ZoneOffset.UTC);
    }

    /** Returns a value as the driver takes it. */
    default @Nullable Object value(@Nullable Object value) {
        return value instanceof UUID id ? id(id) : value instanceof Instant time ? time(time) : value;
    }

    /**
     * Binds the absence of a value.
     *
     * @param type the type of its column on PostgreSQL
     */
    default void bindNull(PreparedStatement statement, int position, String type) throws SQLException {
        statement.setObject(position, null);
    }

    /** Teaches JDBI to bind and read ids and times as this database stores them. */
    default void configure(Jdbi jdbi) {
        ColumnValues.register(
                jdbi,
                Instant.class,
                Types.TIMESTAMP_WITH_TIMEZONE,
                (row, column) -> {
                    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
                    return time == null ? null : time.toInstant();
                },
                this::time);
        ColumnValues.register(
                jdbi, UUID.class, Types.OTHER, (row, column) -> row.getObject(column, UUID.class), this::id);
    }

    /** Returns an insert that does nothing if a unique key is taken, on a database where a taken key ends the transaction. */
    default String doNothingIfTaken(String insert) {
        return insert;
    }

    /** Returns a condition that is always true and keeps the database from answering with an earlier result. */
    default String neverCached() {
        return "1 = 1";
    }

    /** Returns what follows a table that is to be read by an index although no statistics of it were gathered yet. */
    default String byIndex(String index) {
        return "";
    }

    /** Returns the SQL expression that stores the text of a parameter as JSON. */
    String json(String parameter);

    /** Returns whether a statement failed because a unique key is taken, and for no other reason. */
    boolean isDuplicateKey(SQLException fault);

    /** Returns whether a unit of work lost a conflict with another one and may succeed when it is repeated. */
    boolean isConflict(SQLException fault);

    /** Returns whether the connection is unusable from now on, while another connection may work. */
    boolean isConnectionLost(SQLException fault);

    /** Returns whether a statement failed because a table, a column or a schema is missing. */
    boolean isMissing(SQLException fault);

    /**
     * Begins a transaction at READ COMMITTED.
     *
     * @return the action after its end that leaves the connection as it was
     */
    default SqlAction begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set transaction isolation level read committed"); // for this transaction alone
        }
        return () -> {};
    }

    /** Rolls back a transaction that {@link #begin} began. */
    default void rollBack(Connection connection) throws SQLException {
        connection.rollback();
    }

    /** Returns how many lists of concurrent callers' work are written in parallel. */
    default int maxConcurrentLists() {
        return 2;
    }

    /** Remembers the current transaction of a connection, which has written something. */
    Mark mark(Connection connection) throws SQLException;

    /**
     * Returns the schema of a table as the database spells it, or the database on an engine where the two are the same.
     *
     * @param table the name as it is used in SQL
     * @param row the columns of a query of that table
     */
    default String schemaOf(Connection connection, String table, ResultSetMetaData row) throws SQLException {
        String schema = row.getSchemaName(1);
        return schema.isEmpty() ? row.getCatalogName(1) : schema;
    }

    /** Returns whether a table is partitioned. */
    default boolean isPartitioned(Connection connection, String table) throws SQLException {
        return false;
    }

    /** Returns whether no partition takes a row. */
    default boolean isWithoutPartition(SQLException fault) {
        return false;
    }

    /**
     * Returns a query of the columns that treat different texts as equal, such as texts that differ in case alone. Its
     * parameters are a schema and a table.
     */
    String inexactColumnsQuery();

    /** Returns a query that returns its parameter, a text, as it is after its way to the database and back. */
    String echoQuery();

    /**
     * Returns whether a connection finds a table without a schema in one of several. Others find it in their current schema
     * alone, which is the database on MariaDB.
     */
    default boolean hasSearchPath() {
        return true;
    }

    /**
     * Refuses a connection with settings under which no store can work.
     *
     * @throws StorageException with the setting and how to fix it
     */
    default void requireUsable(Connection connection) throws SQLException {}

    /**
     * Refuses a connection that reads what others have not committed: a look-up outside of a transaction reads at its level.
     *
     * @throws StorageException with the remedy
     */
    static void requireCommittedReads(Connection connection) throws SQLException {
        if (connection.getTransactionIsolation() == Connection.TRANSACTION_READ_UNCOMMITTED) {
            throw new StorageException(
                    "The connections have the isolation level READ UNCOMMITTED, under which a postback would be a duplicate of a"
                            + " credit that is rolled back. Set READ COMMITTED, or a higher level, for the pool or the server.",
                    false,
                    null);
        }
    }

    /** Returns the clause that limits a query to its first rows. */
    default String firstRows(String count) {
        return " limit " + count;
    }

    /** Applies the settings that the store needs, and returns what else is wrong with the database's settings and how to fix it. */
    Optional<String> prepare(Connection connection) throws SQLException;

    /** A transaction that is remembered. */
    interface Mark {
        /** Returns whether the connection is still in that transaction. To be called once. */
        boolean isStillThere() throws SQLException;

        /** Remembers a transaction by the answer that a query gives in it. */
        static Mark of(Connection connection, String query) throws SQLException {
            String transaction = answer(connection, query);
            return () -> transaction.equals(answer(connection, query));
        }

        private static String answer(Connection connection, String query) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(query)) {
                row.next();
                return String.valueOf(row.getString(1));
            }
        }
    }
}
