package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import dev.attribution.StorageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The tables of the store, to be created by the store or by the host's own means. */
public final class CassandraSchema {
    // Data of one time are in few files, which a report of this time reads, and which are not merged again and again
    private static final String BY_TIME =
            " WITH compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'DAYS',"
                    + " 'compaction_window_size': '1'}";
    private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Pattern TABLE = Pattern.compile("EXISTS ((\\w+)\\.(\\w+)) \\(");
    private static final Pattern COLUMN = Pattern.compile("[(,] ?(\\w+) (?:text|uuid|tinyint|bigint|int|blob|frozen)");

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
        String create = "CREATE TABLE IF NOT EXISTS ";
        return List.of(
                create + names.of("setting") + " (name text, value text, PRIMARY KEY (name))",
                create + names.of("offer") + " (offer_id text, doc frozen<map<text, text>>, PRIMARY KEY (offer_id))",
                create + names.of("click")
                        + " (id uuid, kind tinyint, key text, touched uuid static, doc frozen<map<text, text>>, member text,"
                        + " revision int, attempt uuid, writer uuid, PRIMARY KEY (id, kind, key))" + BY_TIME,
                "CREATE INDEX IF NOT EXISTS " + index(names) + " ON " + names.of("click") + " (member) USING 'sai'",
                create + names.of("member")
                        + " (scope uuid, kind tinyint, conversion uuid, home uuid, attempt uuid, writer uuid,"
                        + " held uuid, doc frozen<map<text, text>>, PRIMARY KEY (scope, kind, conversion))",
                create + names.of("home") + " (id uuid, home uuid, PRIMARY KEY (id))" + BY_TIME,
                create + names.of("bucket") + " (list text, bucket bigint, PRIMARY KEY (list, bucket))"
                        + " WITH CLUSTERING ORDER BY (bucket DESC)",
                create + names.of("listed")
                        + " (list text, bucket bigint, shard int, at bigint, id blob, home uuid,"
                        + " PRIMARY KEY ((list, bucket, shard), at, id))" + BY_TIME
                        + " AND CLUSTERING ORDER BY (at DESC, id DESC)");
    }

    private static String index(CassandraTableNames names) {
        return names.prefix() + "click_member";
    }

    static void prepare(CqlSession session, CassandraTableNames names, CassandraSchemaMode mode) {
        KeyspaceMetadata keyspace = session.getMetadata()
                .getKeyspace(names.keyspace())
                .orElseThrow(() -> new StorageException(
                        "The keyspace " + names.keyspace()
                                + " does not exist. Create it with the replication that you need,"
                                + " such as: CREATE KEYSPACE " + names.keyspace() + " WITH replication = {'class':"
                                + " 'NetworkTopologyStrategy', 'replication_factor': 3}",
                        false,
                        null));
        if (mode == CassandraSchemaMode.NONE) {
            return;
        }
        List<String> missing = missing(keyspace, names);
        if (!missing.isEmpty() && mode == CassandraSchemaMode.CREATE) {
            create(session, names);
            missing = missing(afterCreation(session, keyspace, names), names);
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

    /** Creates all tables at the same time, since the driver waits about a second for each; then what is on them. */
    private static void create(CqlSession session, CassandraTableNames names) {
        List<CompletionStage<AsyncResultSet>> tables = statements(names).stream()
                .filter(CassandraSchema::isTable)
                .map(session::executeAsync)
                .toList();
        try {
            tables.forEach(stage -> stage.toCompletableFuture().join());
        } catch (CompletionException e) {
            throw e.getCause() instanceof DriverException fault ? fault : e;
        }
        statements(names).stream().filter(cql -> !isTable(cql)).forEach(session::execute);
    }

    /** The node that the driver asks may hear of what another one has created after the driver has seen the nodes agree. */
    private static KeyspaceMetadata afterCreation(
            CqlSession session, KeyspaceMetadata before, CassandraTableNames names) {
        long end = System.nanoTime() + MAX_WAIT_NANOS;
        while (true) {
            KeyspaceMetadata keyspace =
                    session.refreshSchema().getKeyspace(names.keyspace()).orElse(before);
            boolean isCreated = hasIndex(keyspace, names)
                    && columns(names).keySet().stream()
                            .allMatch(table -> keyspace.getTable(table).isPresent());
            if (isCreated
                    || System.nanoTime() - end > 0
                    || Thread.currentThread().isInterrupted()) {
                return keyspace;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static boolean isTable(String cql) {
        return cql.startsWith("CREATE TABLE");
    }

    private static List<String> missing(KeyspaceMetadata keyspace, CassandraTableNames names) {
        List<String> missing = new ArrayList<>();
        columns(names).forEach((table, columns) -> {
            Optional<TableMetadata> found = keyspace.getTable(table);
            if (found.isEmpty()) {
                missing.add("the table " + table);
            } else {
                columns.stream()
                        .filter(column -> found.get().getColumn(column).isEmpty())
                        .forEach(column -> missing.add("the column " + column + " of the table " + table));
            }
        });
        if (!hasIndex(keyspace, names)) {
            missing.add("the index " + index(names));
        }
        return missing;
    }

    private static boolean hasIndex(KeyspaceMetadata keyspace, CassandraTableNames names) {
        return keyspace.getTable(names.prefix() + "click")
                .flatMap(click -> click.getIndex(index(names)))
                .isPresent();
    }

    private static Map<String, List<String>> columns(CassandraTableNames names) {
        Map<String, List<String>> columns = new LinkedHashMap<>();
        for (String statement : statements(names)) {
            Matcher table = TABLE.matcher(statement);
            if (table.find()) {
                columns.put(
                        table.group(3),
                        COLUMN.matcher(statement.substring(table.end() - 1))
                                .results()
                                .map(column -> column.group(1))
                                .collect(Collectors.toList()));
            }
        }
        return columns;
    }
}
