package dev.attribution.jdbc;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Where one database differs from the others. Everything else is common SQL. */
interface Dialect {
    /** Returns the database. */
    Vendor vendor();

    /** Returns an id as the driver takes it. */
    default Object id(UUID id) {
        return id;
    }

    /** Returns a time as the driver takes it. */
    default Object time(Instant time) {
        return utc(time);
    }

    /** Returns a value as the driver takes it. */
    default @Nullable Object value(@Nullable Object value) {
        return value instanceof UUID id ? id(id) : value instanceof Instant time ? time(time) : value;
    }

    /** Has JDBI bind and read ids and times as this database keeps them. */
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
        ColumnValues.register(jdbi, UUID.class, Types.OTHER, (row, column) -> row.getObject(column, UUID.class), this::id);
    }

    static OffsetDateTime utc(Instant instant) {
        try {
            return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new StorageException("Cannot store an instant a billion years away; check the clock.", false, e);
        }
    }

    /** Returns an insert that does nothing where a unique key is taken, if the database needs that to go on. */
    default String unlessTaken(String insert) {
        return insert;
    }

    /** Returns what writes lists of clicks. */
    default ClickWriter clicks(TableNames tables, SqlFaults faults) {
        return new BulkClickWriter(faults, bulkInsert(tables.click(), ClickTable.WRITTEN), false);
    }

    /** Returns what writes clicks while their offers are unchanged, if the database does that at once. */
    default @Nullable PostgresGuardedClickWriter clicksOfUnchangedOffers(TableNames tables) {
        return null;
    }

    /** Returns the fastest way to insert many rows. */
    default <R> BulkInsert<R> bulkInsert(String table, List<Column<R>> columns) {
        return new BatchInsert<>(table, this, columns);
    }

    /** Returns what looks up click, offer and facts, if the database does that at once. */
    default @Nullable PostgresLookUp lookUps(TableNames tables) {
        return null;
    }

    /** Returns what reads facts. */
    default FactsReader facts(TableNames tables) {
        return new StepwiseFactsReader(tables, this);
    }

    /** Returns what writes settlements. */
    default SettlementWriter settlements(TableNames tables, SqlFaults faults) {
        return new BulkSettlementWriter(tables, this, faults);
    }

    /** Returns a condition that is always true, and with which a query looks at the tables even where a result was kept. */
    default String afresh() {
        return "1 = 1";
    }

    /** Returns the SQL expression that stores a parameter's text as JSON. */
    String json(String parameter);

    /** Tells whether a statement failed because a unique key is taken, and for no other reason. */
    boolean isDuplicateKey(SQLException fault);

    /** Tells whether a unit of work lost a conflict with another, so that it may succeed when it is repeated. */
    boolean isConflict(SQLException fault);

    /** Tells whether the connection is of no more use, while another one may be. */
    boolean isConnectionLost(SQLException fault);

    /** Tells whether a statement failed because a table, a column or a schema is missing. */
    boolean isMissing(SQLException fault);

    /**
     * Begins a transaction at READ COMMITTED.
     *
     * @return what to do behind its end, to leave the connection as it was
     */
    default Connections.Step begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set transaction isolation level read committed"); // for this transaction alone
        }
        return () -> {};
    }

    /** Rolls back what {@link #begin} began. */
    default void rollBack(Connection connection) throws SQLException {
        connection.rollback();
    }

    /** Returns how many lists of concurrent callers' work to write at once. */
    default int listsAtOnce() {
        return 2;
    }

    /** Remembers the transaction that a connection is in and that has written something. */
    Mark mark(Connection connection) throws SQLException;

    /**
     * Returns the schema that a table stands in, as the database spells it; or the database, where that is the same.
     *
     * @param table the name, as it is used in SQL
     * @param row of a query of that table
     */
    default String schemaOf(Connection connection, String table, ResultSetMetaData row) throws SQLException {
        String schema = row.getSchemaName(1);
        return schema.isEmpty() ? row.getCatalogName(1) : schema;
    }

    /** Lists the columns of a table that take different texts for equal, such as those that differ in case alone. */
    List<String> inexactColumns(Connection connection, String schema, String table) throws SQLException;

    /** Sets what the store needs, and says what else is wrong with the database's settings, with the mend. */
    Optional<String> prepare(Connection connection) throws SQLException;

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
        if (product.equals("H2") && isAtLeast(2, 3, major, minor)) {
            return new H2Dialect();
        }
        if (product.equals("PostgreSQL") && isAtLeast(12, 0, major, minor)) {
            return new PostgresDialect();
        }
        if (product.equals("MariaDB") && isAtLeast(10, 6, major, minor)) {
            return new MariaDbDialect();
        }
        throw new AttributionException(
                "The database " + product + " " + major + "." + minor
                        + " is not supported. Supported: H2 2.3, PostgreSQL 12 and MariaDB 10.6 or later. For any other, implement AttributionStore.");
    }

    private static boolean isAtLeast(int wantedMajor, int wantedMinor, int major, int minor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }

    /** A transaction that is remembered. */
    interface Mark {
        /** Tells whether the connection is in that transaction yet. Asked once. */
        boolean isStillThere() throws SQLException;

        /** Remembers a transaction by what a query answers in it. */
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
