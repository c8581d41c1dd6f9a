package dev.attribution.jdbc;

import dev.attribution.StorageException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** Turns what a driver raises into what the SPI promises. */
final class SqlFaults {
    private static final Set<String> REFUSED = Set.of("28000", "28P01", "3D000"); // user, password, no such database

    private final Dialect dialect;

    SqlFaults(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * Tells whether it may help to repeat what failed before it was known which database it is. Of a pool that timed out,
     * the reason is somewhere in the chain.
     */
    static boolean mayPassWhileOpening(Throwable fault) {
        return !any(fault, cause -> cause instanceof SQLException sql && REFUSED.contains(stateOf(sql)))
                && Stream.of(new H2Dialect(), new PostgresDialect(), new MariaDbDialect())
                        .anyMatch(dialect -> new SqlFaults(dialect).isTransient(fault));
    }

    /**
     * Translates a fault that was not translated before. Its cause is the driver's own exception: JDBI's would carry the SQL with its parameters.
     *
     * @param what completes the sentence "Could not …"
     * @param remedy what to do where repeating may help
     */
    StorageException translate(String what, Throwable fault, String remedy) {
        if (fault instanceof StorageException translated) {
            return translated;
        }
        SQLException sql = sqlOf(fault);
        if (sql == null) {
            return new StorageException("Could not " + what + ": see the cause.", false, fault);
        }
        String failed =
                "Could not " + what + " (error " + sql.getErrorCode() + ", SQLState " + sql.getSQLState() + "): ";
        if (isTransient(sql)) {
            return new StorageException(failed + "the database is not available, or busy. " + remedy, true, sql);
        }
        if (dialect.isMissing(sql)) {
            return new StorageException(
                    failed + "a table or a column is missing. Run JdbcSchema.script(Vendor." + dialect.vendor()
                            + "), or build the store with SchemaMode.CREATE.",
                    false,
                    sql);
        }
        boolean data = stateOf(sql).startsWith("22");
        return new StorageException(
                failed
                        + (data
                                ? "the database cannot hold a value as it is."
                                : "the database refused it; see the cause."),
                false,
                sql);
    }

    /**
     * Returns what a host's handler raised, to be thrown; what is no fault of SQL, it throws as it is.
     *
     * @param remedy what to do where repeating may help
     */
    RuntimeException ofHost(CreditHandlerCall.HostFault fault, String remedy) {
        Throwable raised = fault.raised();
        if (raised instanceof SQLException) {
            return translate("do what the CreditHandler does", raised, remedy);
        }
        return SqlFaults.<RuntimeException>unchecked(raised);
    }

    /** Has a checked exception pass where none is declared, just as it came. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> RuntimeException unchecked(Throwable raised) throws E {
        throw (E) raised;
    }

    /**
     * Runs an insert, unless a unique key is taken.
     *
     * @return whether it inserted
     */
    boolean unlessTaken(Insert insert) throws SQLException {
        try {
            return insert.isDone();
        } catch (SQLException | JdbiException e) {
            SQLException sql = sqlOf(e);
            if (sql != null && dialect.isDuplicateKey(sql)) {
                return false;
            }
            throw e;
        }
    }

    /** An insert that a unique key may prevent. */
    interface Insert {
        /** Inserts, and tells whether there was a place. */
        boolean isDone() throws SQLException;
    }

    boolean isTransient(Throwable fault) {
        return isConnectionLost(fault)
                || any(
                        fault,
                        cause -> (cause instanceof StorageException storage && storage.isTransient())
                                || cause instanceof SQLTransientException
                                || cause instanceof InterruptedException // while waiting for a pooled connection
                                || (cause instanceof SQLException sql && dialect.isConflict(sql)));
    }

    boolean isConnectionLost(Throwable fault) {
        return any(
                fault,
                cause -> cause instanceof SQLRecoverableException
                        || (cause instanceof SQLException sql
                                && (stateOf(sql).startsWith("08") || dialect.isConnectionLost(sql))));
    }

    private static boolean any(Throwable fault, Predicate<Throwable> test) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (test.test(cause)) {
                return true;
            }
            // a batch has what raised it beside it
            if (cause instanceof SQLException sql
                    && sql.getNextException() != null
                    && any(sql.getNextException(), test)) {
                return true;
            }
        }
        return false;
    }

    private static String stateOf(SQLException fault) {
        return fault.getSQLState() == null ? "" : fault.getSQLState();
    }

    private static @Nullable SQLException sqlOf(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }
}
