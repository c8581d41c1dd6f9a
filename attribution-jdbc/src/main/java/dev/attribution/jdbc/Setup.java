package dev.attribution.jdbc;

import dev.attribution.StorageException;
import dev.attribution.jdbc.ExpectedTable.Missing;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done once, when a store is built: recognizes the database, creates and validates the tables. */
final class Setup {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcAttributionStore.class);
    private static final Pattern STATEMENT = Pattern.compile("([^;]+);");
    private static final int RACES = 50;

    private final Connection connection;
    private final Dialect dialect;
    private final String script;
    private final List<ExpectedTable> tables;

    private Setup(Connection connection, Dialect dialect, Tables names) {
        this.connection = connection;
        this.dialect = dialect;
        this.script = names.rename(JdbcSchema.script(dialect.vendor()));
        this.tables = ExpectedTable.of(script);
    }

    static Dialect dialect(Jdbi jdbi) {
        try (Handle handle = jdbi.open()) {
            return Dialect.of(handle.getConnection());
        } catch (SQLException | JdbiException e) {
            throw new StorageException(
                    "Could not reach the database: see the cause, and check URL, user and password.",
                    true,
                    Faults.sqlOf(e));
        }
    }

    static void prepare(Jdbi jdbi, Dialect dialect, Tables names, SchemaMode mode) {
        try (Handle handle = jdbi.open()) {
            Setup setup = new Setup(handle.getConnection(), dialect, names);
            if (mode == SchemaMode.CREATE) {
                setup.create();
            }
            if (mode != SchemaMode.NONE) {
                setup.validate();
            }
            dialect.durabilityProblem(handle.getConnection()).ifPresent(LOG::warn);
        } catch (SQLException | JdbiException e) {
            throw new Faults(dialect).translate("prepare the tables", e, "Build the store again later.");
        }
    }

    /** Creates what is missing. Others may be doing the same: what they created first is no fault. */
    private void create() throws SQLException {
        for (int race = 1; isIncomplete(); race++) {
            try {
                runScript();
                LOG.info(
                        "Created the tables {}",
                        tables.stream().map(ExpectedTable::name).toList());
                return;
            } catch (SQLException e) {
                boolean lost = dialect.isThereAlready(e) || dialect.isTransient(e);
                if (!lost || race == RACES) {
                    throw e;
                }
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
                            + dialect.vendor() + "), or build the store with SchemaMode.CREATE; both create tables that"
                            + " are absent, and change none.",
                    false,
                    null);
        }
    }
}
