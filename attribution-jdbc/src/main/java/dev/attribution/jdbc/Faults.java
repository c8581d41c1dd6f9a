package dev.attribution.jdbc;

import dev.attribution.StorageException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** Turns what a driver raises into what the SPI promises. */
final class Faults {
    private final Dialect dialect;

    Faults(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * Translates a fault. Its cause is the driver's own exception: JDBI's would carry the SQL with its parameters.
     *
     * @param what completes the sentence "Could not …"
     * @param mend what to do where repeating may help
     */
    StorageException translate(String what, Throwable fault, String mend) {
        SQLException sql = sqlOf(fault);
        if (sql == null) {
            return new StorageException("Could not " + what + ": see the cause.", false, fault);
        }
        String failed =
                "Could not " + what + " (error " + sql.getErrorCode() + ", SQLState " + sql.getSQLState() + "): ";
        if (isTransient(sql)) {
            return new StorageException(failed + "the database is not available, or busy. " + mend, true, sql);
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
     * Runs an insert, unless a unique key is taken.
     *
     * @return whether it inserted
     */
    boolean unlessTaken(Runnable insert) {
        try {
            insert.run();
            return true;
        } catch (JdbiException e) {
            SQLException sql = sqlOf(e);
            if (sql != null && dialect.isDuplicateKey(sql)) {
                return false;
            }
            throw e;
        }
    }

    private boolean isTransient(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientException || cause instanceof SQLRecoverableException) {
                return true;
            }
            if (cause instanceof InterruptedException) { // while waiting for a pooled connection
                return true;
            }
            if (cause instanceof SQLException sql && (stateOf(sql).startsWith("08") || dialect.isTransient(sql))) {
                return true;
            }
        }
        return false;
    }

    private static String stateOf(SQLException fault) {
        return fault.getSQLState() == null ? "" : fault.getSQLState();
    }

    /** Returns the driver's own exception, or {@code null} where it was none. */
    static @Nullable SQLException sqlOf(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }
}
