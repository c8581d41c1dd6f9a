package dev.attribution.jdbc.internal.transaction;

import dev.attribution.StorageException;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.dialect.Dialects;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** Translates the exceptions of a driver into those that the SPI promises. */
public final class SqlFaults {
    private static final Set<String> REFUSED =
            Set.of("28000", "28P01", "3D000"); // wrong user or password, no such database

    // a prepared statement exists already, does not exist, or is used in another way
    private static final Set<String> OF_POOLER = Set.of("42P05", "26000", "08P01");

    // data, integrity constraint, check option of a view
    private static final Set<String> OF_DATA = Set.of("22", "23", "44");
    private static final Pattern CONSTRAINT =
            Pattern.compile("constraint(?: violation)?:? [\"`]+([\\w$.-]{1,128})", Pattern.CASE_INSENSITIVE);

    private final Dialect dialect;

    public SqlFaults(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * Returns whether a retry may help after a failure before the database was known. If a pool timed out, the reason is
     * somewhere in the chain of causes.
     */
    public static boolean mayPassWhileOpening(Throwable fault) {
        return !any(fault, cause -> cause instanceof SQLException sql && REFUSED.contains(stateOf(sql)))
                && Dialects.all().stream().anyMatch(dialect -> new SqlFaults(dialect).isTransient(fault));
    }

    /**
     * Translates a fault that was not translated before. The cause is the driver's own exception, since JDBI's carries the
     * SQL with its parameters.
     *
     * @param what completes the sentence "Could not …"
     * @param remedy what to do if a retry may help
     */
    public StorageException translate(String what, Throwable fault, String remedy) {
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
            return new StorageException(failed + reason(sql) + remedy, true, sql);
        }
        if (dialect.isMissing(sql)) {
            return new StorageException(
                    failed + "a table or a column is missing. Run JdbcSchema.script(Vendor." + dialect.vendor()
                            + "), or build the store with SchemaMode.CREATE.",
                    false,
                    sql);
        }
        if (dialect.isWithoutPartition(sql)) {
            return new StorageException(
                    failed + "no partition takes the time of an id. Create the partitions of that month with"
                            + " createPartitions(…) of the store, and ahead of time from now on.",
                    false,
                    withoutRow(sql));
        }
        boolean data = stateOf(sql).startsWith("22");
        SQLException cause = withoutRow(sql);
        return new StorageException(
                failed
                        + (data
                                ? "the database cannot hold a value as it is."
                                : "the database refused it; see the cause."),
                false,
                cause);
    }

    private static String reason(SQLException fault) {
        return OF_POOLER.contains(stateOf(fault))
                ? "a pooler between application and database seems to mix up prepared statements. Set prepareThreshold=0 in"
                        + " the JDBC URL, or max_prepared_statements in PgBouncer 1.21 or later. "
                : "the database is not available, or busy. ";
    }

    /**
     * Returns an exception that says what the database refused, without the values of the row. The message of a driver may
     * quote the whole row, with the member, the address and the browser of a person.
     */
    private static SQLException withoutRow(SQLException fault) {
        String state = stateOf(fault);
        String message = String.valueOf(fault.getMessage());
        String kept;
        if (OF_DATA.contains(state.substring(0, Math.min(2, state.length())))) {
            Matcher constraint = CONSTRAINT.matcher(message);
            kept = constraint.find() ? "constraint " + constraint.group(1) : "a value of the row";
        } else {
            kept = message.lines().findFirst().orElse("");
        }
        SQLException copy = new SQLException(kept, fault.getSQLState(), fault.getErrorCode());
        copy.setStackTrace(fault.getStackTrace());
        return copy;
    }

    /**
     * Returns the exception to throw for one that a host's handler threw. Throws it as it is if it is not about SQL.
     *
     * @param remedy what to do if a retry may help
     */
    public RuntimeException ofHost(CreditHandlerCall.HostFault fault, String remedy) {
        Throwable raised = fault.raised();
        if (raised instanceof SQLException) {
            return translate("do the work of the CreditHandler", raised, remedy);
        }
        return SqlFaults.<RuntimeException>unchecked(raised);
    }

    /** Throws a checked exception that the caller does not declare. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> RuntimeException unchecked(Throwable raised) throws E {
        throw (E) raised;
    }

    /**
     * Runs an insert.
     *
     * @return whether it inserted; false if a unique key is taken
     */
    public boolean tryInsert(Insert insert) throws SQLException {
        try {
            return insert.insert();
        } catch (SQLException | JdbiException e) {
            SQLException sql = sqlOf(e);
            if (sql != null && dialect.isDuplicateKey(sql)) {
                return false;
            }
            throw e;
        }
    }

    /** An insert that a taken unique key may prevent. */
    public interface Insert {
        /** Inserts, and returns whether the place was free. */
        boolean insert() throws SQLException;
    }

    public boolean isTransient(Throwable fault) {
        return isConnectionLost(fault)
                || any(
                        fault,
                        cause -> (cause instanceof StorageException storage && storage.isTransient())
                                || cause instanceof SQLTransientException
                                || cause instanceof InterruptedException // while waiting for a pooled connection
                                || (cause instanceof SQLException sql && dialect.isConflict(sql)));
    }

    /** Returns whether the database refused a statement since the transaction is read-only. */
    boolean isReadOnly(Throwable fault) {
        return any(
                fault,
                cause -> cause instanceof SQLException sql && stateOf(sql).equals("25006"));
    }

    public boolean isConnectionLost(Throwable fault) {
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
            // a batch carries its reason as the next exception
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
