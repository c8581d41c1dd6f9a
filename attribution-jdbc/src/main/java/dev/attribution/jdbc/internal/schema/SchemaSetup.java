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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prepares a database when a store is built: recognizes it, creates and validates the tables. */
public final class SchemaSetup {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaSetup.class);
    private static final Pattern STATEMENT = Pattern.compile("([^;]+);");
    private static final int MAX_ATTEMPTS = 30;
    private static final String SAMPLE = "é я 名 😀"; // of two, three and four bytes in UTF-8
    private static final String UNICODE =
            "Use a database and connections that hold all of Unicode: on PostgreSQL the encoding"
                    + " UTF8; on MariaDB the character set utf8mb4, which no SET NAMES or SET CHARACTER SET replaces.";

    private final Connection connection;
    private final Dialect dialect;
    private final String script;
    private final TableNames names;
    private final List<ExpectedTable> tables;
    private final Set<String> namedIndexes;

    private SchemaSetup(Connection connection, Dialect dialect, TableNames names) {
        this.connection = connection;
        this.dialect = dialect;
        this.names = names;
        this.script = names.rename(JdbcSchema.script(dialect.vendor()));
        this.tables = ExpectedTable.of(script);
        String byScope = names.conversionByMemberScope();
        this.namedIndexes = dialect.byIndex(byScope).isEmpty() ? Set.of() : Set.of(byScope.toLowerCase(Locale.ROOT));
    }

    /**
     * Prepares a database for a store.
     *
     * @param locate whether to find out the schema of the tables, if the names do not say it
     */
    public static PreparedDatabase prepare(Connections connections, TableNames names, SchemaMode mode, boolean locate) {
        try {
            Connection connection = connections.openConnection();
            try {
                Dialect dialect = Dialects.of(connection);
                return new SchemaSetup(connection, dialect, names).prepare(mode, locate);
            } finally {
                Connections.quietly(() -> connections.closeConnection(connection));
            }
        } catch (SQLException e) {
            throw new StorageException(
                    "Could not reach the database: see the cause, and check URL, user and password.",
                    SqlFaults.mayPassWhileOpening(e),
                    e);
        }
    }

    private PreparedDatabase prepare(SchemaMode mode, boolean locate) {
        try {
            dialect.requireUsable(connection);
            requireTexts();
            if (mode == SchemaMode.CREATE) {
                create();
            }
            if (mode != SchemaMode.NONE) {
                validate();
            }
            dialect.prepare(connection).ifPresent(LOG::warn);
            return new PreparedDatabase(
                    dialect, locate ? located() : names, dialect.isPartitioned(connection, names.click()));
        } catch (SQLException e) {
            throw new SqlFaults(dialect).translate("prepare the tables", e, "Build the store again later.");
        }
    }

    /** Refuses a connection or database that changes texts, since different members would become one. */
    private void requireTexts() throws SQLException {
        for (String sample : List.of(SAMPLE, "")) {
            String echo = echo(sample);
            if (!sample.equals(echo)) {
                throw new StorageException(
                        sample.isEmpty()
                                ? "The database takes an empty text for an absent one, as H2 does with MODE=Oracle, and cannot"
                                        + " store what this store needs. Use another mode."
                                : "The connection or the database changes texts: '" + sample + "' came back as '" + echo
                                        + "'. " + UNICODE,
                        false,
                        null);
            }
        }
    }

    private @Nullable String echo(String text) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(dialect.echoQuery())) {
            query.setString(1, text);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith("22")) {
                throw new StorageException(
                        "The connection or the database cannot hold the text '" + text + "'. " + UNICODE, false, e);
            }
            throw e;
        }
    }

    /** Returns the names with the schema in which the tables are now: a table that comes before them later changes nothing. */
    private TableNames located() throws SQLException {
        if (!names.home().isEmpty() || !dialect.hasSearchPath()) {
            return names;
        }
        Set<String> schemas = new TreeSet<>();
        for (String table : names.all()) {
            schemas.add(schemaOf(table));
        }
        schemas.remove("");
        if (schemas.size() > 1) {
            throw new StorageException(
                    "The tables are in several schemas, " + String.join(" and ", schemas)
                            + ". Move them into one, and name it with schemaName(…).",
                    false,
                    null);
        }
        String schema =
                schemas.isEmpty() ? connection.getSchema() : schemas.iterator().next();
        return schema == null ? names : names.in(schema);
    }

    private String schemaOf(String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet empty = statement.executeQuery("select * from " + table + " where 1 = 0")) {
            return dialect.schemaOf(connection, table, empty.getMetaData());
        } catch (SQLException e) {
            if (dialect.isMissing(e)) {
                return ""; // with SchemaMode.NONE the tables may come later
            }
            throw e;
        }
    }

    /** Creates what is missing. Others may do the same, and databases report that in many ways, also to one that only looks. */
    private void create() throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                if (!isIncomplete()) {
                    return;
                }
                runScript();
                LOG.info(
                        "Created the tables {}",
                        tables.stream().map(ExpectedTable::name).toList());
                return; // validate() reports what a table that existed before still lacks
            } catch (SQLException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw couldNotCreate(e);
                }
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(20_000_000));
            }
        }
    }

    private StorageException couldNotCreate(SQLException fault) throws SQLException {
        List<String> missing = missing();
        return new StorageException(
                "The database lacks " + (missing.isEmpty() ? "indexes" : String.join(", ", missing))
                        + ", which could not be created (error " + fault.getErrorCode() + ", SQLState "
                        + fault.getSQLState()
                        + "): see the cause. Let the user create tables, or run JdbcSchema.script(Vendor."
                        + dialect.vendor() + ") as another user. Tables that exist are not changed.",
                new SqlFaults(dialect).isTransient(fault),
                fault);
    }

    private List<String> missing() throws SQLException {
        List<String> missing = new ArrayList<>();
        for (ExpectedTable table : tables) {
            missing.addAll(table.missing(connection, dialect, namedIndexes).essential());
        }
        return missing;
    }

    private boolean isIncomplete() throws SQLException {
        for (ExpectedTable table : tables) {
            Missing missing = table.missing(connection, dialect, namedIndexes);
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
        List<String> missing = missing();
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
