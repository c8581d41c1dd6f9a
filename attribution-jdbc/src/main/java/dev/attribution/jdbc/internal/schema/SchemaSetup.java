package dev.attribution.jdbc.internal.schema;

import dev.attribution.StorageException;
import dev.attribution.jdbc.JdbcSchema;
import dev.attribution.jdbc.SchemaMode;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.dialect.Dialects;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.schema.ExpectedTable.Missing;
import dev.attribution.jdbc.internal.transaction.Connections;
import dev.attribution.jdbc.internal.transaction.SqlFaults;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prepares a database when a store is built: recognizes it, creates and validates the tables. */
public final class SchemaSetup {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaSetup.class);
    private static final Pattern STATEMENT = Pattern.compile("([^;]+);");
    private static final int MAX_ATTEMPTS = 30;

    private final Connection connection;
    private final Dialect dialect;
    private final String script;
    private final List<ExpectedTable> tables;

    private SchemaSetup(Connection connection, Dialect dialect, TableNames names) {
        this.connection = connection;
        this.dialect = dialect;
        this.script = names.rename(JdbcSchema.script(dialect.vendor()));
        this.tables = ExpectedTable.of(script);
    }

    /** Prepares a database for a store, and returns its dialect. */
    public static Dialect prepare(DataSource pool, TableNames names, SchemaMode mode) {
        try (Connection connection = new Connections(pool).openConnection()) {
            Dialect dialect = Dialects.of(connection);
            new SchemaSetup(connection, dialect, names).prepare(mode);
            return dialect;
        } catch (SQLException e) {
            throw new StorageException(
                    "Could not reach the database: see the cause, and check URL, user and password.",
                    SqlFaults.mayPassWhileOpening(e),
                    e);
        }
    }

    private void prepare(SchemaMode mode) {
        try {
            if (mode == SchemaMode.CREATE) {
                create();
            }
            if (mode != SchemaMode.NONE) {
                validate();
            }
            dialect.prepare(connection).ifPresent(LOG::warn);
        } catch (SQLException e) {
            throw new SqlFaults(dialect).translate("prepare the tables", e, "Build the store again later.");
        }
    }

    /** Creates what is missing. Other processes may do the same, and databases report that in many ways. */
    private void create() throws SQLException {
        for (int attempt = 1; isIncomplete(); attempt++) {
            try {
                runScript();
                LOG.info(
                        "Created the tables {}",
                        tables.stream().map(ExpectedTable::name).toList());
                return; // validate() reports what a table that existed before still lacks
            } catch (SQLException e) {
                if (attempt == MAX_ATTEMPTS) {
                    validate(); // says more if a table exists but differs
                    throw e;
                }
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(20_000_000));
            }
        }
    }

    private boolean isIncomplete() throws SQLException {
        for (ExpectedTable table : tables) {
            Missing missing = table.missing(connection, dialect);
            if (missing.indexes() || !missing.essential().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void runScript() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Matcher sql = STATEMENT.matcher(script.replaceAll("--.*", ""));
            while (sql.find()) {
                statement.execute(sql.group(1));
            }
        }
    }

    private void validate() throws SQLException {
        List<String> missing = new ArrayList<>();
        for (ExpectedTable table : tables) {
            missing.addAll(table.missing(connection, dialect).essential());
        }
        if (!missing.isEmpty()) {
            throw new StorageException(
                    "The database lacks " + String.join(", ", missing) + ". Run JdbcSchema.script(Vendor."
                            + dialect.vendor()
                            + "), or build the store with SchemaMode.CREATE; both create absent tables and"
                            + " change none.",
                    false,
                    null);
        }
    }
}
