package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import dev.attribution.StorageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The tables of the store, to be created by the store or by the host's own means. */
public final class CassandraSchema {
    // Data of one time are in few files, which a report of this time reads, and which are not merged again and again
    private static final String BY_TIME = "{'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'DAYS',"
            + " 'compaction_window_size': '1'}";
    private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final StoreTable CLICK = StoreTable.of(
                    "click",
                    List.of(
                            "id uuid",
                            "kind tinyint",
                            "key text",
                            "touched uuid static",
                            "doc frozen<map<text, text>>",
                            "member text",
                            "revision int",
                            "attempt uuid",
                            "writer uuid"),
                    List.of("id"),
                    "kind",
                    "key")
            .compactedBy(BY_TIME);

    private static final List<StoreTable> TABLES = List.of(
            StoreTable.of("setting", List.of("name text", "value text"), List.of("name")),
            StoreTable.of("offer", List.of("offer_id text", "doc frozen<map<text, text>>"), List.of("offer_id")),
            CLICK,
            StoreTable.of(
                    "member",
                    List.of(
                            "scope uuid",
                            "kind tinyint",
                            "conversion uuid",
                            "home uuid",
                            "attempt uuid",
                            "writer uuid",
                            "held uuid",
                            "doc frozen<map<text, text>>"),
                    List.of("scope"),
                    "kind",
                    "conversion"),
            StoreTable.of("home", List.of("id uuid", "home uuid"), List.of("id"))
                    .compactedBy(BY_TIME),
            StoreTable.of("bucket", List.of("list text", "bucket bigint"), List.of("list"), "bucket")
                    .descending(),
            StoreTable.of(
                            "listed",
                            List.of("list text", "bucket bigint", "shard int", "at bigint", "id blob", "home uuid"),
                            List.of("list", "bucket", "shard"),
                            "at",
                            "id")
                    .compactedBy(BY_TIME)
                    .descending());

    private CassandraSchema() {}

    /**
     * Returns the statements that create the tables, for hosts that create tables by their own means.
     *
     * @param keyspace the keyspace, which exists
     * @param tablePrefix the beginning of the name of every table
     * @return the statements in their order
     * @throws IllegalArgumentException if a name is not allowed
     */
    public static List<String> statements(String keyspace, String tablePrefix) {
        return statements(new CassandraTableNames(keyspace, tablePrefix));
    }

    static List<String> statements(CassandraTableNames names) {
        List<String> statements = new ArrayList<>();
        for (StoreTable table : TABLES) {
            statements.add(table.create(names));
            if (table.equals(CLICK)) {
                statements.add(createIndex(names));
            }
        }
        return List.copyOf(statements);
    }

    private static String createIndex(CassandraTableNames names) {
        return "CREATE INDEX IF NOT EXISTS " + index(names) + " ON " + names.of(CLICK.name()) + " (member) USING 'sai'";
    }

    private static String index(CassandraTableNames names) {
        return names.prefix() + "click_member";
    }

    static void prepare(CqlSession session, CassandraTableNames names, CassandraSchemaMode mode) {
        KeyspaceMetadata keyspace = keyspace(session, names);
        if (mode == CassandraSchemaMode.NONE) {
            return;
        }
        boolean mayCreate = mode == CassandraSchemaMode.CREATE;
        if (!differences(keyspace, names).isEmpty()
                || (!mayCreate && !missing(keyspace, names).isEmpty())) {
            // nothing is refused for what was changed a moment ago
            keyspace = names.keyspaceOf(session.refreshSchema()).orElse(keyspace);
        }
        requireUsable(keyspace, names);
        List<String> missing = missing(keyspace, names);
        if (!missing.isEmpty() && mayCreate) {
            create(session, names);
            KeyspaceMetadata created = afterCreation(session, keyspace, names);
            requireUsable(created, names);
            missing = missing(created, names);
        }
        if (!missing.isEmpty()) {
            throw new StorageException(
                    "The keyspace " + names.keyspace() + " lacks " + String.join(", ", missing)
                            + ". Create what is missing with the statements of CassandraSchema, or let the store do it with"
                            + " CassandraSchemaMode.CREATE.",
                    false,
                    null);
        }
    }

    private static KeyspaceMetadata keyspace(CqlSession session, CassandraTableNames names) {
        if (!session.isSchemaMetadataEnabled()) {
            throw new StorageException(
                    "The session does not read which tables exist: set its advanced.metadata.schema.enabled to true",
                    false,
                    null);
        }
        return names.keyspaceOf(session.getMetadata())
                .or(() -> names.keyspaceOf(session.refreshSchema())) // created a moment ago
                .orElseThrow(() -> new StorageException(
                        "The keyspace " + names.keyspace()
                                + (isStored(session, names)
                                        ? " is left out by the session: add it to its advanced.metadata.schema.refreshed-keyspaces"
                                        : " does not exist. Create it with the replication that you need, such as: CREATE KEYSPACE "
                                                + CqlIdentifier.fromInternal(names.keyspace())
                                                        .asCql(true)
                                                + " WITH replication = {'class': 'NetworkTopologyStrategy',"
                                                + " 'replication_factor': 3}"),
                        false,
                        null));
    }

    private static boolean isStored(CqlSession session, CassandraTableNames names) {
        return session.execute(SimpleStatement.newInstance(
                                "SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?",
                                names.keyspace()))
                        .one()
                != null;
    }

    private static List<String> differences(KeyspaceMetadata keyspace, CassandraTableNames names) {
        return TABLES.stream()
                .flatMap(table ->
                        table(keyspace, names, table).stream().flatMap(found -> table.differences(found).stream()))
                .toList();
    }

    /** What exists is never altered, so a table that differs is refused before anything is created. */
    private static void requireUsable(KeyspaceMetadata keyspace, CassandraTableNames names) {
        List<String> differences = differences(keyspace, names);
        if (!differences.isEmpty()) {
            throw new StorageException(
                    "The keyspace " + names.keyspace() + " has tables that the store cannot work with: "
                            + String.join("; ", differences)
                            + ". The store alters no table: alter them, or use another table prefix.",
                    false,
                    null);
        }
    }

    private static void create(CqlSession session, CassandraTableNames names) {
        Map<String, String> tables = new LinkedHashMap<>();
        TABLES.forEach(table -> tables.put(names.prefix() + table.name(), table.create(names)));
        SchemaCreation.create(session, names, tables, Map.of(index(names), createIndex(names)));
    }

    /** The node that the driver asks may hear of what another one has created after the driver has seen the nodes agree. */
    private static KeyspaceMetadata afterCreation(
            CqlSession session, KeyspaceMetadata before, CassandraTableNames names) {
        long end = System.nanoTime() + MAX_WAIT_NANOS;
        while (true) {
            KeyspaceMetadata keyspace =
                    names.keyspaceOf(session.refreshSchema()).orElse(before);
            boolean isCreated = missing(keyspace, names).isEmpty();
            if (isCreated
                    || System.nanoTime() - end > 0
                    || Thread.currentThread().isInterrupted()) {
                return keyspace;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static List<String> missing(KeyspaceMetadata keyspace, CassandraTableNames names) {
        List<String> missing = new ArrayList<>();
        for (StoreTable table : TABLES) {
            if (table(keyspace, names, table).isEmpty()) {
                missing.add("the table " + names.prefix() + table.name());
            }
        }
        if (table(keyspace, names, CLICK)
                .flatMap(click -> click.getIndex(CqlIdentifier.fromInternal(index(names))))
                .isEmpty()) {
            missing.add("the index " + index(names));
        }
        return missing;
    }

    private static Optional<TableMetadata> table(
            KeyspaceMetadata keyspace, CassandraTableNames names, StoreTable table) {
        return keyspace.getTable(CqlIdentifier.fromInternal(names.prefix() + table.name()));
    }
}
