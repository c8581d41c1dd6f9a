package dev.attribution.jdbc;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A store in a relational database: H2 2.3, PostgreSQL 12 or MariaDB 10.6, or later.
 *
 * <p>Thread-safe. Each call is a unit of its own, and each transaction that it begins is at READ COMMITTED; {@link #joining}
 * takes part in a transaction of the host's instead. A call that meets a conflict or a lost connection is rolled back and
 * repeated, until ten seconds have passed since it began, before it raises {@link StorageException}. What the database and
 * the pool wait by themselves comes on top: for a lock, {@code LOCK_TIMEOUT} on H2, 50 seconds on MariaDB and without end on PostgreSQL,
 * unless {@code innodb_lock_wait_timeout} or {@code lock_timeout} says otherwise; for a connection, as the pool is
 * configured. Nothing is counted twice by that. An interrupt is held back until a call is done.
 *
 * <p><b>What it costs</b> when nobody races. On PostgreSQL a click is one statement, which stores it only while its offer is
 * what it was when it was last read; a postback is one look-up and one statement to write, and a list of them costs as many.
 * Elsewhere a click takes one statement to read the offer and one to write; a postback that wins three to read and a
 * transaction of two inserts; a duplicate four to read and one to write. There, lists are inserted in bulk, by halves
 * where a key was taken. With a {@link CreditHandler}, the write is a transaction everywhere, with two statements more that
 * watch over it. A click with many conversions costs PostgreSQL no more than another, unless each event counts once; elsewhere
 * they are counted in an index.
 *
 * <p><b>What survives.</b> On PostgreSQL and MariaDB, what was answered survives as the server's settings say; a warning is
 * logged where they let a commit be lost. An H2 database in a file that is opened by its URL is set to
 * {@code WRITE_DELAY=0}: what was answered was written to the file before, and so survives {@code kill -9} of the process.
 * That costs: about a fifteenth of the single-row commits per second of H2's default, which answers up to half a second
 * before it writes and loses what it answered in that time. A power cut is another matter: H2 does not wait for the disk
 * while it writes, in either setting. H2 is also told not to reuse results, {@code OPTIMIZE_REUSE_RESULTS=0}: it could answer a
 * query with what it knew before the last commit. The file is opened as {@code jdbc:h2:async:…}, since a thread that is interrupted
 * while it writes would close a plain one for everyone, and with loss; other connections of the same process to the same
 * file must name it that way, too.
 */
public final class JdbcAttributionStore implements AttributionStore, AutoCloseable {
    private final DataSource pool;
    private final Dialect dialect;
    private final SqlFaults faults;
    private final TableNames tables;
    private final JdbiFactory jdbis;
    private final @Nullable CreditHandlerCall crediting;
    private final @Nullable HikariPool ownPool;
    private final JdbcRepositories repositories;

    private JdbcAttributionStore(
            DataSource pool,
            Dialect dialect,
            TableNames tables,
            @Nullable CreditHandler onCredit,
            @Nullable HikariPool ownPool) {
        this.pool = pool;
        this.dialect = dialect;
        this.faults = new SqlFaults(dialect);
        this.tables = tables;
        this.jdbis = new JdbiFactory(dialect);
        this.ownPool = ownPool;
        this.crediting = onCredit == null ? null : new CreditHandlerCall(onCredit, dialect);
        this.repositories = repositories(new OwnTransactions(pool, faults, dialect, jdbis));
    }

    /**
     * Opens a store on a pool of its own, as the user that the URL names, if it names one. Creates the tables that are
     * absent.
     *
     * @param jdbcUrl such as {@code jdbc:h2:./attribution} or {@code jdbc:h2:mem:attribution}; a database in memory lasts
     *     as long as the store is open
     * @return a new store; close it
     * @throws StorageException if the database cannot be opened, or lacks something that cannot be created
     * @throws AttributionException if the driver or HikariCP is absent, or the database is not supported
     */
    public static JdbcAttributionStore open(String jdbcUrl) {
        return onOwnPool(Objects.requireNonNull(jdbcUrl, "jdbcUrl"), null, null);
    }

    /**
     * Opens a store on a pool of its own. Creates the tables that are absent.
     *
     * @param jdbcUrl such as {@code jdbc:h2:./attribution}
     * @param user the database's user; for an H2 file one with the rights of an administrator
     * @param password the user's password
     * @return a new store; close it
     * @throws StorageException if the database cannot be opened, or lacks something that cannot be created
     * @throws AttributionException if the driver or HikariCP is absent, or the database is not supported
     */
    public static JdbcAttributionStore open(String jdbcUrl, String user, String password) {
        return onOwnPool(
                Objects.requireNonNull(jdbcUrl, "jdbcUrl"),
                Objects.requireNonNull(user, "user"),
                Objects.requireNonNull(password, "password"));
    }

    private static JdbcAttributionStore onOwnPool(String url, @Nullable String user, @Nullable String password) {
        try {
            return DeferredInterrupt.during(interrupt -> {
                HikariPool pool = HikariPool.open(url, user, password);
                try {
                    return new Builder(pool.dataSource()).build(pool);
                } catch (RuntimeException e) {
                    pool.close();
                    throw e;
                }
            });
        } catch (NoClassDefFoundError e) {
            throw new AttributionException(
                    "Opening a store by its URL needs the dependency com.zaxxer:HikariCP. Add it, or pass a pool of your"
                            + " own to builder(dataSource).",
                    e);
        }
    }

    /**
     * Starts a store on the host's pool. The host closes it.
     *
     * @param dataSource hands out connections with {@code autoCommit=true}; with H2, best under a URL such as
     *     {@code jdbc:h2:async:./file;WRITE_DELAY=0;OPTIMIZE_REUSE_RESULTS=0}, as {@link #open(String)} would have it
     * @return a new builder
     */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /**
     * Returns this store inside a transaction of the host's. It commits nothing, closes nothing and repeats nothing: what
     * it writes lives or dies with the host's commit. Of a call that throws nothing is left
     * behind; of a list of postbacks a part may be, so roll the transaction back. Where the exception is transient, repeat
     * everything in it.
     *
     * @param connection the connection of the transaction, to the same database, with {@code autoCommit=false}; used by one
     *     thread at a time
     * @return a store to use until the transaction ends
     * @throws AttributionException if the connection commits each statement by itself
     * @throws StorageException if the connection is closed or lost
     */
    public AttributionStore joining(Connection connection) {
        try {
            if (connection.getAutoCommit()) {
                throw new AttributionException(
                        "The connection has autoCommit=true, so that there is no transaction to"
                                + " join. Begin one with connection.setAutoCommit(false) or handle.begin(), or use the store itself.");
            }
        } catch (SQLException e) {
            throw faults.translate("join the transaction", e, "Begin another one and repeat everything.");
        }
        return repositories(new JoinedTransaction(jdbis.on(connection), faults));
    }

    /**
     * Returns this store inside a transaction of the host's that JDBI began. As {@link #joining(Connection)}.
     *
     * @param handle the handle of the transaction, on the same database, as in {@code jdbi.useTransaction(handle -> …)};
     *     used by one thread at a time
     * @return a store to use until the transaction ends
     * @throws AttributionException if the handle is in no transaction
     * @throws StorageException if its connection is closed or lost
     */
    public AttributionStore joining(Handle handle) {
        return joining(handle.getConnection());
    }

    private JdbcRepositories repositories(Transactions transactions) {
        return new JdbcRepositories(transactions, faults, tables, dialect, crediting);
    }

    /**
     * Returns the pool that this store works on: its own, or the host's. The way to a connection for {@link #joining}, and to
     * the tables, where the store was opened by its URL.
     *
     * @return the pool; closing it, or leaving a connection of it open, is no good to the store
     */
    public DataSource dataSource() {
        return pool;
    }

    @Override
    public OfferRepository offers() {
        return repositories.offers();
    }

    @Override
    public ClickRepository clicks() {
        return repositories.clicks();
    }

    @Override
    public ConversionRepository conversions() {
        return repositories.conversions();
    }

    @Override
    public Optional<ReportRepository> reports() {
        return repositories.reports();
    }

    @Override
    public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
        return repositories.insertIfUnchanged(clicks);
    }

    @Override
    public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
        return repositories.lookUp(lookUps, defaultPolicy);
    }

    /** Closes the pool that this store opened. A pool of the host's stays open. Closing again does nothing. */
    @Override
    public void close() {
        HikariPool pool = ownPool;
        if (pool != null) {
            DeferredInterrupt.during(interrupt -> {
                pool.close();
                return pool;
            });
        }
    }

    /** Builds a {@link JdbcAttributionStore} on a host's pool. Not thread-safe. */
    public static final class Builder {
        private final DataSource dataSource;
        private SchemaMode schemaMode = SchemaMode.CREATE;
        private @Nullable String schemaName;
        private String tablePrefix = TableNames.DEFAULT_PREFIX;
        private @Nullable CreditHandler onCredit;

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /**
         * Sets what to do about the tables. The default is {@link SchemaMode#CREATE}.
         *
         * @param mode the mode
         * @return this builder
         */
        public Builder schemaMode(SchemaMode mode) {
            this.schemaMode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /**
         * Sets the schema of the tables, which must exist. The default is the connection's own.
         *
         * @param name the schema; it becomes part of SQL unquoted
         * @return this builder; {@link #build()} refuses a name that is no identifier
         */
        public Builder schemaName(String name) {
            this.schemaName = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets what the names of the tables begin with. The default is {@code attribution_}.
         *
         * @param prefix up to 30 letters, digits or {@code _}; perhaps none
         * @return this builder; {@link #build()} refuses a prefix that cannot begin an identifier
         */
        public Builder tablePrefix(String prefix) {
            this.tablePrefix = Objects.requireNonNull(prefix, "prefix");
            return this;
        }

        /**
         * Sets what the application does in the transaction of each credit. The default is nothing.
         *
         * @param handler called for each conversion that is stored, here or in a {@linkplain #joining joined} transaction
         * @return this builder
         */
        public Builder onCredit(CreditHandler handler) {
            this.onCredit = Objects.requireNonNull(handler, "handler");
            return this;
        }

        /**
         * Builds the store, and prepares its tables as the {@linkplain #schemaMode mode} says. Logs a warning where the
         * database answers commits before it writes them.
         *
         * @return a new store
         * @throws IllegalArgumentException if the schema's name or the prefix is not allowed
         * @throws StorageException if the database cannot be reached, if its connections have {@code autoCommit=false}, or
         *     if something is missing in it: the message names everything that is
         * @throws AttributionException if the database is not supported
         */
        public JdbcAttributionStore build() {
            return DeferredInterrupt.during(interrupt -> build(null));
        }

        private JdbcAttributionStore build(@Nullable HikariPool ownPool) {
            TableNames tables = new TableNames(schemaName, tablePrefix);
            Dialect dialect = SchemaSetup.prepare(dataSource, tables, schemaMode);
            return new JdbcAttributionStore(dataSource, dialect, tables, onCredit, ownPool);
        }
    }
}
