package dev.attribution.jdbc;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.TransactionMisuseException;
import dev.attribution.click.Click;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.jdbc.internal.JdbcReports;
import dev.attribution.jdbc.internal.JdbcRepositories;
import dev.attribution.jdbc.internal.ReplicaReports;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.schema.DetachedPartitions;
import dev.attribution.jdbc.internal.schema.Partitions;
import dev.attribution.jdbc.internal.schema.Preparation;
import dev.attribution.jdbc.internal.schema.PreparedDatabase;
import dev.attribution.jdbc.internal.schema.SchemaSetup;
import dev.attribution.jdbc.internal.transaction.Connections;
import dev.attribution.jdbc.internal.transaction.CreditHandlerCall;
import dev.attribution.jdbc.internal.transaction.CurrentTransaction;
import dev.attribution.jdbc.internal.transaction.DeferredInterrupt;
import dev.attribution.jdbc.internal.transaction.HikariPool;
import dev.attribution.jdbc.internal.transaction.JdbiFactory;
import dev.attribution.jdbc.internal.transaction.JoinedTransaction;
import dev.attribution.jdbc.internal.transaction.OwnTransactions;
import dev.attribution.jdbc.internal.transaction.SqlFaults;
import dev.attribution.jdbc.internal.transaction.Transactions;
import dev.attribution.offer.Offer;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.ErasureRepository;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.RetentionRepository;
import dev.attribution.spi.SettleQuery;
import dev.attribution.spi.SettleResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A store in a relational database: H2 2.3, PostgreSQL 13, MariaDB 10.6 or a later version of one of them.
 *
 * <p>Thread-safe. Each call is a unit of its own, in a transaction at READ COMMITTED; {@link #joining} takes part in a
 * transaction of the host's instead. A call that meets a conflict or a lost connection is rolled back and repeated. It throws
 * {@link StorageException} if it still fails ten seconds after its start. The waiting times of the database and the pool come
 * on top. For a lock these are {@code LOCK_TIMEOUT} on H2, {@code innodb_lock_wait_timeout} on MariaDB (50 seconds by
 * default) and {@code lock_timeout} on PostgreSQL (no limit by default). A repetition counts nothing twice. An interrupt is
 * deferred until a call is done.
 *
 * <p><b>Costs</b> without races. On PostgreSQL a click is one statement, which stores it only while its offer has not changed
 * since it was last read; 64 or more that are stored together, or imported, are copied over the connection of the driver,
 * unless the pool hides that. The first postback of a click is one statement, and so is a repeat of an approved one; any other
 * is one statement to look up and one to write, and so is a list of postbacks. On the other databases a click takes one
 * statement to compare the offer and one to write; a postback that wins takes one to look up and a transaction of two inserts;
 * a duplicate takes two to look up and one to write. A policy over a member takes one more to read. On MariaDB that transaction
 * is one statement for up to 15 postbacks, outside of host transactions, without a {@link CreditHandler}, and without a change
 * of a status. They insert lists in bulk, and halve a list in which a key is taken. With a {@link CreditHandler} the write is a
 * transaction on every database, with two more statements that check it. On PostgreSQL the number of conversions of a click does
 * not matter unless each event counts once; the other databases count them in an index.
 *
 * <p><b>Durability.</b> On PostgreSQL and MariaDB the settings of the server decide whether an acknowledged commit survives a
 * crash; the store logs a warning if they can lose one. An H2 file that is opened by its URL is set to {@code
 * WRITE_DELAY=0}: H2 writes a commit to the file before it acknowledges it, and the commit survives {@code kill -9} of the
 * process. This setting allows about a fifteenth of the single-row commits per second of H2's default, which acknowledges up
 * to half a second before it writes. Neither setting waits for the disk, and a power cut may lose commits. The store also sets
 * {@code OPTIMIZE_REUSE_RESULTS=0}, since H2 could otherwise answer a query with a result from before the last commit. It
 * opens the file as {@code jdbc:h2:async:…}, since a thread that is interrupted during a write would close a plain file for
 * everyone and lose data. H2 still closes the file, rarely, if an interrupt meets a thread that waits within H2 for another
 * thread's write, and may find it damaged when it is opened again: do not interrupt threads that write to an H2 file, or use a
 * server. Other connections of the process to the same file must use the same form.
 */
public final class JdbcAttributionStore implements AttributionStore, AutoCloseable {
    private static final int PING_SECONDS = 5;

    private final DataSource pool;
    private final Connections connections;
    private final boolean combining;
    private final boolean callsHandlers;
    private final Supplier<?> combiningKey;
    private final BooleanSupplier hostTransactions;
    private final @Nullable DataSource current;
    private final @Nullable Consumer<Runnable> hostCommits;
    private final @Nullable HikariPool ownPool;
    private final Preparation<Prepared> preparation;

    /** What the store knows of a database that was reached. */
    private record Prepared(
            PreparedDatabase database,
            SqlFaults faults,
            JdbiFactory jdbis,
            @Nullable CreditHandlerCall handlers,
            JdbcRepositories repositories,
            @Nullable ReportRepository replica) {}

    private JdbcAttributionStore(Builder builder, @Nullable HikariPool ownPool) {
        this.pool = builder.dataSource;
        this.combining = builder.combining;
        this.callsHandlers = !builder.onCredit.isEmpty() || !builder.onReversal.isEmpty();
        this.combiningKey = builder.combiningKey != null ? builder.combiningKey : () -> "";
        this.hostTransactions = builder.hostTransactions;
        this.current = builder.current;
        this.hostCommits = builder.hostCommits;
        this.connections = new Connections(builder.dataSource, builder.switchesAutoCommit);
        this.ownPool = ownPool;
        TableNames names = TableNames.of(builder.schemaName, builder.tablePrefix);
        SchemaMode schemaMode = builder.schemaMode;
        boolean locate = combining && builder.combiningKey == null;
        List<CreditHandler> onCredit = List.copyOf(builder.onCredit);
        List<CreditHandler> onReversal = List.copyOf(builder.onReversal);
        Connections replica =
                builder.replica == null ? null : new Connections(builder.replica, builder.switchesAutoCommit);
        this.preparation = new Preparation<>(() ->
                prepared(SchemaSetup.prepare(connections, names, schemaMode, locate), onCredit, onReversal, replica));
    }

    private Prepared prepared(
            PreparedDatabase database,
            List<CreditHandler> onCredit,
            List<CreditHandler> onReversal,
            @Nullable Connections replica) {
        Dialect dialect = database.dialect();
        SqlFaults faults = new SqlFaults(dialect);
        JdbiFactory jdbis = new JdbiFactory(dialect);
        CreditHandlerCall handlers = onCredit.isEmpty() && onReversal.isEmpty()
                ? null
                : new CreditHandlerCall(onCredit, onReversal, dialect);
        OwnTransactions own =
                new OwnTransactions(connections, faults, dialect, jdbis, handlers, this::requireNoHostTransaction);
        DetachedPartitions partitions =
                database.isPartitioned() ? new DetachedPartitions(connections, faults, database.tables()) : null;
        return new Prepared(
                database,
                faults,
                jdbis,
                handlers,
                new JdbcRepositories(own, faults, database, handlers, partitions, combining),
                replica == null ? null : replicaReports(replica, own, faults, jdbis, database));
    }

    private static ReportRepository replicaReports(
            Connections replica, OwnTransactions own, SqlFaults faults, JdbiFactory jdbis, PreparedDatabase database) {
        Dialect dialect = database.dialect();
        if (dialect.vendor() != Vendor.POSTGRESQL) {
            throw new AttributionException("reportsFrom(replica) needs PostgreSQL, which tells the lag of a replica."
                    + " Build the store without it.");
        }
        Transactions reading = new OwnTransactions(replica, faults, dialect, jdbis, null, () -> {});
        return new ReplicaReports(own.withoutRepeats(), reading, new JdbcReports(reading, database.tables(), dialect));
    }

    private Prepared prepared() {
        return preparation.get();
    }

    private AttributionStore joined(Prepared prepared, Transactions transactions) {
        return new JdbcRepositories(
                transactions, prepared.faults(), prepared.database(), prepared.handlers(), null, combining);
    }

    private JdbcRepositories repositories() {
        return prepared().repositories();
    }

    /**
     * Opens a store on a pool of its own, with the user and password of the URL if it has any. Creates absent tables.
     *
     * <p>A call waits at most 10 seconds for a connection, and at most 60 seconds for each answer of a PostgreSQL or MariaDB
     * server; {@code connectTimeout} and {@code socketTimeout} in the URL replace these limits.
     *
     * @param jdbcUrl such as {@code jdbc:h2:./attribution} or {@code jdbc:h2:mem:attribution}; a database in memory lasts
     *     until the store is closed
     * @return a new store; close it
     * @throws StorageException if the database cannot be opened, or lacks a part that cannot be created
     * @throws AttributionException if the driver or HikariCP is absent, or the database is not supported
     */
    public static JdbcAttributionStore open(String jdbcUrl) {
        return onOwnPool(Objects.requireNonNull(jdbcUrl, "jdbcUrl"), null, null);
    }

    /**
     * Opens a store on a pool of its own. Creates absent tables. See {@link #open(String)}.
     *
     * @param jdbcUrl such as {@code jdbc:h2:./attribution}
     * @param user the user of the database; for an H2 file an administrator
     * @param password the user's password
     * @return a new store; close it
     * @throws StorageException if the database cannot be opened, or lacks a part that cannot be created
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
            return DeferredInterrupt.during(() -> {
                HikariPool pool = HikariPool.open(url, user, password);
                try {
                    return new Builder(pool.dataSource()).build(pool);
                } catch (RuntimeException e) {
                    pool.close();
                    throw e;
                }
            });
        } catch (NoClassDefFoundError e) {
            String missing = String.valueOf(e.getMessage()).replace('/', '.');
            throw new AttributionException(
                    missing.startsWith("com.zaxxer.")
                            ? "Opening a store by its URL needs the dependency com.zaxxer:HikariCP. Add it, or pass a pool"
                                    + " of your own to builder(dataSource)."
                            : "Opening the store needs a class that is missing: " + missing
                                    + ". Add the dependency that has it.",
                    e);
        }
    }

    /**
     * Starts a store on the host's pool. The host closes it.
     *
     * @param dataSource a pool of connections with {@code autoCommit=true}, to the same database for every thread: if the pool
     *     chooses by the calling thread, such as by its tenant, see {@link Builder#combiningKey}; for H2 best with a URL such as
     *     {@code jdbc:h2:async:./file;WRITE_DELAY=0;OPTIMIZE_REUSE_RESULTS=0}, which {@link #open(String)} uses
     * @return a new builder
     */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /**
     * Returns this store inside a transaction of the host's. It commits nothing, closes nothing and repeats nothing: the
     * host's commit decides about its writes. A call that throws leaves nothing written, but a list of postbacks may leave a
     * part of itself: roll the transaction back. If the exception is transient, repeat the whole transaction.
     *
     * @param connection the connection of the transaction, to the same database, with {@code autoCommit=false}; one thread
     *     uses it at a time
     * @return a store to use until the transaction ends
     * @throws TransactionMisuseException if the connection commits each statement by itself
     * @throws StorageException if the connection is closed or lost
     */
    public AttributionStore joining(Connection connection) {
        Prepared prepared = prepared();
        try {
            JoinedTransaction.requireTransaction(connection);
        } catch (SQLException e) {
            throw prepared.faults().translate("join the transaction", e, "Begin another one and repeat everything.");
        }
        return joined(prepared, new JoinedTransaction(prepared.jdbis().on(connection), prepared.faults()));
    }

    /**
     * Returns whether a transaction of the application is running on the current thread that {@link #joining()} joins. Takes no
     * connection.
     *
     * @return what {@link Builder#hostTransactions(BooleanSupplier, DataSource)} says; false without it
     */
    @Override
    public boolean isInHostTransaction() {
        return current != null && hostTransactions.getAsBoolean();
    }

    /**
     * Returns this store inside of the application's transaction that is running on the current thread, found by {@link
     * Builder#hostTransactions(BooleanSupplier, DataSource)}. Each call takes the connection of the transaction and gives it
     * back. See {@link #joining(Connection)} for what a failed call leaves.
     *
     * @return a store to use on this thread until the transaction ends
     * @throws TransactionMisuseException if no transaction is running, before a connection is taken
     */
    @Override
    public AttributionStore joining() {
        DataSource source = current;
        if (source == null) {
            throw new TransactionMisuseException(
                    "The store was not told how to find the transaction of the application. Nothing"
                            + " was written. Build it with hostTransactions(isActive, dataSource), or use joining(connection).");
        }
        if (!hostTransactions.getAsBoolean()) {
            throw new TransactionMisuseException(
                    "No transaction of the application is running on this thread, so there is nothing"
                            + " to join. Nothing was written. Begin one, or use the store itself.");
        }
        Prepared prepared = prepared();
        return joined(
                prepared,
                new CurrentTransaction(hostTransactions, source, prepared.jdbis(), prepared.faults(), hostCommits));
    }

    /**
     * Asks the database whether it is there, with one short statement on a connection of the pool. Repeats nothing, and prepares
     * nothing: a store that was built {@linkplain Builder#lazily() lazily} creates no tables by it, and does not look for them.
     *
     * @throws StorageException if no connection is available, or the database does not answer within five seconds
     */
    @Override
    public void ping() {
        requireNoHostTransaction();
        DeferredInterrupt.run(() -> {
            try {
                Connection connection = connections.openConnection();
                try {
                    if (!connection.isValid(PING_SECONDS)) {
                        connections.discard(connection);
                        throw new StorageException(
                                "The database did not answer within " + PING_SECONDS + " seconds. Ask again later.",
                                true,
                                null);
                    }
                } finally {
                    Connections.quietly(() -> connections.closeConnection(connection));
                }
            } catch (SQLException e) {
                Prepared prepared = preparation.ifDone();
                throw prepared == null
                        ? new StorageException("Could not reach the database: see the cause. Ask again later.", true, e)
                        : prepared.faults().translate("reach the database", e, "Ask again later.");
            }
        });
    }

    /**
     * Returns whether the tables are prepared. Always true of a store that is not built {@linkplain Builder#lazily() lazily}; of
     * one that is, after its first use that succeeds.
     *
     * @return whether the tables are prepared
     */
    public boolean isPrepared() {
        return preparation.ifDone() != null;
    }

    /** {@return whether the store was built with a handler, by {@code onCredit(…)} or {@code onReversal(…)}} */
    public boolean callsHandlers() {
        return callsHandlers;
    }

    /** {@return whether the store finds transactions of the application to join, by {@code hostTransactions(…, dataSource)}} */
    public boolean joinsHostTransactions() {
        return current != null;
    }

    /**
     * Returns this store inside a transaction that the host began with JDBI. See {@link #joining(Connection)}.
     *
     * @param handle the handle of the transaction, on the same database, as in {@code jdbi.useTransaction(handle -> …)};
     *     one thread uses it at a time
     * @return a store to use until the transaction ends
     * @throws TransactionMisuseException if the handle is not in a transaction
     * @throws StorageException if its connection is closed or lost
     */
    public AttributionStore joining(Handle handle) {
        return joining(handle.getConnection());
    }

    /**
     * Does work inside a transaction of the host's, and gives its connection back whatever happens, also if there is no
     * transaction.
     *
     * <pre>{@code
     * DataSource current = new TransactionAwareDataSourceProxy(pool); // of Spring
     * store.joining(current, joined -> attribution.on(joined).postback(postback));
     * }</pre>
     *
     * @param current returns the connection of the running transaction, such as Spring's {@code
     *     TransactionAwareDataSourceProxy}; closing that connection does not end the transaction
     * @param work the work, which gets the store to use; see {@link #joining(Connection)}
     * @return what the work returns
     * @param <T> the type of the result
     * @throws TransactionMisuseException if no transaction is running: the connection commits each statement by itself
     * @throws StorageException if no connection is available
     */
    public <T extends @Nullable Object> T joining(DataSource current, Function<? super AttributionStore, T> work) {
        Connection connection;
        try {
            connection = current.getConnection();
        } catch (SQLException e) {
            throw prepared().faults().translate("join the transaction", e, "Begin another one and repeat everything.");
        }
        try {
            return work.apply(joining(connection));
        } finally {
            Connections.quietly(connection::close);
        }
    }

    private void requireNoHostTransaction() {
        if (hostTransactions.getAsBoolean()) {
            throw new NotJoinedException();
        }
    }

    /** {@inheritDoc} */
    @Override
    public Object combiningKey() {
        requireNoHostTransaction(); // here, before the caller waits for others
        return Objects.requireNonNull(combiningKey.get(), "the key that combiningKey(…) returns");
    }

    /**
     * Returns the pool of this store: its own, or the host's. For a store that was opened by its URL, it provides the
     * connections for {@link #joining} and for queries of the tables.
     *
     * @return the pool; do not close it, and close every connection taken from it
     */
    public DataSource dataSource() {
        return pool;
    }

    @Override
    public OfferRepository offers() {
        return repositories().offers();
    }

    @Override
    public ClickRepository clicks() {
        return repositories().clicks();
    }

    @Override
    public ConversionRepository conversions() {
        return repositories().conversions();
    }

    @Override
    public Optional<ReportRepository> reports() {
        return repositories().reports();
    }

    /** {@return the reports from the replica of {@link Builder#reportsFrom}, or {@link #reports()} without one} */
    @Override
    public Optional<ReportRepository> displayedReports() {
        ReportRepository replica = prepared().replica();
        return replica == null ? reports() : Optional.of(replica);
    }

    @Override
    public Optional<ErasureRepository> erasure() {
        return repositories().erasure();
    }

    @Override
    public Optional<RetentionRepository> retention() {
        return repositories().retention();
    }

    @Override
    public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
        return repositories().insertIfUnchanged(clicks);
    }

    @Override
    public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
        return repositories().lookUp(lookUps, defaultPolicy);
    }

    @Override
    public SettleResult settle(SettleQuery query, DuplicatePolicy defaultPolicy) {
        return repositories().settle(query, defaultPolicy);
    }

    /** {@return whether the tables are partitioned by the time of their ids; see {@link JdbcSchema#partitionedScript}} */
    @Override
    public boolean needsTimeInIds() {
        return prepared().database().isPartitioned();
    }

    /**
     * Creates the partitions of some months in tables that are partitioned. Partitions that exist stay as they are. Call it
     * ahead of time, such as once a day for the next three months: a click of a month without a partition is refused with a
     * {@link StorageException}. It locks the tables for a moment, and waits for transactions that use them.
     *
     * @param first the first month, in UTC
     * @param last the last month, in UTC
     * @throws AttributionException if the tables are not partitioned
     * @throws StorageException if the partitions cannot be created
     */
    public void createPartitions(YearMonth first, YearMonth last) {
        partitions().create(first, last);
    }

    /**
     * Returns until when the partitions suffice: the end of the partitions that follow each other from now on, in the table that
     * has the fewest of them. A health check warns when it is near.
     *
     * @return the first instant without a partition; it is not in the future if there is no partition of now
     * @throws AttributionException if the tables are not partitioned
     * @throws StorageException if the database cannot be read
     */
    public Instant partitionedUntil() {
        return partitions().until(Instant.now());
    }

    private Partitions partitions() {
        Prepared prepared = prepared();
        if (!prepared.database().isPartitioned()) {
            throw new AttributionException("The tables are not partitioned. Tables that JdbcSchema.partitionedScript(…)"
                    + " creates on PostgreSQL are.");
        }
        return new Partitions(
                connections, prepared.faults(), prepared.database().tables());
    }

    /** Closes the pool that this store opened. The host's pool stays open. Closing again does nothing. */
    @Override
    public void close() {
        HikariPool pool = ownPool;
        if (pool != null) {
            DeferredInterrupt.run(pool::close);
        }
    }

    /** Builds a {@link JdbcAttributionStore} on a host's pool. Not thread-safe. */
    public static final class Builder {
        private final DataSource dataSource;
        private SchemaMode schemaMode = SchemaMode.CREATE;
        private @Nullable String schemaName;
        private String tablePrefix = TableNames.DEFAULT_PREFIX;
        private final List<CreditHandler> onCredit = new ArrayList<>();
        private final List<CreditHandler> onReversal = new ArrayList<>();
        private @Nullable DataSource current;
        private @Nullable Consumer<Runnable> hostCommits;
        private @Nullable DataSource replica;
        private boolean lazily;
        private boolean switchesAutoCommit;
        private boolean combining = true;
        private @Nullable Supplier<?> combiningKey;
        private BooleanSupplier hostTransactions = () -> false;

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /**
         * Sets what the store does about its tables. The default is {@link SchemaMode#CREATE}.
         *
         * @param mode the mode
         * @return this builder
         */
        public Builder schemaMode(SchemaMode mode) {
            this.schemaMode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /**
         * Sets the schema of the tables, which must exist. The default is the schema in which a connection finds them when
         * the store is built, or in which it creates them; the store stays with it, whatever search path later connections
         * have. On MariaDB the default is the database of each connection.
         *
         * @param name the schema, which becomes part of SQL without quotes
         * @return this builder
         * @throws IllegalArgumentException if the name is not an identifier
         */
        public Builder schemaName(String name) {
            TableNames.of(Objects.requireNonNull(name, "name"), TableNames.DEFAULT_PREFIX);
            this.schemaName = name;
            return this;
        }

        /**
         * Sets the beginning of the names of the tables. The default is {@code attribution_}.
         *
         * @param prefix up to 30 letters, digits or {@code _}; may be empty
         * @return this builder
         * @throws IllegalArgumentException if the prefix cannot begin an identifier
         */
        public Builder tablePrefix(String prefix) {
            TableNames.of(null, Objects.requireNonNull(prefix, "prefix"));
            this.tablePrefix = prefix;
            return this;
        }

        /**
         * Adds work of the application in the transaction of each credit. Several handlers are called in the order in which they
         * were added; if one throws, those after it are not called, and the transaction is rolled back. The default is no such
         * work.
         *
         * @param handler called for each conversion that becomes {@code APPROVED}, also in a {@linkplain #joining joined}
         *     transaction
         * @return this builder
         */
        public Builder onCredit(CreditHandler handler) {
            this.onCredit.add(Objects.requireNonNull(handler, "handler"));
            return this;
        }

        /**
         * Adds work of the application in the transaction of each reversal. Several handlers are called in the order in which they
         * were added, as those of {@link #onCredit}. The default is no such work.
         *
         * @param handler called for each approved conversion that becomes {@code REVERSED}, also in a {@linkplain #joining
         *     joined} transaction
         * @return this builder
         */
        public Builder onReversal(CreditHandler handler) {
            this.onReversal.add(Objects.requireNonNull(handler, "handler"));
            return this;
        }

        /**
         * Accepts a pool whose connections have {@code autoCommit=false}. The store switches autoCommit on when it takes a
         * connection and off again before it returns it. By default such a pool is refused.
         *
         * <p>Use it for the pool itself, never for a proxy that hands out the connection of a running transaction: switching
         * autoCommit on would commit that transaction. A store that the host only {@linkplain JdbcAttributionStore#joining joins}
         * needs this when it is built.
         *
         * @return this builder
         */
        public Builder switchAutoCommitOn() {
            this.switchesAutoCommit = true;
            return this;
        }

        /**
         * Sets whether concurrent calls share a transaction, and with it the connection of one of their threads. The default
         * is true.
         *
         * <p>Switch it off if the pool chooses a connection by the calling thread, and that choice has no name for {@link
         * #combiningKey}. Then every call uses a connection of its own thread, and statements name a schema
         * only if {@link #schemaName} does.
         *
         * @param combining whether to combine calls
         * @return this builder
         */
        public Builder combining(boolean combining) {
            this.combining = combining;
            return this;
        }

        /**
         * Sets what a pool chooses the connection by, if it chooses by the calling thread: the database, the schema or a session
         * variable of the thread's tenant. Only calls of threads with equal keys share a transaction, and offers are remembered
         * for each key apart. Statements name a schema only if {@link #schemaName} does. By default all threads have one key.
         *
         * <pre>{@code
         * JdbcAttributionStore store = JdbcAttributionStore.builder(routing)
         *         .combiningKey(tenant::get) // the ThreadLocal by which the pool chooses
         *         .build();
         * }</pre>
         *
         * <p>The store prepares the tables of the thread that builds it; the other tenants' tables must exist. An executor of
         * asynchronous calls must hand the caller's tenant on to its threads: a call that arrives on a thread of another key
         * fails.
         *
         * @param key returns the key of the current thread, never {@code null}; called for every click and postback. Threads
         *     with equal keys get connections to the same place
         * @return this builder
         */
        public Builder combiningKey(Supplier<?> key) {
            this.combiningKey = Objects.requireNonNull(key, "key");
            return this;
        }

        /**
         * Sets how the store notices that it is called from within a transaction of the application that it does not join. It
         * then raises {@link NotJoinedException}, instead of waiting for a second connection. The default notices nothing.
         *
         * <pre>{@code
         * JdbcAttributionStore store = JdbcAttributionStore.builder(pool)
         *         .hostTransactions(TransactionSynchronizationManager::isActualTransactionActive) // of Spring
         *         .build();
         * }</pre>
         *
         * @param isActive returns whether the current thread is in a transaction of the application on this pool
         * @return this builder
         */
        public Builder hostTransactions(BooleanSupplier isActive) {
            this.hostTransactions = Objects.requireNonNull(isActive, "isActive");
            return this;
        }

        /**
         * Sets how the store finds the transaction of the application that is running on the current thread, for {@link
         * JdbcAttributionStore#joining()} and {@code Attribution.joining()}. As {@link #hostTransactions(BooleanSupplier)}, it
         * also refuses a call from within a transaction that does not join.
         *
         * <pre>{@code
         * JdbcAttributionStore store = JdbcAttributionStore.builder(pool)
         *         .hostTransactions( // of Spring
         *                 () -> TransactionSynchronizationManager.hasResource(pool)
         *                         && TransactionSynchronizationManager.isActualTransactionActive(),
         *                 new TransactionAwareDataSourceProxy(pool))
         *         .build();
         * }</pre>
         *
         * @param isActive returns whether the current thread is in a transaction of the application on this pool
         * @param current returns the connection of that transaction; closing it does not end the transaction
         * @return this builder
         */
        public Builder hostTransactions(BooleanSupplier isActive, DataSource current) {
            this.current = Objects.requireNonNull(current, "current");
            return hostTransactions(isActive);
        }

        /**
         * Sets how the store learns of the commit of the application's transaction that {@link #joining()} joins, so that a
         * listener can be told of what was written in it. By default it does not, and the listener is told nothing of it.
         *
         * <pre>{@code
         * JdbcAttributionStore store = JdbcAttributionStore.builder(pool)
         *         .hostTransactions(isActive, current)
         *         .hostCommits(action -> TransactionSynchronizationManager.registerSynchronization( // of Spring
         *                 new TransactionSynchronization() {
         *                     public void afterCompletion(int status) {
         *                         if (status == STATUS_COMMITTED) {
         *                             action.run();
         *                         }
         *                     }
         *                 }))
         *         .build();
         * }</pre>
         *
         * @param afterCommit gets an action, and runs it after the commit of the transaction that is running on the current
         *     thread, never after a rollback; the action throws nothing
         * @return this builder
         */
        public Builder hostCommits(Consumer<Runnable> afterCommit) {
            this.hostCommits = Objects.requireNonNull(afterCommit, "afterCommit");
            return this;
        }

        /**
         * Reads the reports that people see from a streaming replica of the same PostgreSQL database: {@code
         * attribution.reports()}, the files it writes, and the lists of a console. {@code attribution.reports().lag()} says by
         * how much they lag. Everything else uses the store's pool, and nothing is decided by what the replica shows:
         * postbacks, repairs, reconciliations and traces read what is stored. While the replica is away, only these reports
         * fail. The store does not reach it when it is built.
         *
         * @param replica a pool of connections to the replica, in which the tables have the same names
         * @return this builder; {@link #build()} refuses it for another database than PostgreSQL
         */
        public Builder reportsFrom(DataSource replica) {
            this.replica = Objects.requireNonNull(replica, "replica");
            return this;
        }

        /**
         * Builds the store without reaching the database, so that an application can start while its database is away. The first
         * use then does what {@link #build()} does, once. Until that succeeds, each use raises a {@link StorageException} whose
         * {@code isTransient()} is true, for whatever reason the database could not be prepared, and the next use tries
         * again. If the first use joins a transaction of the application, it takes a second connection.
         *
         * @return this builder
         */
        public Builder lazily() {
            this.lazily = true;
            return this;
        }

        /**
         * Builds the store, and prepares its tables according to the {@linkplain #schemaMode mode}. Logs a warning if the
         * database acknowledges commits before it writes them.
         *
         * @return a new store
         * @throws StorageException if the database cannot be reached, or if it lacks a part of the schema: the message names
         *     every part that is missing
         * @throws TransactionMisuseException if the connections of the pool have {@code autoCommit=false}
         * @throws AttributionException if the database is not supported
         */
        public JdbcAttributionStore build() {
            return DeferredInterrupt.during(() -> build(null));
        }

        private JdbcAttributionStore build(@Nullable HikariPool ownPool) {
            JdbcAttributionStore store = new JdbcAttributionStore(this, ownPool);
            if (!lazily) {
                store.preparation.now();
            }
            return store;
        }
    }
}
